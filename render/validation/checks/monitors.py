"""Monitors that match nothing: a typo, something that is not in the tree, or a mistake; and their endpoints."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from render.findings import Severity
from render.selection.labels import format_selector
from render.validation.check import check
from render.validation.checks import pod_monitors, service_monitors
from render.validation.nearest import alike, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from render.api.selectors import LabelSelector
    from render.findings import Finding, ObjectKey
    from render.objects.index import Object
    from render.objects.targets import Target
    from render.validation.check import Check, Fault
    from render.validation.tree import Matched, Tree

MOST_NAMES = 5
"""So many of the targets that a selector does not match are named."""

TYPO = check(
    Severity.WARNING,
    "selector-typo",
    "A label of a selector that is probably mistyped",
    description="""A selector matches nothing, and would match if a single label or value, which is spelled much
        like it, were spelled as the object has it; or it matches in a namespace whose name is much like the one
        that is named. It looks at the selectors of ServiceMonitors, PodMonitors
        and servers, and takes the place of the finding that nothing matches.""",
    fix="Correct the label or the selector. If both are meant, ignore the finding at this object.",
    example="""
        apiVersion: v1
        kind: Service
        metadata: {name: shop, namespace: web, labels: {app: storefront}}
        spec:
          selector: {app: storefront}
          ports: [{name: metrics, port: 8080}]
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: shop, namespace: web}
        spec:
          selector: {matchLabels: {app: storefornt}}
          endpoints: [{port: metrics}]
        """,
)
UNKNOWN = check(
    Severity.INFO,
    "targets-unknown",
    "What a monitor selects is not in the tree",
    description="""The tree holds no Services (or Pods, for a PodMonitor) of a namespace that the monitor looks
        into, or the namespace is kube-system, where the cluster makes them itself: what the monitor selects
        cannot be told.""",
    fix="Validate a tree that holds the Services, too, or leave it: it is a notice.",
    example="""
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: coredns, namespace: monitoring}
        spec:
          namespaceSelector: {matchNames: [kube-system]}
          selector: {matchLabels: {k8s-app: kube-dns}}
          endpoints: [{port: metrics}]
        """,
)
NO_ENDPOINTS = check(
    Severity.WARNING,
    "no-endpoints",
    "A monitor without endpoints",
    description="The list of endpoints is empty: no job is made and nothing is scraped.",
    fix="Add an endpoint with the port to scrape, or remove the monitor.",
    example="""
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: shop, namespace: web}
        spec:
          selector: {matchLabels: {app: shop}}
          endpoints: []
        """,
)
CHECKS = (TYPO, UNKNOWN, NO_ENDPOINTS)


class _Kind(NamedTuple):
    """A kind of monitor: its list of endpoints, what is said when nothing matches, what is wrong with an endpoint."""

    endpoints: str
    not_found: Check
    faults: Callable[[Any, list[Target], Tree], Iterable[Fault]]


_KINDS = {
    "ServiceMonitor": _Kind("endpoints", service_monitors.NOT_FOUND, service_monitors.faults),
    "PodMonitor": _Kind("podMetricsEndpoints", pod_monitors.NOT_FOUND, pod_monitors.faults),
}


def find(tree: Tree) -> Iterator[Finding]:
    """What is wrong between monitors and what they select."""
    for name, kind in _KINDS.items():
        for monitor in tree.objects.of_kind(name):
            yield from _of_monitor(monitor, kind, tree)


def _of_monitor(monitor: Object[Any], kind: _Kind, tree: Tree) -> Iterator[Finding]:
    spec, field = monitor.value.spec, f"spec.{kind.endpoints}"
    endpoints = getattr(spec, kind.endpoints)
    if not endpoints:
        yield NO_ENDPOINTS.finding(monitor.key, "it has no endpoints: nothing is scraped", field=field)
        return
    matched = tree.matched(monitor)
    if matched is None:
        return
    if not matched.targets:
        yield _unmatched(kind.not_found, monitor.key, spec.selector, matched)
    elif matched.where.known:
        for number, endpoint in enumerate(endpoints):
            for fault in kind.faults(endpoint, matched.targets, tree):
                yield fault.finding(monitor.key, f"{field}[{number}]")


def _unmatched(not_found: Check, key: ObjectKey, selector: LabelSelector, matched: Matched) -> Finding:
    """What is said about a monitor whose selector matches none of the targets of its namespaces."""
    where = matched.where
    place = ", ".join(where.namespaces) or "any namespace"
    near = nearest(selector, (one.labels for one in matched.among.within(where.namespaces)))
    if near is not None:
        message = f"its selector matches nothing in {place}: {near}"
        hint = f"did you mean {near.meant}? Correct the selector or the label"
        return TYPO.finding(key, message, field="spec.selector", hint=hint)
    text = format_selector(selector) or "everything"
    if not where.known:
        return _unknown(key, text, selector, matched)
    some = islice(matched.among.within(where.namespaces), MOST_NAMES)
    names = ", ".join(f"{one.key.kind} {one.key.name}" for one in some)
    others = matched.among.count(where.namespaces) - MOST_NAMES
    more = f" and {others} more" if others > 0 else ""
    message = f"its selector ({text}) matches nothing in {place}; there are {names}{more}"
    return not_found.finding(key, message, field="spec.selector", hint="correct the selector, or the labels there")


def _unknown(key: ObjectKey, text: str, selector: LabelSelector, matched: Matched) -> Finding:
    """Not all namespaces are in the tree: perhaps because the name of one is mistyped."""
    for name in matched.where.namespaces:
        other = next((other for other in sorted(matched.among.known) if alike(name, other)), None)
        if other is not None and matched.among.matching(selector, [other]):
            message = f"its selector ({text}) matches nothing in {name}, but does in {other}"
            field = "spec.namespaceSelector"
            return TYPO.finding(key, message, field=field, hint=f"did you mean the namespace {other}?")
    place = ", ".join(matched.where.namespaces)
    message = f"whether its selector ({text}) matches anything is not known: not all of {place} is in the tree"
    return UNKNOWN.finding(key, message, field="spec.selector")
