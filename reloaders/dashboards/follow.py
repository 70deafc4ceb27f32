"""Follows the objects of one kind in one namespace: lists, then watches, and lists again when it lost its place."""

from __future__ import annotations

import json
import threading
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from reloaders.cluster import CONNECT_SECONDS, READ_SECONDS, Object, decoded, reason_of
from reloaders.dashboards.settings import ALL
from reloaders.dashboards.tree import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reloaders.dashboards.metrics import Metrics
    from reloaders.dashboards.settings import Settings
    from reloaders.dashboards.tree import Tree
    from reloaders.logs import Logger

_PAGE = 20  # objects of a list that are in memory at once
_LIMITS = (CONNECT_SECONDS, READ_SECONDS)


class Gone(Exception):  # noqa: N818 - a verdict of the API
    """The API does not know the version any more from which to go on."""


class Contact:
    """When the API was last reached, by whomever."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._at = time.monotonic()

    def made(self) -> None:
        """The API answered just now."""
        self._at = time.monotonic()
        self._metrics.contact.set_to_current_time()

    @property
    def age(self) -> float:
        """Seconds since the last answer."""
        return time.monotonic() - self._at


class Follower:
    """One kind in one namespace (or in all)."""

    def __init__(  # noqa: PLR0913 - its parts, each made once by the command
        self,
        api: Any,  # noqa: ANN401 - the client's own
        settings: Settings,
        tree: Tree,
        scope: tuple[str, str],
        *,
        contact: Contact,
        metrics: Metrics,
        log: Logger,
        tell: Callable[[], None],
    ) -> None:
        self._api = api
        self._settings = settings
        self._tree = tree
        self._kind, self._namespace = scope
        self._contact = contact
        self._metrics = metrics
        self._log = log
        self._tell = tell
        self._version = ""
        self.thread = threading.Thread(target=self._run, name=f"{self._kind} {self._namespace}", daemon=True)

    @property
    def scope(self) -> str:
        """For logs."""
        return f"{self._kind}s of {self._namespace}"

    def covers(self, owner: str) -> bool:
        """Whether an object, by its text, is one that this follower sees."""
        kind, _, rest = owner.partition(" ")
        return kind == self._kind and self._namespace in {ALL, rest.partition("/")[0]}

    def list(self) -> None:
        """Bring the folder to what is there now; raises what the client raises."""
        self._metrics.lists.inc()
        seen = []
        for raw in self._named() if self._settings.names and self._namespace != ALL else self._selected():
            source = self._source(raw)
            seen.append(source.key)
            self._put(source)
        self._changing(lambda: self._tree.retain(seen, self.covers))

    def read(self, key: Object) -> None:
        """Bring the files of one object to what it says now."""
        try:
            raw = self._get(key.namespace, key.name)
        except Exception as error:  # noqa: BLE001 - the client raises what its HTTP library raises
            self._log.warning("Cannot be read again now", object=str(key), reason=reason_of(error))
            return
        if raw is not None:
            self._put(self._source(raw))

    def _run(self) -> None:
        settings = self._settings
        while True:
            try:
                if not self._version or settings.method == "SLEEP" or settings.names:
                    self.list()
                if settings.method == "SLEEP" or settings.names:
                    time.sleep(settings.sleep_time)
                else:
                    self._watch()
            except Gone:
                self._version = ""
            except Exception as error:  # noqa: BLE001 - as in read(); a follower never ends
                self._metrics.watch_errors.inc()
                self._log.warning("Watch ended, trying again", objects=self.scope, reason=reason_of(error))
                time.sleep(settings.pause_after_error)

    def _selected(self) -> Iterator[dict[str, Any]]:
        """All objects with the label, page by page; afterwards the version to watch from is known."""
        more = ""
        while True:
            page = json.loads(self._ask(limit=_PAGE, _continue=more, _request_timeout=_LIMITS).data)
            self._contact.made()
            yield from page.get("items") or []
            more = page["metadata"].get("continue", "")
            if not more:
                self._version = page["metadata"]["resourceVersion"]
                return

    def _named(self) -> Iterator[dict[str, Any]]:
        """The objects that RESOURCE_NAME names (`name`, `kind/name` or `namespace/kind/name`)."""
        for entry in self._settings.names:
            name, kind, namespace, *_ = [*reversed(entry.split("/")), "", ""]
            if kind in {"", self._kind} and namespace in {"", self._namespace}:
                raw = self._get(self._namespace, name)
                if raw is not None:
                    yield raw

    def _get(self, namespace: str, name: str) -> dict[str, Any] | None:
        read = {"secret": self._api.read_namespaced_secret, "configmap": self._api.read_namespaced_config_map}
        try:
            answer = read[self._kind](name, namespace, _preload_content=False, _request_timeout=_LIMITS)
        except Exception as error:
            if getattr(error, "status", None) == HTTPStatus.NOT_FOUND:
                self._contact.made()
                return None
            raise
        self._contact.made()
        raw: dict[str, Any] = json.loads(answer.data)
        return raw

    def _ask(self, **options: Any) -> Any:  # noqa: ANN401 - the client's own
        """List or watch the objects with the label."""
        settings, api = self._settings, self._api
        selector = f"{settings.label}={settings.label_value}" if settings.label_value else settings.label
        options |= {"label_selector": selector, "_preload_content": False}
        if self._namespace == ALL:
            everywhere = {
                "secret": api.list_secret_for_all_namespaces,
                "configmap": api.list_config_map_for_all_namespaces,
            }
            return everywhere[self._kind](**options)
        there = {"secret": api.list_namespaced_secret, "configmap": api.list_namespaced_config_map}
        return there[self._kind](self._namespace, **options)

    def _watch(self) -> None:
        """Heed events until the API ends the watch; raises `Gone` when it cannot go on from the last version."""
        settings = self._settings
        try:
            answer = self._ask(
                watch=True,
                resource_version=self._version,
                allow_watch_bookmarks=True,
                timeout_seconds=settings.watch_server_timeout,
                _request_timeout=(CONNECT_SECONDS, settings.watch_client_timeout),
            )
        except Exception as error:
            if getattr(error, "status", None) == HTTPStatus.GONE:
                raise Gone from None
            raise
        self._contact.made()
        try:
            for line in answer:
                self._heed(json.loads(line))
        finally:
            answer.close()

    def _heed(self, event: dict[str, Any]) -> None:
        kind, raw = event["type"], event["object"]
        self._contact.made()
        self._metrics.events.labels(kind).inc()
        if kind == "ERROR":
            if raw.get("code") == HTTPStatus.GONE:
                raise Gone
            raise ConnectionError(raw.get("reason", "error"))
        if kind == "DELETED":
            self._changing(lambda: self._tree.drop(self._source(raw).key))
        elif kind != "BOOKMARK":
            self._put(self._source(raw))
        self._version = raw["metadata"]["resourceVersion"]

    def _source(self, raw: dict[str, Any]) -> Source:
        metadata = raw["metadata"]
        key = Object(self._kind, metadata["namespace"], metadata["name"])
        return Source(key, metadata.get("annotations") or {}, decoded(raw, self._kind).values)

    def _put(self, source: Source) -> None:
        self._changing(lambda: self._tree.put(source))

    def _changing(self, change: Callable[[], None]) -> None:
        """Do something to the tree, and tell when that changed a file."""
        before = self._tree.changes
        change()
        if self._tree.changes != before:
            self._tell()
