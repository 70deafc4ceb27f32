"""`promrender post-render`: what it does with manifests; test_helm.py has the real Helm call it."""

from __future__ import annotations

import yaml

from tests.cli.manifests import PROMETHEUS, SECRET, SECRET_VALUE, prometheus_rule, service_monitor
from tests.cli.promrender import promrender

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


def test_nothing_left_is_trouble() -> None:
    ran = promrender("post-render", "--drop-custom-resources", stdin=service_monitor("alone").encode())
    assert (ran.status, ran.out) == (2, "")
    assert "no manifest is left" in ran.err
