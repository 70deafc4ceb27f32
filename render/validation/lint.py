"""What can be said of each file alone: syntax, schema, rules and relabelings. Nothing here looks at another file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render import promql, versions
from render.findings import Rejection, Report
from render.generation import rules
from render.generation.relabeling import check_relabel_configs
from render.generation.scope import Scope
from render.objects.index import Objects
from render.selection.references import References

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.api.relabeling import RelabelConfig
    from render.findings import Finding
    from render.objects.index import Object

NEWEST = versions.parse(versions.DEFAULT_PROMETHEUS)
"""The server whose rules apply, for no other is known."""
_DIALECT = rules.Dialect(rules.PROMETHEUS, syntax=promql.Syntax(experimental_functions=True))
_ENDPOINTS = ("endpoints", "podMetricsEndpoints")
_RELABELINGS = ("relabelings", "metricRelabelings")


def lint(objects: Objects) -> list[Finding]:
    """What is wrong with the objects of one file, as the newest Prometheus sees it; the input is not changed."""
    report = Report(list(objects.findings))
    for rule in objects.of_kind("PrometheusRule"):
        for fault in _faults_of_rule(rule):
            report.rejected(rule.key, fault)
    for kind in ("ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig"):
        for resource in objects.of_kind(kind):
            for steps, field in _relabelings(resource.value.spec):
                try:
                    check_relabel_configs(steps, NEWEST, field)
                except Rejection as fault:
                    report.rejected(resource.key, fault)
    return report.findings


def _faults_of_rule(rule: Object[Any]) -> list[Rejection]:
    scope = Scope(rule.key, NEWEST, References(Objects()), Report())
    try:
        rules.rule_file(rule, _DIALECT, scope)
    except Rejection as first:
        return rules.faults(rule, _DIALECT, scope) or [first]
    return []


def _relabelings(spec: Any) -> Iterator[tuple[list[RelabelConfig], str]]:  # noqa: ANN401 - the spec of any resource
    """All relabelings of a resource, each with its path."""
    owners = [(spec, "spec")]
    for attribute in _ENDPOINTS:
        endpoints = getattr(spec, attribute, None) or ()
        owners += [(endpoint, f"spec.{attribute}[{number}]") for number, endpoint in enumerate(endpoints)]
    for owner, field in owners:
        for attribute in _RELABELINGS:
            if steps := getattr(owner, attribute, None):
                yield steps, f"{field}.{attribute}"
