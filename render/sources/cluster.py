"""A running cluster as a source: what its API server lists, page by page.

The only verb that is needed is `list` (and `get` of the Namespaces that are named). The official client brings the
credentials and the connection; its models are left out: an object goes on as the API server wrote it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec

from render.api import ALL
from render.findings import Finding, Severity
from render.sources.document import Document, Origin
from render.sources.unusable import UnusableSourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PAGE = 250
"""Objects that one call asks for. Pages bound the memory: an object may be 1 MiB."""

CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
OK, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, EXPIRED = 200, 401, 403, 404, 410


class Listed(NamedTuple):
    """A kind that can be listed: where it is, and what its absence means for the result."""

    kind: str
    version: str
    plural: str
    meaning: str
    selector: str = ""

    @property
    def monitoring(self) -> bool:
        """Whether it is of the monitoring API."""
        return self.version.startswith("monitoring.")


# Releases of Helm are Secrets, too, large ones that nobody refers to.
_CORE = (
    Listed("Namespace", "v1", "namespaces", "namespace selectors that look at labels find none"),
    Listed("Secret", "v1", "secrets", "every reference to a Secret is an error", "type!=helm.sh/release.v1"),
    Listed("ConfigMap", "v1", "configmaps", "every reference to a ConfigMap is an error"),
)
# One version of each kind is enough, the first: the API server converts.
_SERVED = {kind.kind: kind for kind in reversed(ALL)}
KINDS = (
    *_CORE,
    *(
        Listed(kind.kind, kind.api_version, kind.plural, f"the result lacks every {kind.kind}")
        for kind in sorted(_SERVED.values())
    ),
)
"""Everything that rendering reads, by default, in this order."""
SCRAPED = (
    Listed("Service", "v1", "services", "no ServiceMonitor is compared with Services"),
    *(
        Listed(kind, version, plural, f"no PodMonitor is compared with the Pods of a {kind}")
        for kind, version, plural in (
            ("Deployment", "apps/v1", "deployments"),
            ("StatefulSet", "apps/v1", "statefulsets"),
            ("DaemonSet", "apps/v1", "daemonsets"),
            ("CronJob", "batch/v1", "cronjobs"),
            ("Pod", "v1", "pods"),
        )
    ),
)
"""What validation reads besides: what monitors select. Pods come last: some have other makers than these."""


@dataclass(slots=True)
class Cluster:
    """What to read of a cluster. `namespaces`: none for all. `kinds`: those of `listed`, none for all.

    After `documents` has ended, `findings` holds notices about it.
    """

    kubeconfig: str = ""
    context: str = ""
    namespaces: Sequence[str] = ()
    kinds: frozenset[str] = frozenset()
    listed: Sequence[Listed] = KINDS
    findings: list[Finding] = field(default_factory=list)
    calls: int = 0

    def documents(self) -> Iterator[Document]:
        """Every object, a page at a time; nothing but a page is kept.

        :raises UnusableSourceError: there is no access, something may not be read, or the cluster went away
        """
        client = connect(self.kubeconfig, self.context)
        origin = Origin(f"cluster {self.context}".rstrip(), 0, 0)
        refused: list[tuple[Listed, str]] = []
        absent: list[Listed] = []
        read = 0
        for listed in (listed for listed in self.listed if not self.kinds or listed.kind in self.kinds):
            for namespace in self.namespaces or [""]:
                for status, items in self._pages(_lister(client, listed, namespace), listed):
                    if status == FORBIDDEN:
                        refused.append((listed, namespace))
                    elif status == NOT_FOUND and listed.monitoring:
                        absent.append(listed)
                    read += len(items)
                    yield from (Document(_object(item, listed), origin) for item in items)
        self._conclude(refused, absent, read)

    def _pages(self, ask: Callable[..., Any], listed: Listed) -> Iterator[tuple[int, list[Any]]]:
        """Status and objects of each page; a Namespace that is asked for by name is a page of its own."""
        query: dict[str, Any] = {}
        if not (listed.kind == "Namespace" and self.namespaces):
            query = {"limit": PAGE, **({"field_selector": listed.selector} if listed.selector else {})}
        while True:
            self.calls += 1
            status, answer = _answer(ask, query, listed)
            yield status, answer["items"] if "items" in answer else [answer] * (status == OK)
            token = (answer.get("metadata") or {}).get("continue")
            if not token:
                return
            query["_continue"] = token

    def _conclude(self, refused: Sequence[tuple[Listed, str]], absent: Sequence[Listed], read: int) -> None:
        if refused:
            raise UnusableSourceError(_refusal(refused), "allow to list them, or leave kinds out with --cluster-kind")
        wanted = [listed for listed in KINDS if listed.monitoring and (not self.kinds or listed.kind in self.kinds)]
        if wanted and set(wanted) <= set(absent):
            raise UnusableSourceError(
                "the cluster does not know the monitoring API",
                "install its definitions (promrender crds), or name the kinds to read with --cluster-kind",
            )
        for listed in dict.fromkeys(absent):
            self._note("cluster-kind-absent", f"the cluster does not know {listed.kind}: {listed.meaning}")
        self._note("cluster-read", f"{read} objects of the cluster were read in {self.calls} calls")

    def _note(self, code: str, message: str) -> None:
        self.findings.append(Finding(Severity.INFO, code, message))


def _refusal(refused: Sequence[tuple[Listed, str]]) -> str:
    """Every kind that may not be read, where, and what that means."""
    places: dict[Listed, list[str]] = {}
    for listed, namespace in refused:
        places.setdefault(listed, []).append(namespace)
    lines = [
        f"  {listed.kind} in {', '.join(filter(None, namespaces)) or 'all namespaces'}: {listed.meaning}"
        for listed, namespaces in places.items()
    ]
    return "\n".join(["the cluster does not let this user read", *lines]) + "\n"


def _object(item: dict[str, Any], listed: Listed) -> dict[str, Any]:
    """An entry of a list as an object of its own, without what the cluster keeps for itself."""
    item.pop("status", None)
    (item.get("metadata") or {}).pop("managedFields", None)
    return {"apiVersion": listed.version, "kind": listed.kind} | item


def connect(kubeconfig: str, context: str) -> Any:  # noqa: ANN401 - the client ships no types
    """A client with the credentials of a kubeconfig file, or of the pod where there is none.

    :raises UnusableSourceError: there is no access, or the client is not installed
    """
    try:
        from kubernetes import client, config
    except ModuleNotFoundError:
        raise UnusableSourceError("--from-cluster needs more", "install promrender[render,cluster]") from None
    settings = client.Configuration()
    in_pod = not (kubeconfig or context) and not _default_kubeconfig() and "KUBERNETES_SERVICE_HOST" in os.environ
    try:
        if in_pod:
            config.load_incluster_config(client_configuration=settings)
        else:
            config.load_kube_config(kubeconfig or None, context or None, client_configuration=settings)
    except config.ConfigException as error:
        raise UnusableSourceError(f"no access to the cluster: {error}", "correct --kubeconfig or --context") from None
    except Exception as error:  # noqa: BLE001 - its text may quote the file, which holds credentials
        message = f"the kubeconfig file cannot be read: {type(error).__name__}"
        raise UnusableSourceError(message, "correct --kubeconfig") from None
    settings.retries = False
    return client.ApiClient(settings)


def _default_kubeconfig() -> bool:
    return bool(os.environ.get("KUBECONFIG")) or Path("~/.kube/config").expanduser().exists()


_PYTHONIC = {"Secret": "secret", "ConfigMap": "config_map", "Service": "service", "Pod": "pod"}
"""The kinds of the core as the client's functions name them."""


def _lister(client: Any, listed: Listed, namespace: str) -> Callable[..., Any]:  # noqa: ANN401 - as above
    """The client's function that lists a kind, in one namespace or in all (empty)."""
    from kubernetes.client import CoreV1Api, CustomObjectsApi

    if "/" in listed.version:
        custom, (group, version) = CustomObjectsApi(client), listed.version.split("/")
        if namespace:
            return partial(custom.list_namespaced_custom_object, group, version, namespace, listed.plural)
        return partial(custom.list_cluster_custom_object, group, version, listed.plural)
    core = CoreV1Api(client)
    if listed.kind == "Namespace":
        return partial(core.read_namespace, namespace) if namespace else core.list_namespace
    if namespace:
        return partial(getattr(core, f"list_namespaced_{_PYTHONIC[listed.kind]}"), namespace)
    return cast("Callable[..., Any]", getattr(core, f"list_{_PYTHONIC[listed.kind]}_for_all_namespaces"))


def _answer(ask: Callable[..., Any], query: dict[str, Any], listed: Listed) -> tuple[int, dict[str, Any]]:
    """Status and body of an answer.

    :raises UnusableSourceError: there is none, or one that no caller knows what to do with
    """
    from kubernetes.client import ApiException

    try:
        answer = ask(**query, _preload_content=False, _request_timeout=(CONNECT_SECONDS, READ_SECONDS))
        status, body = answer.status, answer.data
    except ApiException as error:
        status, body = error.status or 0, error.body
    except Exception as error:  # noqa: BLE001 - the client raises what its HTTP library raises
        raise _lost(listed, f"it does not answer ({type(error).__name__})") from None
    if status == OK:
        return status, _decoded(body, listed)
    if status == EXPIRED:
        return status, {"metadata": _decoded(body, listed).get("metadata"), "items": []}
    if status in (FORBIDDEN, NOT_FOUND):
        return status, {"items": []}
    raise _lost(listed, "it refuses the credentials" if status == UNAUTHORIZED else f"it answers with status {status}")


def _decoded(body: Any, listed: Listed) -> dict[str, Any]:  # noqa: ANN401 - text or bytes
    try:
        decoded = msgspec.json.decode(body)
    except (msgspec.DecodeError, TypeError):
        decoded = None
    if not isinstance(decoded, dict):
        raise _lost(listed, "its answer is cut off or no JSON")
    return decoded


def _lost(listed: Listed, why: str) -> UnusableSourceError:
    message = f"the cluster cannot be read, at {listed.plural}: {why}"
    return UnusableSourceError(message, "see that it can be reached, and try again")
