"""What an earlier run applied, found by its label: the objects of one apply-set, wherever the user may look.

The kinds are those that rendering makes, so that no inventory is needed, only a list of each by its label: in all
namespaces, since a namespace in which nothing is made any more is named by nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from render.sources.api_server import EXPIRED, FORBIDDEN, OK, NoAnswerError, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from render.sources.api_server import ApiServer

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


@dataclass(frozen=True, slots=True)
class Where:
    """Where to look: everywhere, or only in `namespaces`. `made`: the namespaces of what is made now."""

    made: frozenset[str]
    namespaces: frozenset[str] = frozenset()


def path(kind: str, namespace: str = "", name: str = "") -> str:
    """Where the API has the objects of a kind, in a namespace or in all (empty), or the one with the name."""
    return path_of(VERSIONS[kind], f"{kind.lower()}s", namespace, name)


def find(server: ApiServer, apply_set: str, where: Where) -> tuple[list[dict[str, Any]], list[str]]:
    """The objects of an apply-set in the order of removing them, and what could not be looked for.

    Where all namespaces may not be listed, those of what is made now are.

    :raises NoAnswerError: the API server went away
    """
    found: list[dict[str, Any]] = []
    elsewhere: list[str] = []
    nowhere: list[str] = []
    for kind in reversed(VERSIONS):
        of_the_cluster = kind in _OF_THE_CLUSTER
        named = where.made | where.namespaces if where.namespaces and not of_the_cluster else frozenset({""})
        objects, refused = _listed(server, apply_set, kind, named)
        if "" in refused and not of_the_cluster:
            elsewhere.append(kind)
            objects, refused = _listed(server, apply_set, kind, where.made)
        nowhere += [f"{kind} in {namespace}" if namespace else kind for namespace in refused]
        found += objects
    return found, [*_elsewhere(elsewhere, where.made), *_nowhere(nowhere)]


def _listed(
    server: ApiServer, apply_set: str, kind: str, namespaces: Iterable[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The objects of a kind that belong to a set, and the namespaces that may not be listed."""
    found, refused = [], []
    for namespace in sorted(namespaces):
        for status, items in server.pages(path(kind, namespace), {"labelSelector": f"{LABEL}={apply_set}"}):
            if status == FORBIDDEN:
                refused.append(namespace)
            elif status not in (OK, EXPIRED):
                raise NoAnswerError(f"the API server answers with status {status}")
            found += [{"apiVersion": VERSIONS[kind], "kind": kind} | item for item in items if _is_ours(item)]
    return found, refused


def _is_ours(item: Mapping[str, Any]) -> bool:
    """Whether we have put the label there ourselves, and nobody is removing the object already.

    A copy of an object by other tools has the label, too, but another field manager.
    """
    metadata = item["metadata"]
    owners = (
        entry
        for entry in metadata.get("managedFields") or []
        if entry.get("manager") == MANAGER and entry.get("operation") == "Apply"
    )
    return not metadata.get("deletionTimestamp") and any(_owns_label(entry) for entry in owners)


def _owns_label(entry: Mapping[str, Any]) -> bool:
    """Whether an entry of managedFields names the label (structured-merge-diff's fieldsV1: `f:` before each name)."""
    labels = entry.get("fieldsV1", {}).get("f:metadata", {}).get("f:labels", {})
    return f"f:{LABEL}" in labels


def _elsewhere(kinds: Sequence[str], made: Iterable[str]) -> Iterator[str]:
    if kinds:
        yield (
            f"{', '.join(kinds)}: what is no longer made was looked for in {', '.join(sorted(made)) or 'no namespace'} "
            "only, since this user may not list these kinds in all namespaces. Allow the verb list there, by a "
            "ClusterRole, or name the namespaces with --prune-namespace"
        )


def _nowhere(places: Sequence[str]) -> Iterator[str]:
    if places:
        yield (
            f"{', '.join(places)}: what is no longer made was not looked for, since this user may not list it. Allow "
            "the verb list"
        )
