"""Server-side apply of final objects: a plan that the API server itself has checked, then the changes.

Every object carries the label `promrender.dev/apply-set`, by which a later run finds what it no longer makes
(`leftovers.py`). What another object needs is written before it, and removals come last.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from render.findings import ObjectKey
from render.output import leftovers
from render.output.leftovers import LABEL, MANAGER, VERSIONS, path
from render.sources.api_server import NOT_FOUND, UNAUTHORIZED, NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from render.output.leftovers import Where
    from render.sources.api_server import Answer, ApiServer

    Manifest = Mapping[str, Any]

_LIVE = ("managedFields", "resourceVersion", "generation")
_OF_THE_SERVER = ("uid", "creationTimestamp", "selfLink")
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_WORDS = {
    403: "this user may not do that",
    404: "there is no such namespace or kind",
    409: "another field manager owns a field; --force-conflicts takes it over",
    413: "the object is too large",
    422: "the API server finds it invalid",
}
_DONE = (200, 201, 202)


class ApplyError(Exception):
    """Nothing more can be applied. The text never holds what an object holds."""


class RefusedError(ApplyError):
    """The API server does not take one object."""


class LostError(ApplyError):
    """The API server went away: whether it has done what it was asked last is not known."""


@dataclass(slots=True)
class Plan:
    """What is to be done, by `create`, `change`, `remove` and `same`, and what the API server refuses.

    `unseen` tells where nobody could look for what is no longer made.
    """

    steps: list[tuple[str, Manifest]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)

    @property
    def changes(self) -> list[tuple[str, Manifest]]:
        """The steps that do something."""
        return [step for step in self.steps if step[0] != "same"]


class Applier:
    """Applies objects as the field manager `promrender`; `apply_set` names the objects that belong together."""

    def __init__(self, server: ApiServer, apply_set: str, *, force: bool = False) -> None:
        self._server, self._set, self._force = server, apply_set, force

    def plan(self, manifests: Iterable[Manifest], prune: Where | None = None) -> Plan:
        """Let the API server apply everything without keeping it; `prune`: where to look for leftovers, if at all.

        :raises ApplyError: the API server went away, or refuses the credentials
        """
        plan, wanted = Plan(), set()
        for manifest in sorted(map(self._labelled, manifests), key=_rank):
            wanted.add(key_of(manifest))
            try:
                plan.steps.append((self._change(manifest), manifest))
            except RefusedError as error:
                plan.refused.append(str(error))
        found, plan.unseen = self._leftovers(prune, wanted)
        plan.steps += [("remove", _pointer(manifest)) for manifest in found]
        return plan

    def carry_out(self, plan: Plan) -> Iterator[tuple[str, ObjectKey]]:
        """Do what the plan says, and tell each step that is done.

        :raises ApplyError: a step failed; the steps told before are done, those after it are not
        """
        for what, manifest in plan.changes:
            if what == "remove":
                self._remove(manifest)
            else:
                self._apply(manifest)
            yield what, key_of(manifest)

    def compare(self, manifests: Iterable[Manifest]) -> Iterator[tuple[Manifest | None, Manifest]]:
        """Each object as it is in the cluster, None where it is not, and as applying it would leave it.

        The label of apply-sets is left out of both. Nothing is changed.

        :raises ApplyError: the API server refuses an object
        """
        for manifest in manifests:
            applied = self._apply(manifest, dryRun="All")
            live = self._live(manifest)
            yield live and _comparable(live), _comparable(applied)

    def no_longer_made(self, manifests: Iterable[Manifest], where: Where | None) -> tuple[list[Manifest], list[str]]:
        """What an earlier run applied and these lack, as `compare` gives it, and where nobody could look.

        `where`: None to look nowhere.

        :raises LostError: the API server went away
        """
        found, unseen = self._leftovers(where, set(map(key_of, manifests)))
        return list(map(_comparable, found)), unseen

    def _leftovers(self, where: Where | None, wanted: set[ObjectKey]) -> tuple[list[dict[str, Any]], list[str]]:
        if where is None:
            return [], []
        try:
            found, unseen = leftovers.find(self._server, self._set, where)
        except NoAnswerError as error:
            raise LostError(f"while looking for what is no longer made: {error} ({error.hint})") from None
        return [manifest for manifest in found if key_of(manifest) not in wanted], unseen

    def _labelled(self, manifest: Manifest) -> Manifest:
        labels = {**(manifest["metadata"].get("labels") or {}), LABEL: self._set}
        return {**manifest, "metadata": {**manifest["metadata"], "labels": labels}}

    def _change(self, manifest: Manifest) -> str:
        live = self._live(manifest)
        other = ((live or {"metadata": {}})["metadata"].get("labels") or {}).get(LABEL, self._set)
        if other != self._set and not self._force:
            raise RefusedError(f"{key_of(manifest)}: it belongs to --set {other}; --force-conflicts takes it over")
        applied = _settled(self._apply(manifest, dryRun="All"))
        return "create" if live is None else "same" if _settled(live) == applied else "change"

    def _live(self, manifest: Manifest) -> dict[str, Any] | None:
        answer = self._ask("GET", manifest)
        return None if answer.status == NOT_FOUND else self._taken(manifest, answer, _WORDS)

    def _apply(self, manifest: Manifest, **how: str) -> dict[str, Any]:
        query = {"fieldManager": MANAGER, "force": str(self._force).lower(), **how}
        answer = self._ask("PATCH", manifest, query=query, body=dict(manifest), form="apply-patch+yaml")
        return self._taken(manifest, answer, _WORDS)

    def _remove(self, manifest: Manifest) -> None:
        """Remove the very object that was found, unless it is gone already."""
        body = {"propagationPolicy": "Background", "preconditions": {"uid": manifest["metadata"]["uid"]}}
        answer = self._ask("DELETE", manifest, body=body)
        if answer.status != NOT_FOUND:
            self._taken(manifest, answer, {**_WORDS, 409: "something has made it anew meanwhile"})

    def _ask(self, method: str, manifest: Manifest, **how: Any) -> Answer:  # noqa: ANN401 - as `request` takes it
        key = key_of(manifest)
        try:
            return self._server.request(method, path(key.kind, key.namespace, key.name), **how)
        except NoAnswerError as error:
            raise LostError(f"{key}: {error} ({error.hint})") from None

    def _taken(self, manifest: Manifest, answer: Answer, words: Mapping[int, str]) -> dict[str, Any]:
        """The object of an answer."""
        key, status = key_of(manifest), answer.status
        try:
            if status in _DONE:
                return answer.json()
        except NoAnswerError as error:
            raise LostError(f"{key}: {error} ({error.hint})") from None
        if status == UNAUTHORIZED:
            raise ApplyError(f"{key}: the API server refuses the credentials{self._server.expired()} (log in again)")
        why = words.get(status, f"the API server answers with status {status}")
        raise RefusedError(f"{key}: {why}{_fields(answer)}")


def key_of(manifest: Manifest) -> ObjectKey:
    """Identity of an object."""
    metadata = manifest["metadata"]
    return ObjectKey(manifest["kind"], metadata.get("namespace") or "", metadata["name"])


def _pointer(manifest: Manifest) -> Manifest:
    """What is needed to remove an object, without its content."""
    metadata = {
        name: manifest["metadata"][name] for name in ("namespace", "name", "uid") if name in manifest["metadata"]
    }
    return {"kind": manifest["kind"], "metadata": metadata}


def _rank(manifest: Manifest) -> tuple[int, bool, ObjectKey]:
    """The order of writes: kinds as in VERSIONS, and of Secrets those last that are a configuration."""
    configuration = any(entry.endswith(".yaml.gz") for entry in manifest.get("data") or {})
    return list(VERSIONS).index(manifest["kind"]), configuration, key_of(manifest)


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


def _fields(answer: Answer) -> str:
    """The fields that the API server names, without a value."""
    try:
        causes = json.loads(answer.body).get("details", {}).get("causes", [])
        fields = sorted({str(cause["field"]) for cause in causes if cause.get("field")})
    except (ValueError, TypeError, AttributeError, KeyError):
        return ""
    return f" ({', '.join(fields)})" if fields else ""
