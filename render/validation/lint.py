"""What can be said of each file alone: syntax, schema, rules, relabelings, routes. Nothing looks at another file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render import promql, versions
from render.findings import Rejection, Report
from render.generation import rules
from render.generation.alertmanager import config, conversion
from render.generation.relabeling import check_relabel_configs
from render.generation.scope import Scope
from render.objects.index import Objects
from render.selection.references import References

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from render.api.relabeling import RelabelConfig
    from render.findings import Finding, ObjectKey
    from render.objects.index import Object

NEWEST = versions.parse(versions.DEFAULT_PROMETHEUS)
"""The server whose rules apply, for no other is known."""
_DIALECT = rules.Dialect(rules.PROMETHEUS, syntax=promql.Syntax(experimental_functions=True))
_ENDPOINTS = ("endpoints", "podMetricsEndpoints")
_RELABELINGS = ("relabelings", "metricRelabelings")


def lint(objects: Objects) -> list[Finding]:
    """What is wrong with the objects of one file, as the newest Prometheus sees it; the input is not changed."""
    return [*objects.findings, *faults(objects)]


def faults(objects: Objects, among: Collection[ObjectKey] | None = None) -> list[Finding]:
    """What is wrong with rules, relabelings and AlertmanagerConfigs: all of them, or those `among` some."""
    report = Report()
    for rule in _some(objects, "PrometheusRule", among):
        for fault in _faults_of_rule(rule):
            report.rejected(rule.key, fault)
    for kind in ("ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig"):
        for resource in _some(objects, kind, among):
            for steps, field in _relabelings(resource.value.spec):
                try:
                    check_relabel_configs(steps, NEWEST, field)
                except Rejection as fault:
                    report.rejected(resource.key, fault)
    for found in _some(objects, config.KIND, among):
        try:
            config.validate(conversion.spec_of(found.value))
        except Rejection as fault:
            fault.field = conversion.field_of(found.value, fault.field)
            report.rejected(found.key, fault)
    return report.findings


def _some(objects: Objects, kind: str, among: Collection[ObjectKey] | None) -> Iterator[Object[Any]]:
    return (one for one in objects.of_kind(kind) if among is None or one.key in among)


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
