"""The objects of a Prometheus: what is made, and what is left to the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import render
from render.options import Options
from tests.rendered import entries

if TYPE_CHECKING:
    from pathlib import Path

    from render.pipeline import Result

SERVER = """
apiVersion: monitoring.coreos.com/{version}
kind: {kind}
metadata: {{name: main, namespace: monitoring}}
spec: {spec}
"""
OWN = """
---
apiVersion: v1
kind: Secret
metadata: {name: prometheus-main, namespace: monitoring}
stringData: {prometheus.yaml: "global: {}"}
"""


def _render(folder: Path, kind: str, spec: str, more: str = "", options: Options | None = None) -> Result:
    file = folder / "server.yaml"
    version = "v1alpha1" if kind == "PrometheusAgent" else "v1"
    file.write_text(SERVER.format(version=version, kind=kind, spec=spec) + more)
    return render.render(render.load([str(file)]), options)


def _configuration(result: Result, name: str) -> str | None:
    found = [made for made in result.objects if (made["kind"], made["metadata"]["name"]) == ("Secret", name)]
    return entries(found[0])["prometheus.yaml"] if found else None


@pytest.mark.parametrize(
    ("kind", "name", "spec"),
    [
        ("Prometheus", "prometheus-main", "{probeSelector: {}}"),
        ("PrometheusAgent", "prom-agent-main", "{}"),
    ],
)
def test_a_selector_makes_a_configuration_and_an_agent_has_always_one(
    tmp_path: Path, kind: str, name: str, spec: str
) -> None:
    assert (_configuration(_render(tmp_path, kind, spec), name) or "").startswith("global:\n")


def test_without_selectors_no_configuration_is_made(tmp_path: Path) -> None:
    result = _render(tmp_path, "Prometheus", "{}")
    assert _configuration(result, "prometheus-main") is None
    assert [finding.code for finding in result.findings] == ["unmanaged"]


def test_a_pod_that_is_rendered_gets_an_empty_configuration_to_start_with(tmp_path: Path) -> None:
    result = _render(tmp_path, "Prometheus", "{}", options=Options(workloads=True))
    assert _configuration(result, "prometheus-main") == ""


def test_the_users_own_configuration_is_left_alone(tmp_path: Path) -> None:
    result = _render(tmp_path, "Prometheus", "{}", OWN)
    assert _configuration(result, "prometheus-main") is None
    assert [finding.code for finding in result.findings] == ["unmanaged"]


def test_the_operators_flag_makes_every_configuration_managed(tmp_path: Path) -> None:
    result = _render(tmp_path, "Prometheus", "{}", OWN, Options(disable_unmanaged_prometheus_configuration=True))
    assert (_configuration(result, "prometheus-main") or "").startswith("global:\n")


def test_a_server_that_fails_has_no_configuration_and_an_error(tmp_path: Path) -> None:
    result = _render(tmp_path, "Prometheus", "{probeSelector: {}, scrapeTimeout: 2m}")
    assert _configuration(result, "prometheus-main") is None
    assert [(str(finding.severity), finding.field) for finding in result.findings] == [("error", "spec.scrapeTimeout")]


def test_monitors_are_looked_at_where_the_rule_selector_is_invalid(tmp_path: Path) -> None:
    monitor = """
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: m, namespace: monitoring}
spec: {selector: {}, scrapeClass: unknown, endpoints: [{port: web}]}
"""
    spec = "{serviceMonitorSelector: {}, ruleSelector: {matchExpressions: [{key: a, operator: In}]}}"
    result = _render(tmp_path, "Prometheus", spec, monitor)
    assert [finding.object.kind for finding in result.findings if finding.object] == ["ServiceMonitor", "Prometheus"]
    assert result.objects == []
