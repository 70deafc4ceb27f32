"""examples/flux: what its pipeline renders is safe from Flux's substitution."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import yaml

from tests.cli.manifests import PROMETHEUS, SECRET, prometheus_rule, service_monitor
from tests.cli.promrender import PROJECT

EXAMPLE = PROJECT / "examples" / "flux"
ANNOTATION = "kustomize.toolkit.fluxcd.io/substitute"
REPLACING = """label_replace(up, "a", "${1}", "job", "(.*)")"""


def _render(tree: Path, out: Path) -> subprocess.CompletedProcess[str]:
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [str(EXAMPLE / "render.sh"), str(tree), str(out)]
    return subprocess.run(
        command, env={**os.environ, "PATH": paths}, capture_output=True, text=True, timeout=120, check=False
    )


def _tree(folder: Path, expression: str) -> Path:
    folder.mkdir()
    service = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: mon}\nspec: {ports: [{name: web, port: 1}]}\n"
    )
    manifests = (PROMETHEUS, SECRET, service, service_monitor("good"), prometheus_rule("rule", f"'{expression}'"))
    for number, manifest in enumerate(manifests):
        (folder / f"{number}.yaml").write_text(manifest)
    return folder


def test_what_flux_would_substitute_carries_the_annotation_that_forbids_it(tmp_path: Path) -> None:
    ran = _render(_tree(tmp_path / "tree", REPLACING), tmp_path / "out")
    assert ran.returncode == 0, ran.stderr
    made = [yaml.safe_load(path.read_text()) for path in (tmp_path / "out").rglob("*.yaml")]
    in_danger = [m for m in made if "${" in yaml.safe_dump(m)]
    assert in_danger
    assert all(m["metadata"]["annotations"][ANNOTATION] == "disabled" for m in in_danger)


def test_an_error_ends_the_pipeline(tmp_path: Path) -> None:
    assert _render(_tree(tmp_path / "tree", "rate(up[5m)"), tmp_path / "out").returncode == 1
    assert not (tmp_path / "out").exists()


def test_the_pipeline_pushes_what_the_script_rendered() -> None:
    pipeline = yaml.safe_load((EXAMPLE / "pipeline.yaml").read_text())
    steps = [step.get("run", "") for step in pipeline["jobs"]["render"]["steps"]]
    rendering = next(number for number, step in enumerate(steps) if "render.sh" in step)
    pushing = next(number for number, step in enumerate(steps) if "flux push artifact" in step)
    assert rendering < pushing
    assert steps[rendering].split()[-1] == "rendered"
    assert "--path rendered" in steps[pushing]
    repository, kustomization = yaml.safe_load_all((EXAMPLE / "cluster.yaml").read_text())
    assert kustomization["spec"]["sourceRef"] == {"kind": repository["kind"], "name": repository["metadata"]["name"]}
