"""Secrets and ConfigMaps of the Kubernetes API: single keys, read fresh and watched, nothing else."""

from __future__ import annotations

import base64
import json
import threading
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from reloaders.placeholders import Reference, Unresolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reloaders.logs import Logger

CONNECT_SECONDS = 5
READ_SECONDS = 10
WATCH_SECONDS = 240  # a watch ends by itself after that and starts anew
LONGEST_PAUSE = 30.0


class Object(NamedTuple):
    """A Secret or ConfigMap by name; kind is `secret` or `configmap`."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}"


class Fetched(NamedTuple):
    """What the API gave for an object: its version and its decoded values, or why there are none."""

    version: str
    values: dict[str, bytes]
    fault: str = ""


def connect(kubeconfig: str, *, verify: bool = True) -> Any:  # noqa: ANN401 - the client ships no types
    """An API client: from a kubeconfig file, or with the service account of the pod. Raises `Unresolved`."""
    from kubernetes import client, config

    settings = client.Configuration()
    try:
        if kubeconfig:
            config.load_kube_config(kubeconfig, client_configuration=settings)
        else:
            config.load_incluster_config(client_configuration=settings)
    except (config.ConfigException, OSError) as error:
        raise Unresolved([f"no access to the Kubernetes API: {error}"]) from None
    settings.retries = False
    settings.verify_ssl = verify
    return client.CoreV1Api(client.ApiClient(settings))


def answers(api: Any) -> bool:  # noqa: ANN401 - as above
    """Whether the API can be reached: any answer at all shows it, also one that forbids."""
    from kubernetes import client

    try:
        limits = (CONNECT_SECONDS, READ_SECONDS)
        client.VersionApi(api.api_client).get_code(_preload_content=False, _request_timeout=limits)
    except Exception as error:  # noqa: BLE001 - the client raises what its HTTP library raises
        return bool(getattr(error, "status", None))
    return True


class Cluster:
    """Reads objects by name and tells when one that is watched changed."""

    def __init__(self, api: Any, tell: Callable[[], None], log: Logger) -> None:  # noqa: ANN401 - as in connect()
        self._api = api
        self._tell = tell
        self._log = log
        self._seen: dict[Object, str] = {}
        self._watched: frozenset[Object] = frozenset()
        self._threads: dict[Object, threading.Thread] = {}

    def fetch(self, wanted: Object) -> Fetched:
        """The object as it is now."""
        read = {"secret": self._api.read_namespaced_secret, "configmap": self._api.read_namespaced_config_map}
        try:
            answer = read[wanted.kind](
                wanted.name,
                wanted.namespace,
                _preload_content=False,
                _request_timeout=(CONNECT_SECONDS, READ_SECONDS),
            )
            fetched = decoded(json.loads(answer.data), wanted.kind)
        except Exception as error:  # noqa: BLE001 - the client raises what its HTTP library raises
            fetched = Fetched("", {}, reason_of(error))
        self._seen[wanted] = fetched.version
        return fetched

    def watch(self, objects: Iterable[Object]) -> None:
        """Watch these objects from now on, and no others."""
        self._watched = frozenset(objects)
        for wanted in self._watched:
            thread = self._threads.get(wanted)
            if thread is None or not thread.is_alive():
                thread = threading.Thread(target=self._follow, args=(wanted,), name=f"watch {wanted}", daemon=True)
                self._threads[wanted] = thread
                thread.start()

    def _follow(self, wanted: Object) -> None:
        pause, told = 1.0, ""
        while wanted in self._watched:
            try:
                self._follow_once(wanted)
                pause, told = 1.0, ""
            except Exception as error:  # noqa: BLE001 - as in fetch(); the poll goes on meanwhile
                if reason_of(error) != told:
                    told = reason_of(error)
                    self._log.warning("Cannot be watched now, is read at every poll", object=str(wanted), reason=told)
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _follow_once(self, wanted: Object) -> None:
        """Tell each change until the API ends the watch; its first events are the object as it is."""
        watch = {"secret": self._api.list_namespaced_secret, "configmap": self._api.list_namespaced_config_map}
        answer = watch[wanted.kind](
            wanted.namespace,
            field_selector=f"metadata.name={wanted.name}",
            watch=True,
            timeout_seconds=WATCH_SECONDS,
            _preload_content=False,
            _request_timeout=(CONNECT_SECONDS, WATCH_SECONDS + READ_SECONDS),
        )
        try:
            for line in answer:
                event = json.loads(line)
                if event["type"] == "ERROR" or wanted not in self._watched:
                    return
                self._heed(wanted, event)
        finally:
            answer.close()

    def _heed(self, wanted: Object, event: dict[str, Any]) -> None:
        version = "" if event["type"] == "DELETED" else event["object"]["metadata"]["resourceVersion"]
        if event["type"] != "BOOKMARK" and version != self._seen.get(wanted):
            self._seen[wanted] = version
            self._tell()


def value(fetched: Fetched, reference: Reference) -> bytes:
    """The key of an object that a reference names; raises `Unresolved`."""
    if fetched.fault:
        raise Unresolved([f"{reference.kind} {reference.namespace}/{reference.name}: {fetched.fault}"])
    if reference.key not in fetched.values:
        raise Unresolved([f"{reference.kind} {reference.namespace}/{reference.name}: no key {reference.key}"])
    return fetched.values[reference.key]


def decoded(raw: dict[str, Any], kind: str) -> Fetched:
    """Version and values of an object as the API gives it in JSON; kind is `secret` or `configmap`."""
    encoded = (raw.get("data") or {}) if kind == "secret" else (raw.get("binaryData") or {})
    values = {key: base64.b64decode(text) for key, text in encoded.items()}
    if kind == "configmap":
        values |= {key: text.encode() for key, text in (raw.get("data") or {}).items()}
    return Fetched(raw["metadata"]["resourceVersion"], values)


def reason_of(error: Exception) -> str:
    """Why the API gave nothing, without the answer's body."""
    status = getattr(error, "status", None)
    if status == HTTPStatus.NOT_FOUND:
        return "not found"
    if status == HTTPStatus.FORBIDDEN:
        return "forbidden: the service account may not read it"
    if status:
        return f"the Kubernetes API answered {status} {getattr(error, 'reason', '')}".rstrip()
    return f"the Kubernetes API cannot be reached ({type(error).__name__})"
