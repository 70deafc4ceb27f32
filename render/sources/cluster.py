"""A running cluster as a source: what its API server lists, page by page.

The only verb that is needed is `list` (and `get` of the Namespaces that are named).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from render.api import ALL
from render.findings import Finding, ObjectKey, Severity
from render.sources.api_server import (
    EXPIRED,
    FORBIDDEN,
    NOT_FOUND,
    OK,
    READ_PATIENCE,
    UNAUTHORIZED,
    NoAnswerError,
    connect,
    path_of,
)
from render.sources.document import Document, Origin
from render.sources.unusable import UnusableSourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from render.sources.api_server import ApiServer

_NAMED = 10
"""How many objects a message names."""


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

    `by_reference`: values of Secrets are not needed (`--secrets reference`), so that Secrets may be forbidden.
    After `documents` has ended, `findings` holds notices about it.
    """

    kubeconfig: str = ""
    context: str = ""
    namespaces: Sequence[str] = ()
    kinds: frozenset[str] = frozenset()
    listed: Sequence[Listed] = KINDS
    by_reference: bool = False
    patience: float = READ_PATIENCE
    findings: list[Finding] = field(default_factory=list)

    def documents(self) -> Iterator[Document]:
        """Every object, a page at a time; nothing but a page is kept.

        :raises UnusableSourceError: there is no access, something may not be read, or the cluster went away
        """
        server = connect(self.kubeconfig, self.context, self.patience)
        origin = Origin(f"cluster {self.context}".rstrip(), 0, 0)
        missed = _Missed(self.by_reference)
        read = 0
        for listed in (listed for listed in self.listed if not self.kinds or listed.kind in self.kinds):
            for namespace in self.namespaces or [""]:
                for status, items in _pages(server, listed, namespace):
                    if status == FORBIDDEN:
                        missed.refused.append((listed, namespace))
                    elif status == NOT_FOUND and listed.monitoring:
                        missed.absent.append(listed)
                    read += len(items)
                    for item in items:
                        document = Document(_object(item, listed), origin)
                        missed.look_at(document.raw)
                        yield document
        self._conclude(missed, f"{read} objects of the cluster were read in {server.calls} calls")

    def _conclude(self, missed: _Missed, told: str) -> None:
        missed.check()
        wanted = [listed for listed in KINDS if listed.monitoring and (not self.kinds or listed.kind in self.kinds)]
        if wanted and set(wanted) <= set(missed.absent):
            raise UnusableSourceError(
                "the cluster does not know the monitoring API",
                "install its definitions (promrender crds), or name the kinds to read with --cluster-kind",
            )
        for listed in dict.fromkeys(missed.absent):
            self._note("cluster-kind-absent", f"the cluster does not know {listed.kind}: {listed.meaning}")
        unread = "; its Secrets may not be read, so that references to them are not checked" if missed.secrets else ""
        self._note("cluster-read", told + unread)

    def _note(self, code: str, message: str) -> None:
        self.findings.append(Finding(Severity.INFO, code, message))


@dataclass(slots=True)
class _Missed:
    """What could not be read: kinds that the user may not list, kinds that the cluster does not know."""

    by_reference: bool
    refused: list[tuple[Listed, str]] = field(default_factory=list)
    absent: list[Listed] = field(default_factory=list)
    affected: list[ObjectKey] = field(default_factory=list)

    @property
    def secrets(self) -> bool:
        """Whether Secrets are among what is refused."""
        return any(listed.kind == "Secret" for listed, _ in self.refused)

    def look_at(self, raw: dict[str, Any]) -> None:
        """Note an object that cannot be rendered without Secrets, when these are refused. Secrets are listed first."""
        if self.secrets and _needs_secrets(raw, by_reference=self.by_reference):
            metadata = raw["metadata"]
            self.affected.append(ObjectKey(raw["kind"], metadata.get("namespace") or "", metadata["name"]))

    def check(self) -> None:
        """Refuse a result that would lack something.

        :raises UnusableSourceError: something that is needed may not be read
        """
        fine = self.by_reference and not self.affected
        places: dict[Listed, list[str]] = {}
        for listed, namespace in self.refused:
            if not (fine and listed.kind == "Secret"):
                places.setdefault(listed, []).append(namespace)
        if not places:
            return
        lines = ["the cluster does not let this user read"]
        for listed, namespaces in places.items():
            where = ", ".join(filter(None, namespaces)) or "all namespaces"
            lines.append(f"  {listed.kind} in {where}: {listed.meaning}")
            lines += [f"    needed by {_some(self.affected)}"] if listed.kind == "Secret" and self.affected else []
        hint = "allow to list them, or leave kinds out with --cluster-kind"
        if self.secrets and not self.by_reference:
            hint += "; --secrets reference needs no values of Secrets"
        raise UnusableSourceError("\n".join(lines) + "\n", hint)


def _some(keys: Sequence[ObjectKey]) -> str:
    more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
    return ", ".join(map(str, sorted(keys)[:_NAMED])) + more


def _needs_secrets(raw: dict[str, Any], *, by_reference: bool) -> bool:
    """Whether an object cannot be rendered when nobody knows which Secrets there are.

    The configuration of an Alertmanager is in a Secret: without it, a configuration that tells nobody would be made.
    """
    spec = raw.get("spec") or {}
    if raw["kind"] == "Alertmanager" and not spec.get("alertmanagerConfiguration"):
        return True
    return not by_reference and raw["apiVersion"].startswith("monitoring.") and _selects_key(spec)


def _selects_key(node: object, name: str = "") -> bool:
    """Whether there is a reference to a key of a Secret. The kubelet resolves those of containers."""
    if isinstance(node, list):
        return any(_selects_key(each, name) for each in node)
    if not isinstance(node, dict) or name in ("configMap", "containers", "initContainers"):
        return False
    if isinstance(node.get("name"), str) and isinstance(node.get("key"), str):
        return True
    return any(_selects_key(value, key) for key, value in node.items())


def _object(item: dict[str, Any], listed: Listed) -> dict[str, Any]:
    """An entry of a list as an object of its own, without what the cluster keeps for itself."""
    item.pop("status", None)
    (item.get("metadata") or {}).pop("managedFields", None)
    return {"apiVersion": listed.version, "kind": listed.kind} | item


def _pages(server: ApiServer, listed: Listed, namespace: str) -> Iterator[tuple[int, list[Any]]]:
    """Status and objects of each page; a Namespace that is asked for by name is a page of its own.

    :raises UnusableSourceError: there is no answer, or one that no caller knows what to do with
    """
    try:
        if listed.kind == "Namespace" and namespace:
            answer = server.request("GET", f"/api/v1/namespaces/{quote(namespace, safe='')}")
            pages = iter([(answer.status, [answer.json()] if answer.status == OK else [])])
        else:
            query = {"fieldSelector": listed.selector} if listed.selector else {}
            pages = server.pages(path_of(listed.version, listed.plural, namespace), query)
        for status, items in pages:
            _check(status, server)
            yield status, items
    except NoAnswerError as error:
        message = f"the cluster cannot be read, at {listed.plural}: {error}"
        raise UnusableSourceError(message, error.hint) from None


def _check(status: int, server: ApiServer) -> None:
    if status == UNAUTHORIZED:
        message = f"the cluster cannot be read: the API server refuses the credentials{server.expired()}"
        raise UnusableSourceError(message, "log in again, or correct the user in the kubeconfig")
    if status not in (OK, EXPIRED, FORBIDDEN, NOT_FOUND):
        raise NoAnswerError(f"the API server answers with status {status}")
