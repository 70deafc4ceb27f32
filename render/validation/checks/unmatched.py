"""Selectors that match nothing: a typo, something that is not in the tree, or a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Finding, Severity
from render.selection.labels import format_selector
from render.validation.check import check
from render.validation.nearest import nearest

if TYPE_CHECKING:
    from render.api.selectors import LabelSelector
    from render.findings import ObjectKey
    from render.validation.check import Check
    from render.validation.tree import Searched, Targets

MOST_NAMES = 5
"""So many of the targets that a selector does not match are named."""

TYPO = check(
    Severity.WARNING,
    "selector-typo",
    "A label of a selector that is probably mistyped",
    description="""A selector matches nothing, and would match if a single label or value, which is spelled much
        like it, were spelled as the object has it. It looks at the selectors of ServiceMonitors, PodMonitors
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
CHECKS = (TYPO, UNKNOWN)


def finding(not_found: Check, key: ObjectKey, selector: LabelSelector, where: Searched, among: Targets) -> Finding:
    """What is said about a monitor whose selector matches none of the targets `among` those of its namespaces."""
    there = among.within(where.namespaces)
    place = ", ".join(where.namespaces) or "any namespace"
    near = nearest(selector, (one.labels for one in there))
    if near is not None:
        message = f"its selector matches nothing in {place}: {near}"
        return TYPO.finding(key, message, field="spec.selector", hint="correct the selector or the label")
    text = format_selector(selector) or "everything"
    if not where.known:
        message = f"whether its selector ({text}) matches anything is not known: not all of {place} is in the tree"
        return UNKNOWN.finding(key, message, field="spec.selector")
    names = ", ".join(f"{one.key.kind} {one.key.name}" for one in there[:MOST_NAMES])
    more = f" and {len(there) - MOST_NAMES} more" if len(there) > MOST_NAMES else ""
    message = f"its selector ({text}) matches nothing in {place}; there are {names}{more}"
    return not_found.finding(key, message, field="spec.selector", hint="correct the selector, or the labels there")
