"""Server-side apply of final objects: a plan that the API server itself has checked, then the changes.

Every object carries the label `promrender.dev/apply-set`, by which a later run finds what it no longer makes. Nothing
without that label is ever removed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from render.findings import ObjectKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Manifest = Mapping[str, Any]

MANAGER = "promrender"
LABEL = "promrender.dev/apply-set"
VERSIONS = {
    "ServiceAccount": "v1",
    "ClusterRole": "rbac.authorization.k8s.io/v1",
    "ClusterRoleBinding": "rbac.authorization.k8s.io/v1",
    "Role": "rbac.authorization.k8s.io/v1",
    "RoleBinding": "rbac.authorization.k8s.io/v1",
    "ConfigMap": "v1",
    "Secret": "v1",
    "Service": "v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
}
"""What rendering makes, in the order of applying: what runs the servers comes last."""

_OF_THE_CLUSTER = ("ClusterRole", "ClusterRoleBinding")
_LIVE = ("managedFields", "resourceVersion", "generation")
_OF_THE_SERVER = ("uid", "creationTimestamp", "selfLink")
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_WORDS = {
    401: "the credentials are refused",
    403: "this user may not do that",
    404: "there is no such namespace or kind",
    409: "another field manager owns a field; --force-conflicts takes it over",
    413: "the object is too large",
    422: "the API server finds it invalid",
}


class ApplyError(Exception):
    """The API server does not take an object. The text never holds what the object holds."""


@dataclass(slots=True)
class Plan:
    """What is to be done, by `create`, `change`, `remove` and `same`, and what the API server refuses."""

    steps: list[tuple[str, Manifest]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def changes(self) -> list[tuple[str, Manifest]]:
        """The steps that do something."""
        return [step for step in self.steps if step[0] != "same"]


class Applier:
    """Applies objects as the field manager `promrender`; `apply_set` names the objects that belong together."""

    def __init__(self, client: Any, apply_set: str, *, force: bool = False) -> None:  # noqa: ANN401 - the client ships no types
        """Ask the API server what it serves.

        :raises ApplyError: it cannot be reached
        """
        from kubernetes.dynamic import DynamicClient

        self._set, self._force = apply_set, force
        self._resources: dict[str, Any] = {}
        try:
            self._client: Any = DynamicClient(client)
        except Exception as error:  # noqa: BLE001 - the client raises what its HTTP library raises
            raise ApplyError(f"the cluster cannot be used: {_why(error)}") from None

    def plan(self, manifests: Iterable[Manifest], prune_in: Iterable[str] | None = None) -> Plan:
        """Let the API server apply everything without keeping it; `prune_in`: where to look for leftovers.

        Namespaces, and the empty one for what is of the whole cluster.
        """
        plan, wanted = Plan(), set()
        for manifest in sorted(map(self._labelled, manifests), key=_rank):
            wanted.add(key_of(manifest))
            try:
                plan.steps.append((self._change(manifest), manifest))
            except ApplyError as error:
                plan.refused.append(str(error))
        try:
            leftovers = self._leftovers(prune_in or ())
            plan.steps += [("remove", found) for found in leftovers if key_of(found) not in wanted]
        except ApplyError as error:
            plan.refused.append(str(error))
        return plan

    def carry_out(self, plan: Plan) -> Iterator[tuple[str, ObjectKey]]:
        """Do what the plan says, and tell each step that is done.

        :raises ApplyError: a step failed; the steps told before are done, those after it are not
        """
        for what, manifest in plan.changes:
            if what == "remove":
                self._ask("delete", manifest, body={"propagationPolicy": "Background"})
            else:
                self._apply(manifest)
            yield what, key_of(manifest)

    def compare(self, manifests: Iterable[Manifest]) -> Iterator[tuple[Manifest | None, Manifest]]:
        """Each object as it is in the cluster, None where it is not, and as applying it would leave it.

        The label of apply-sets is left out of both. Nothing is changed.

        :raises ApplyError: the API server refuses an object
        """
        for manifest in manifests:
            applied = self._apply(manifest, dry_run="All")
            live = self._ask("get", manifest, missing=True)
            yield live and _comparable(live), _comparable(applied)

    def _labelled(self, manifest: Manifest) -> Manifest:
        labels = {**(manifest["metadata"].get("labels") or {}), LABEL: self._set}
        return {**manifest, "metadata": {**manifest["metadata"], "labels": labels}}

    def _change(self, manifest: Manifest) -> str:
        applied = _settled(self._apply(manifest, dry_run="All"))
        live = self._ask("get", manifest, missing=True)
        return "create" if live is None else "same" if _settled(live) == applied else "change"

    def _apply(self, manifest: Manifest, **how: Any) -> Any:  # noqa: ANN401 - JSON
        return self._ask(
            "server_side_apply",
            manifest,
            body=dict(manifest),
            field_manager=MANAGER,
            force_conflicts=self._force,
            **how,
        )

    def _leftovers(self, namespaces: Iterable[str]) -> Iterator[Manifest]:
        for namespace in sorted(set(namespaces)):
            for kind in (kind for kind in reversed(VERSIONS) if (kind in _OF_THE_CLUSTER) != bool(namespace)):
                stand_in = {"kind": kind, "metadata": {"namespace": namespace, "name": None}}
                found = self._ask("get", stand_in, label_selector=f"{LABEL}={self._set}")
                for item in found["items"]:
                    yield {"kind": kind, "metadata": {"namespace": namespace, "name": item["metadata"]["name"]}}

    def _ask(self, verb: str, manifest: Manifest, *, missing: bool = False, **how: Any) -> Any:  # noqa: ANN401 - JSON
        key = key_of(manifest)
        try:
            if key.kind not in self._resources:
                self._resources[key.kind] = self._client.resources.get(api_version=VERSIONS[key.kind], kind=key.kind)
            act = getattr(self._client, verb)
            answer = act(self._resources[key.kind], name=key.name, namespace=key.namespace or None, **how)
        except Exception as error:  # noqa: BLE001 - the client raises what its HTTP library raises
            if missing and getattr(error, "status", None) == 404:  # noqa: PLR2004 - not found
                return None
            raise ApplyError(f"{key}: {_why(error)}") from None
        return answer.to_dict()


def key_of(manifest: Manifest) -> ObjectKey:
    """Identity of an object."""
    metadata = manifest["metadata"]
    return ObjectKey(manifest["kind"], metadata.get("namespace") or "", metadata["name"])


def _rank(manifest: Manifest) -> tuple[int, ObjectKey]:
    return list(VERSIONS).index(manifest["kind"]), key_of(manifest)


def _settled(live: Mapping[str, Any]) -> dict[str, Any]:
    """An object without what every write changes."""
    metadata = {name: value for name, value in live["metadata"].items() if name not in _LIVE}
    return {**live, "metadata": metadata}


def _comparable(live: Mapping[str, Any]) -> dict[str, Any]:
    """A settled object without what the cluster alone says, and what would tell the entries of a Secret twice."""
    settled = _settled(live)
    metadata = {name: value for name, value in settled["metadata"].items() if name not in _OF_THE_SERVER}
    for part, left_out in (("labels", LABEL), ("annotations", _LAST_APPLIED)):
        kept = {name: text for name, text in (metadata.pop(part, None) or {}).items() if name != left_out}
        metadata |= {part: kept} if kept else {}
    return {name: value for name, value in settled.items() if name != "status"} | {"metadata": metadata}


def _why(error: Exception) -> str:
    """The reason in our words and, where it names fields alone, the API server's causes; never a value."""
    status = getattr(error, "status", None)
    if not isinstance(status, int):
        return f"the API server does not answer ({type(error).__name__})"
    return _WORDS.get(status, f"the API server answers with status {status}") + _fields(error)


def _fields(error: Exception) -> str:
    try:
        causes = json.loads(getattr(error, "body", "") or "{}").get("details", {}).get("causes", [])
        fields = sorted({str(cause["field"]) for cause in causes if cause.get("field")})
    except (ValueError, TypeError, AttributeError, KeyError):
        return ""
    return f" ({', '.join(fields)})" if fields else ""
