"""Configuration resources that no server selects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from render.findings import Rejection, Severity
from render.selection.labels import compile_selector, format_selector
from render.selection.namespaces import namespace_filter, watched
from render.validation.check import check
from render.validation.checks.monitors import TYPO
from render.validation.nearest import nearest
from render.validation.tree import SELECTING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from render.api.selectors import LabelSelector
    from render.findings import Finding
    from render.objects.index import Object
    from render.validation.nearest import Near
    from render.validation.tree import Selecting, Tree

MOST_SERVERS = 3
"""So many servers are named with the reason why each does not select a resource."""

MONITOR = check(
    Severity.WARNING,
    "monitor-not-selected",
    "A monitor that no Prometheus selects",
    description="""No Prometheus or PrometheusAgent of the tree selects this ServiceMonitor, PodMonitor, Probe
        or ScrapeConfig, so nothing is scraped for it. The message names, for each server, the selector that
        does not match and the labels that the object has. It is not given where the tree holds no server that
        could select the object, or where a namespace selector asks for labels of a Namespace that is not in the
        tree.""",
    fix="""Give the object the labels that the server's selector wants, put it into a namespace that the server
        looks into, or widen the selector.""",
    example="""
        apiVersion: monitoring.coreos.com/v1
        kind: Prometheus
        metadata: {name: main, namespace: monitoring}
        spec:
          serviceMonitorSelector: {matchLabels: {team: web}}
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: shop, namespace: monitoring, labels: {team: backend}}
        spec:
          selector: {matchLabels: {app: shop}}
          endpoints: [{port: metrics}]
        """,
)
RULE = check(
    Severity.WARNING,
    "rule-not-loaded",
    "A PrometheusRule that no server loads",
    description="""No Prometheus or ThanosRuler of the tree selects this PrometheusRule: its alerts never fire
        and its series are never recorded. A server without a ruleSelector selects none.""",
    fix="Give the rule the labels that the server's ruleSelector wants, or set a ruleSelector ({} selects all).",
    example="""
        apiVersion: monitoring.coreos.com/v1
        kind: Prometheus
        metadata: {name: main, namespace: monitoring}
        spec:
          serviceMonitorSelector: {}
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata: {name: shop, namespace: monitoring}
        spec:
          groups:
          - name: shop
            rules: [{alert: ShopDown, expr: up == 0}]
        """,
)
ALERTMANAGER_CONFIG = check(
    Severity.WARNING,
    "alertmanager-config-not-selected",
    "An AlertmanagerConfig that no Alertmanager takes",
    description="""No Alertmanager of the tree selects this AlertmanagerConfig or names it as its
        alertmanagerConfiguration: its routes and receivers take no alert.""",
    fix="Give it the labels that the alertmanagerConfigSelector wants, or widen that selector.",
    example="""
        apiVersion: monitoring.coreos.com/v1
        kind: Alertmanager
        metadata: {name: main, namespace: monitoring}
        spec: {}
        ---
        apiVersion: monitoring.coreos.com/v1alpha1
        kind: AlertmanagerConfig
        metadata: {name: shop, namespace: monitoring}
        spec:
          route: {receiver: shop}
          receivers: [{name: shop, webhookConfigs: [{url: "https://example.com/"}]}]
        """,
)
UNKNOWN = check(
    Severity.INFO,
    "selection-unknown",
    "Whether a resource is selected cannot be told",
    description="""The tree holds no server that could select resources of this kind, or a server asks for
        labels of a Namespace that is not in the tree.""",
    fix="Validate a tree that holds the servers and the Namespaces too, or leave it: it is a notice.",
    example="""
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: shop, namespace: monitoring}
        spec:
          selector: {matchLabels: {app: shop}}
          endpoints: [{port: metrics}]
        """,
)
CHECKS = (MONITOR, RULE, ALERTMANAGER_CONFIG, UNKNOWN)
_BY_KIND = {"PrometheusRule": RULE, "AlertmanagerConfig": ALERTMANAGER_CONFIG}


def find(tree: Tree) -> Iterator[Finding]:
    """Resources that no server of the tree selects."""
    for kind, selecting in SELECTING.items():
        servers = [server for server, _ in tree.selected[kind]]
        taken = {one.key for _, chosen in tree.selected[kind] for one in chosen} | _named(kind, servers)
        left = [one for one in tree.objects.of_kind(kind) if one.key not in taken]
        if left and not servers:
            message = f"the tree holds no {' or '.join(selecting.servers)}: whether one selects it is not known"
            yield UNKNOWN.finding(left[0].key, f"{message} (so for all {len(left)} of its kind)")
            continue
        for one in left:
            if watched(one.key.namespace, tree.options):
                yield _told(one, servers, selecting, tree)


def _named(kind: str, servers: list[Object[Any]]) -> set[Any]:
    """The AlertmanagerConfigs that servers name as their own configuration."""
    if kind != "AlertmanagerConfig":
        return set()
    named = ((server, server.value.spec.alertmanagerConfiguration) for server in servers)
    return {server.key._replace(kind=kind, name=own.name) for server, own in named if own is not None and own.name}


def _told(one: Object[Any], servers: list[Object[Any]], selecting: Selecting, tree: Tree) -> Finding:
    sights = [sight for server in servers if (sight := _sight(one, server, selecting, tree)) is not None]
    near = next((sight.near for sight in sights if sight.near is not None), None)
    if near is not None:
        reason = next(sight.reason for sight in sights if sight.near is near)
        message = f"no server selects it, perhaps for a typo: {near.meant}"
        hint = f"{reason}; did you mean {near.label}={near.value}?"
        return TYPO.finding(one.key, message, field="metadata.labels", hint=hint)
    if any(sight.unknown for sight in sights):
        namespace = one.key.namespace
        message = f"whether a server selects it depends on labels of the Namespace {namespace}, which is not here"
        return UNKNOWN.finding(one.key, message, hint="add the Namespace to the tree")
    has = _labels_text(one.value.metadata.labels)
    more = f" and {len(sights) - MOST_SERVERS} more" if len(sights) > MOST_SERVERS else ""
    hint = "; ".join(sight.reason for sight in sights[:MOST_SERVERS]) + more
    return _BY_KIND.get(one.key.kind, MONITOR).finding(
        one.key, f"no server of the tree selects it; it has {has}", field="metadata.labels", hint=hint
    )


class _Sight(NamedTuple):
    """How a server sees a resource that it does not select: why, a likely typo, and whether that is not known."""

    reason: str
    near: Near | None
    unknown: bool


def _sight(one: Object[Any], server: Object[Any], selecting: Selecting, tree: Tree) -> _Sight | None:
    """None for a server whose selectors are none, which rendering tells."""
    selector, namespaces = (getattr(server.value.spec, name) for name in (selecting.labels, selecting.namespaces))
    labels, namespace = one.value.metadata.labels, one.key.namespace
    try:
        in_scope = namespace_filter(namespaces, server.key.namespace, tree.objects)(namespace)
        matches = compile_selector(selector)(labels)
    except Rejection:
        return None
    reasons = []
    if not matches:
        wants = f"wants {format_selector(selector)}" if selector is not None else ""
        reasons.append(f"its {selecting.labels} {wants}" if wants else f"it has no {selecting.labels}")
    if not in_scope:
        reasons.append(_why_out_of_scope(namespaces, namespace, selecting, tree))
    near = nearest(selector, [labels]) if in_scope and selector is not None else None
    asks = bool(namespaces and (namespaces.matchLabels or namespaces.matchExpressions))
    unknown = matches and not in_scope and asks and namespace not in tree.objects.namespaces
    return _Sight(f"{server.key}: {', and '.join(reasons)}", near, unknown)


def _why_out_of_scope(selector: LabelSelector | None, namespace: str, selecting: Selecting, tree: Tree) -> str:
    if selector is None:
        return f"without a {selecting.namespaces} it looks into its own namespace only"
    has = _labels_text(tree.objects.namespace_labels(namespace))
    return f"its {selecting.namespaces} wants {format_selector(selector)}, and the Namespace {namespace} has {has}"


def _labels_text(labels: Mapping[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items())) or "no labels"
