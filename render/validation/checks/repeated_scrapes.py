"""Jobs of two objects that scrape the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from render.findings import Finding, Severity
from render.generation.prometheus.target_relabeling import label_name
from render.objects.targets import SERVICE_KIND
from render.selection.labels import format_selector
from render.validation.check import check
from render.validation.ports import matching_ports

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from render.findings import ObjectKey
    from render.objects.index import Object
    from render.objects.targets import Target
    from render.validation.tree import Tree

    Scrape = tuple[Hashable, str]
    """What is scraped, and the field that says so."""

REPEATED = check(
    Severity.WARNING,
    "duplicate-scrape",
    "Two monitors that scrape the same",
    description="""A server selects two ServiceMonitors (or two PodMonitors, or two Probes or ScrapeConfigs
        with one job name) that scrape the same port and path of the same targets, with the same parameters,
        relabelings and job label: every sample is taken twice, and for Services both carry the same labels.
        Endpoints that differ in parameters, relabelings or the value of the job label are fine.""",
    fix="Remove one of the two, or let the selectors tell their targets apart.",
    example="""
        apiVersion: monitoring.coreos.com/v1
        kind: Prometheus
        metadata: {name: main, namespace: web}
        spec: {serviceMonitorSelector: {}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: shop, namespace: web, labels: {app: shop, team: web}}
        spec:
          selector: {app: shop}
          ports: [{name: metrics, port: 8080}]
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: shop, namespace: web}
        spec:
          selector: {matchLabels: {app: shop}}
          endpoints: [{port: metrics}]
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: team-web, namespace: web}
        spec:
          selector: {matchLabels: {team: web}}
          endpoints: [{port: metrics}]
        """,
)
CHECKS = (REPEATED,)


def find(tree: Tree) -> Iterator[Finding]:
    """Targets that are scraped twice."""
    for kind, scrapes in _SCRAPES.items():
        told: set[tuple[ObjectKey, ObjectKey]] = set()
        for _, chosen in tree.selected[kind]:
            yield from _repeated(chosen, scrapes, tree, told)


def _repeated(
    chosen: list[Object[Any]],
    scrapes: Callable[[Object[Any], Tree], Iterable[Scrape]],
    tree: Tree,
    told: set[tuple[ObjectKey, ObjectKey]],
) -> Iterator[Finding]:
    """A finding for each pair of objects, at the second one; `told` keeps the pairs of other servers."""
    first: dict[Hashable, ObjectKey] = {}
    for one in (one for one in chosen if one.key not in tree.rejected):
        for scrape, field in scrapes(one, tree):
            other = first.setdefault(scrape, one.key)
            if other != one.key and (other, one.key) not in told:
                told.add((other, one.key))
                yield REPEATED.finding(
                    one.key, f"{other} scrapes the same targets in the same way", field=field, hint="remove one of them"
                )


def _of_services(monitor: Object[Any], tree: Tree) -> Iterator[Scrape]:
    spec = monitor.value.spec
    further = (tuple(spec.targetLabels or ()), tuple(spec.podTargetLabels or ()))

    def job(one: Target | None) -> Hashable:
        return (spec.jobLabel if one is None else _label(one, spec.jobLabel) or one.key.name, *further)

    return _of_endpoints(monitor, "endpoints", tree, job)


def _of_pods(monitor: Object[Any], tree: Tree) -> Iterator[Scrape]:
    spec = monitor.value.spec
    return _of_endpoints(
        monitor,
        "podMetricsEndpoints",
        tree,
        lambda one: spec.jobLabel if one is None else _label(one, spec.jobLabel),
    )


def _label(target: Target, name: str | None) -> str:
    """The value of a label that a monitor names as it is, or as discovery does."""
    wanted = label_name(name or "")
    return next((value for label, value in target.labels.items() if label_name(label) == wanted), "")


def _of_endpoints(
    monitor: Object[Any], attribute: str, tree: Tree, job: Callable[[Target | None], Hashable]
) -> Iterator[Scrape]:
    """`job`: what tells the series of one target from those of the same target in another job.

    Where the targets are not in the tree, the selector stands for them.
    """
    spec = monitor.value.spec
    matched = tree.matched(monitor)
    if matched is None:
        return
    unseen = (tuple(matched.where.namespaces), format_selector(spec.selector), job(None))
    for number, endpoint in enumerate(getattr(spec, attribute) or ()):
        field = f"spec.{attribute}[{number}]"
        way = (endpoint.path or "/metrics", _plain((endpoint.params, endpoint.relabelings, endpoint.metricRelabelings)))
        for one in matched.targets:
            for port in _ports(endpoint, one):
                yield (one.key, port, way, job(one)), field
        if not matched.targets and not matched.where.known:
            yield (unseen, _wanted(endpoint), way), field


def _ports(endpoint: Any, one: Target) -> Iterable[Hashable]:  # noqa: ANN401 - an endpoint of either kind
    """The ports of a target that an endpoint takes; a targetPort is not one of the Service itself."""
    if not endpoint.port and endpoint.targetPort and one.key.kind == SERVICE_KIND:
        return [("targetPort", endpoint.targetPort)]
    wanted = _wanted(endpoint)
    return matching_ports(wanted, [one]) if wanted else one.ports


def _wanted(endpoint: Any) -> str | int | None:  # noqa: ANN401 - an endpoint of either kind
    return endpoint.port or getattr(endpoint, "portNumber", None) or endpoint.targetPort  # type: ignore[no-any-return]


def _of_probes(probe: Object[Any], _: Tree) -> Iterator[Scrape]:
    spec = probe.value.spec
    static = spec.targets.staticConfig if spec.targets is not None else None
    if static is None or spec.prober is None or not spec.jobName:
        return
    way = _plain((spec.prober, spec.module, spec.jobName, spec.params, static.labels, static.relabelingConfigs))
    for number, target in enumerate(static.static or ()):
        yield (target, way, _plain(spec.metricRelabelings)), f"spec.targets.staticConfig.static[{number}]"


def _of_scrape_configs(config: Object[Any], _: Tree) -> Iterator[Scrape]:
    spec = config.value.spec
    if not spec.jobName:
        return
    path = spec.metricsPath or "/metrics"
    for number, static in enumerate(spec.staticConfigs or ()):
        way = (spec.jobName, path, _plain((spec.params, static.labels, spec.relabelings, spec.metricRelabelings)))
        for place, target in enumerate(static.targets or ()):
            yield (target, way), f"spec.staticConfigs[{number}].targets[{place}]"


_SCRAPES = {
    "ServiceMonitor": _of_services,
    "PodMonitor": _of_pods,
    "Probe": _of_probes,
    "ScrapeConfig": _of_scrape_configs,
}


def _plain(value: object) -> bytes:
    """A value that can be compared and hashed, of any parts of the models."""
    return msgspec.msgpack.encode(value) if value else b""
