"""A whole tree as the checks see it: the objects, what monitors can select, and what selects what."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from render.findings import ObjectKey, Rejection, Severity
from render.objects import targets
from render.selection import resources
from render.selection.labels import compile_selector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from render.api.selectors import LabelSelector, NamespaceSelector
    from render.assembly.kubernetes import Manifest
    from render.objects.index import Object, Objects
    from render.objects.targets import Target
    from render.options import Options
    from render.pipeline import Result

CLUSTER_NAMESPACES = frozenset({"kube-system"})
"""Where a cluster makes Services and Pods by itself, which no tree holds."""
_API_SERVER = targets.target(
    ObjectKey(targets.SERVICE_KIND, "default", "kubernetes"),
    {"component": "apiserver", "provider": "kubernetes"},
    [("https", 443)],
    {},
)


class Selecting(NamedTuple):
    """Who selects a kind of resource, and the fields that say which: of labels, of namespaces."""

    servers: tuple[str, ...]
    labels: str
    namespaces: str


SELECTING = {
    **{
        kind: Selecting(("Prometheus", "PrometheusAgent"), f"{prefix}Selector", f"{prefix}NamespaceSelector")
        for kind, prefix in (
            ("ServiceMonitor", "serviceMonitor"),
            ("PodMonitor", "podMonitor"),
            ("Probe", "probe"),
            ("ScrapeConfig", "scrapeConfig"),
        )
    },
    "PrometheusRule": Selecting(("Prometheus", "ThanosRuler"), "ruleSelector", "ruleNamespaceSelector"),
    "AlertmanagerConfig": Selecting(
        ("Alertmanager",), "alertmanagerConfigSelector", "alertmanagerConfigNamespaceSelector"
    ),
}


class Tree:
    """The objects of a tree, the options to render it with, and what was rendered of it.

    `rejected`: the objects that rendering has found errors in.
    """

    def __init__(self, objects: Objects, options: Options, result: Result) -> None:
        self.objects = objects
        self.options = options
        self.rendered = result.objects
        self.rejected = frozenset(one.object for one in result.findings if one.severity is Severity.ERROR)

    @cached_property
    def services(self) -> Targets:
        """Services: those of the tree, those that are rendered, and the one that every cluster has."""
        return self._targets(_is_service, [_API_SERVER])

    @cached_property
    def pods(self) -> Targets:
        """What makes Pods, in the tree and rendered."""
        return self._targets(lambda one: not _is_service(one), [])

    def _targets(self, wanted: Callable[[Target], bool], further: list[Target]) -> Targets:
        own = [one for one in self.objects.targets if wanted(one)]
        made = [one for one in self._made_targets if wanted(one)]
        return Targets([*own, *made, *further], frozenset(one.key.namespace for one in own) - CLUSTER_NAMESPACES)

    @cached_property
    def _made_targets(self) -> list[Target]:
        made = ((manifest, targets.inspect(manifest)) for manifest in self.rendered)
        return [targets.target(_key(manifest), *found) for manifest, found in made if found is not None]

    @cached_property
    def selected(self) -> dict[str, list[tuple[Object[Any], list[Object[Any]]]]]:
        """For each kind of resource the servers that can select it, each with what it selects."""
        return {kind: list(self._selected(kind, selecting)) for kind, selecting in SELECTING.items()}

    def _selected(self, kind: str, selecting: Selecting) -> Iterator[tuple[Object[Any], list[Object[Any]]]]:
        for server in self.servers(selecting.servers):
            spec = server.value.spec
            selectors = (getattr(spec, selecting.labels), getattr(spec, selecting.namespaces))
            try:
                yield server, resources.select(kind, selectors, server.key.namespace, self.objects, self.options)
            except Rejection:  # rendering tells that the selector is no selector
                yield server, []

    def matched(self, monitor: Object[Any]) -> Matched | None:
        """What a ServiceMonitor or a PodMonitor selects; None when its selector is none, which rendering tells."""
        spec = monitor.value.spec
        among = self.services if monitor.key.kind == "ServiceMonitor" else self.pods
        selector = None if monitor.key in self._kept_at_home else spec.namespaceSelector
        where = _searched(selector, monitor.key.namespace, among)
        try:
            return Matched(among.matching(spec.selector, where.namespaces), where, among)
        except Rejection:
            return None

    @cached_property
    def _kept_at_home(self) -> set[ObjectKey]:
        """The monitors whose namespaceSelector every server that selects them ignores."""
        heeded: dict[bool, set[ObjectKey]] = {True: set(), False: set()}
        for kind in ("ServiceMonitor", "PodMonitor"):
            for server, chosen in self.selected[kind]:
                heeded[not server.value.spec.ignoreNamespaceSelectors].update(one.key for one in chosen)
        return heeded[False] - heeded[True]

    def servers(self, kinds: Iterable[str]) -> Iterator[Object[Any]]:
        """The workload objects of some kinds."""
        return (server for kind in kinds for server in self.objects.of_kind(kind))


class Targets:
    """Services, or what makes Pods, with the shortest way to those that a selector can match.

    `known`: the namespaces of which the tree itself holds some, so that it probably holds all of them.
    """

    def __init__(self, every: list[Target], known: frozenset[str]) -> None:
        self.known = known
        self.by_namespace: dict[str, list[Target]] = {}
        self._by_label: dict[tuple[str, str, str], list[Target]] = {}
        for one in every:
            self.by_namespace.setdefault(one.key.namespace, []).append(one)
            for label, value in one.labels.items():
                self._by_label.setdefault((one.key.namespace, label, value), []).append(one)

    def within(self, namespaces: Iterable[str]) -> Iterator[Target]:
        """All of some namespaces."""
        return (one for namespace in namespaces for one in self.by_namespace.get(namespace, ()))

    def count(self, namespaces: Iterable[str]) -> int:
        """How many there are in some namespaces."""
        return sum(len(self.by_namespace.get(namespace, ())) for namespace in namespaces)

    def matching(self, selector: LabelSelector, namespaces: Iterable[str]) -> list[Target]:
        """Those that a selector matches. Raises Rejection when it is no selector."""
        matches = compile_selector(selector)
        wanted = selector.matchLabels or {}
        found = []
        for namespace in namespaces:
            lists = [self._by_label.get((namespace, label, value), []) for label, value in wanted.items()]
            candidates = min(lists, key=len) if lists else self.by_namespace.get(namespace, [])
            found += [one for one in candidates if matches(one.labels)]
        return found

    def with_labels(self, labels: dict[str, str], namespace: str) -> list[Target]:
        """Those that carry all of these labels."""
        lists = [self._by_label.get((namespace, label, value), []) for label, value in labels.items()]
        candidates = min(lists, key=len) if lists else []
        return [one for one in candidates if labels.items() <= one.labels.items()]


class Searched(NamedTuple):
    """Where a monitor looks for its targets, and whether the tree holds what is there."""

    namespaces: list[str]
    known: bool


class Matched(NamedTuple):
    """What a monitor selects, where it looks, and among what."""

    targets: list[Target]
    where: Searched
    among: Targets


def _searched(selector: NamespaceSelector | None, own: str, among: Targets) -> Searched:
    """The namespaces of a monitor; of all namespaces those that hold any target."""
    if selector is not None and selector.any:
        return Searched(sorted(among.by_namespace), bool(among.known))
    names = (selector.matchNames if selector is not None else None) or [own]
    return Searched(names, among.known.issuperset(names))


def _is_service(one: Target) -> bool:
    return one.key.kind == targets.SERVICE_KIND


def _key(manifest: Manifest) -> ObjectKey:
    metadata = manifest["metadata"]
    return ObjectKey(manifest["kind"], metadata.get("namespace", ""), metadata["name"])
