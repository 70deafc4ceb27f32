"""`promrender post-render`, called as Helm 3 calls a post-renderer, and the plugin that Helm 4 calls."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml

from tests.cli.manifests import PROMETHEUS, SECRET, SECRET_VALUE, prometheus_rule, service_monitor
from tests.cli.promrender import PROJECT, promrender

DEPLOYMENT = "# Source: shop/templates/deployment.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\n"
CHART = "---\n" + "---\n".join((DEPLOYMENT, PROMETHEUS, SECRET, service_monitor("good")))


def _kinds(text: str) -> list[str]:
    return [f"{m['kind']}/{m['metadata']['name']}" for m in yaml.safe_load_all(text)]


def test_the_chart_comes_back_unchanged_with_what_was_made_behind_it() -> None:
    ran = promrender("post-render", stdin=CHART.encode())
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(CHART)
    assert "Secret/prometheus-main" in _kinds(ran.out[len(CHART) :])


def test_custom_resources_are_dropped_on_request() -> None:
    ran = promrender("post-render", "--drop-custom-resources", stdin=CHART.encode())
    assert ran.status == 0
    kinds = _kinds(ran.out)
    assert kinds[:2] == ["Deployment/shop", "Secret/login"]
    assert not [kind for kind in kinds if kind.startswith(("Prometheus/", "ServiceMonitor/"))]
    assert ran.out.startswith("---\n" + DEPLOYMENT)


def test_a_chart_without_anything_to_render_passes() -> None:
    ran = promrender("post-render", stdin=DEPLOYMENT.encode())
    assert (ran.status, ran.out) == (0, "---\n" + DEPLOYMENT)


def test_errors_fail_and_print_no_manifests() -> None:
    bad = "---\n".join((PROMETHEUS, SECRET, prometheus_rule("bad", "rate(up[5m)")))
    ran = promrender("post-render", stdin=bad.encode())
    assert (ran.status, ran.out) == (1, "")
    assert "PrometheusRule/mon/bad" in ran.err
    assert SECRET_VALUE not in ran.err


def test_empty_or_broken_input_is_trouble() -> None:
    assert promrender("post-render", stdin=b"").status == 2
    assert promrender("post-render", stdin=b"a: [").status == 2


def test_the_plugin_for_helm_4_calls_this_command() -> None:
    plugin = yaml.safe_load((PROJECT / "examples" / "helm" / "promrender" / "plugin.yaml").read_text())
    assert (plugin["apiVersion"], plugin["type"], plugin["runtime"]) == ("v1", "postrenderer/v1", "subprocess")
    (called,) = plugin["runtimeConfig"]["platformCommand"]
    program = Path(sys.executable).parent / called["command"]
    ran = subprocess.run([program, *called["args"]], input=CHART.encode(), capture_output=True, check=True, timeout=60)
    assert ran.stdout.startswith(CHART.encode())
