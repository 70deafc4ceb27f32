"""examples/helm as its README says, with the real Helm 3 and the real Helm 4."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.cli.manifests import PROMETHEUS, SECRET, SECRET_VALUE, prometheus_rule, service_monitor
from tests.cli.promrender import PROJECT, Ran, promrender

if TYPE_CHECKING:
    from collections.abc import Callable

HELMS = ("helm-3", "helm-4")
PLUGIN = PROJECT / "examples" / "helm" / "promrender"
DEPLOYMENT = "# What the shop runs.\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop, namespace: mon}\n"
HOOK = (
    "apiVersion: batch/v1\nkind: Job\n"
    "metadata: {name: migrate, namespace: mon, annotations: {helm.sh/hook: pre-install}}\n"
)


class Helm:
    """A Helm with folders of its own, and a chart."""

    def __init__(self, name: str, program: Path, folder: Path) -> None:
        self.name, self.program, self.chart = name, program, folder / "chart"
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            **{f"HELM_{kind}_HOME": str(folder / kind) for kind in ("DATA", "CACHE", "CONFIG")},
        }
        (self.chart / "templates").mkdir(parents=True)
        (self.chart / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 0.1.0\n")
        self.write(monitoring="---\n".join((PROMETHEUS, service_monitor("good"))), secret=SECRET, shop=DEPLOYMENT)

    def write(self, **templates: str) -> None:
        """Write templates of the chart."""
        for name, text in templates.items():
            (self.chart / "templates" / f"{name}.yaml").write_text(text)

    def run(self, *arguments: str) -> Ran:
        """Run Helm."""
        ran = subprocess.run(
            [self.program, *arguments], env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert SECRET_VALUE not in ran.stderr
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    def template(self, *flags: str) -> Ran:
        """Render the chart with our post-renderer and its flags."""
        flags = ("post-render", *flags) if self.name == "helm-3" else flags
        given = [f"--post-renderer-args={flag}" for flag in flags]
        return self.run("template", "shop", str(self.chart), "--post-renderer", "promrender", *given)


@pytest.fixture(params=HELMS)
def helm(request: pytest.FixtureRequest, tool: Callable[[str], Path], tmp_path: Path) -> Helm:
    """Each Helm; our plugin is installed for Helm 4."""
    found = Helm(request.param, tool(request.param), tmp_path)
    if request.param == "helm-4":
        installed = found.run("plugin", "install", str(PLUGIN))
        assert installed.status == 0, installed.err
    return found


def _objects(text: str) -> dict[str, Any]:
    found = [m for m in yaml.safe_load_all(text) if m]
    return {f"{m['kind']}/{m['metadata']['name']}": m for m in found}


def _plain(helm: Helm) -> dict[str, Any]:
    ran = helm.run("template", "shop", str(helm.chart))
    assert ran.status == 0, ran.err
    return _objects(ran.out)


def test_the_chart_comes_out_unchanged_with_what_was_made(helm: Helm, tmp_path: Path) -> None:
    helm.write(hook=HOOK)
    ran = helm.template("--workloads")
    assert ran.status == 0, ran.err
    given, made = _plain(helm), _objects(ran.out)
    assert {name: made[name] for name in given} == given
    assert "# What the shop runs.\n" in ran.out
    (tmp_path / "given.yaml").write_text(yaml.safe_dump_all(given.values()))
    rendered = _objects(promrender("render", "--workloads", tmp_path / "given.yaml").out)
    assert {name: made[name] for name in made if name not in given} == rendered


def test_custom_resources_are_dropped_on_request(helm: Helm) -> None:
    ran = helm.template("--drop-custom-resources")
    assert ran.status == 0, ran.err
    made = _objects(ran.out)
    assert {"Secret/prometheus-main", "Secret/login", "Deployment/shop"} <= set(made)
    assert not {"Prometheus/main", "ServiceMonitor/good"} & set(made)


def test_an_error_fails_and_the_finding_is_shown(helm: Helm) -> None:
    helm.write(bad=prometheus_rule("bad", "rate(up[5m)"))
    ran = helm.template()
    assert (ran.status, ran.out) == (1, "")
    assert "PrometheusRule/mon/bad" in ran.err
    assert "does not parse" in ran.err or "PromQL" in ran.err


def test_a_chart_with_nothing_left_fails(helm: Helm) -> None:
    for template in (helm.chart / "templates").iterdir():
        template.unlink()
    helm.write(monitoring=service_monitor("alone"))
    ran = helm.template("--drop-custom-resources")
    assert (ran.status, ran.out) == (1, "")
    assert "no manifest is left" in ran.err


def test_a_chart_without_monitors_passes(helm: Helm) -> None:
    for name in ("monitoring", "secret"):
        (helm.chart / "templates" / f"{name}.yaml").unlink()
    ran = helm.template()
    assert (ran.status, _objects(ran.out)) == (0, _plain(helm))


def test_secrets_of_hooks_are_seen_by_helm_4_alone(helm: Helm) -> None:
    helm.write(
        secret=SECRET.replace("spec:", "").replace(
            "  name: login", "  name: login\n  annotations: {helm.sh/hook: pre-install}"
        )
    )
    ran = helm.template()
    if helm.name == "helm-4":
        assert ran.status == 0, ran.err
        assert "Secret/prometheus-main" in _objects(ran.out)
    else:
        assert ran.status == 1
        assert "Secret mon/login does not exist" in ran.err
