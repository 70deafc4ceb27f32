"""examples/flux with the real Flux: its pipeline pushes to a registry, and its Kustomization builds what was pushed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.cli.manifests import PROMETHEUS, SECRET, prometheus_rule, service_monitor
from tests.cli.promrender import PROJECT, Ran
from tests.servers.prometheus_server import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXAMPLE = PROJECT / "examples" / "flux"
ANNOTATION = "kustomize.toolkit.fluxcd.io/substitute"
REPLACING = """label_replace(up, "a", "${1}", "job", "(.*)")"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: mon}\nspec: {ports: [{name: web, port: 1}]}\n"
GITHUB = {
    "GITHUB_SHA": "0" * 40,
    "GITHUB_REF_NAME": "main",
    "GITHUB_SERVER_URL": "https://git.example.org",
    "GITHUB_REPOSITORY": "example/fleet",
}


def _run(command: list[str], cwd: Path, **environment: str) -> Ran:
    programs = (str(Path(sys.executable).parent), str(PROJECT / ".tools" / "bin"), os.environ["PATH"])
    given = {**os.environ, "PATH": os.pathsep.join(programs), "HOME": str(cwd), **environment}
    ran = subprocess.run(command, cwd=cwd, env=given, capture_output=True, text=True, timeout=120, check=False)
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def _render(tree: Path, out: Path) -> Ran:
    return _run([str(EXAMPLE / "render.sh"), str(tree), str(out)], tree)


def _tree(folder: Path, expression: str) -> Path:
    folder.mkdir(parents=True)
    manifests = (PROMETHEUS, SECRET, SERVICE, service_monitor("good"), prometheus_rule("rule", f"'{expression}'"))
    for number, manifest in enumerate(manifests):
        (folder / f"{number}.yaml").write_text(manifest)
    return folder


def _objects(text: str) -> dict[str, Any]:
    return {f"{m['kind']}/{m['metadata']['name']}": m for m in yaml.safe_load_all(text) if m}


def _rendered(folder: Path) -> dict[str, Any]:
    return _objects("---\n".join(path.read_text() for path in folder.rglob("*.yaml")))


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def registry(tool: Callable[[str], Path], tmp_path: Path) -> Iterator[str]:
    """A real registry on a free port of this machine."""
    address = f"127.0.0.1:{free_port()}"
    log = tmp_path / "registry.log"
    command = [str(tool("crane")), "registry", "serve", "--address", address]
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as server:
        try:
            until = time.monotonic() + 30
            while "serving on port" not in log.read_text():
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.05)
            yield address
        finally:
            server.kill()


@pytest.fixture
def flux(tool: Callable[[str], Path]) -> str:
    """The real Flux."""
    return str(tool("flux"))


def _pipeline(folder: Path, registry: str) -> None:
    """Run the steps of the pipeline as they stand, but for the registry's address and the login there."""
    pipeline = yaml.safe_load((EXAMPLE / "pipeline.yaml").read_text())
    steps = {step.get("name"): step for step in pipeline["jobs"]["render"]["steps"]}
    repository = steps["Push"]["env"]["REPOSITORY"].replace("ghcr.io/${{ github.repository }}", f"{registry}/fleet")
    shutil.copytree(EXAMPLE, folder / "examples" / "flux")
    for name in ("Validate and render", "Push"):
        script = "".join(line for line in steps[name]["run"].splitlines(keepends=True) if "docker login" not in line)
        ran = _run(["sh", "-ec", script], folder, REPOSITORY=repository, **GITHUB)
        assert ran.status == 0, ran.err


def test_the_pipeline_pushes_what_it_rendered_with_a_digest_of_its_own(
    flux: str, tool: Callable[[str], Path], registry: str, tmp_path: Path
) -> None:
    digests = []
    for number in (1, 2):
        checkout = tmp_path / str(number)
        _tree(checkout / "clusters" / "harbour", REPLACING)
        _pipeline(checkout, registry)
        address = f"{registry}/fleet/monitoring:harbour"
        digests.append(_run([str(tool("crane")), "digest", address], tmp_path).out)
        pulled = checkout / "pulled"
        pulled.mkdir()
        ran = _run([flux, "pull", "artifact", f"oci://{address}", "--output", str(pulled)], tmp_path)
        assert ran.status == 0, ran.err
        assert "revision main@sha1:" in ran.err
        assert _files(pulled) == _files(checkout / "rendered")
    assert digests[0].startswith("sha256:")
    assert digests[0] == digests[1]


def test_standard_output_can_be_pushed(flux: str, registry: str, tmp_path: Path) -> None:
    tree = _tree(tmp_path / "tree", "up")
    address = f"oci://{registry}/fleet/monitoring:stream"
    push = f"promrender render . | {flux} push artifact {address} -f - --source s --revision r --reproducible -o json"
    ran = _run(["sh", "-c", push], tree)
    assert ran.status == 0, ran.err
    assert json.loads(ran.out)["tag"] == "stream"
    (tmp_path / "pulled").mkdir()
    _run([flux, "pull", "artifact", address, "--output", "pulled"], tmp_path)
    (file,) = (tmp_path / "pulled").iterdir()
    assert file.read_text() + "\n" == _run(["promrender", "render", "."], tree).out


def _built(flux: str, folder: Path, rendered: Path, substitute: dict[str, str]) -> dict[str, Any]:
    """What the Kustomization of the example applies, when it substitutes."""
    _, kustomization = yaml.safe_load_all((EXAMPLE / "cluster.yaml").read_text())
    kustomization["spec"]["postBuild"] = {"substitute": substitute}
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
    name = kustomization["metadata"]["name"]
    command = [flux, "build", "kustomization", name, "--dry-run", "--in-memory-build", "--path", str(rendered)]
    ran = _run([*command, "--kustomization-file", str(folder / "kustomization.yaml")], folder)
    assert ran.status == 0, ran.err
    return _objects(ran.out)


def test_substitution_changes_nothing_that_the_script_rendered(flux: str, tmp_path: Path) -> None:
    tree = _tree(tmp_path / "tree", REPLACING)
    assert _render(tree, tmp_path / "out").status == 0
    built, rendered = (_built(flux, tmp_path, tmp_path / "out", {"REGION": "eu"}), _rendered(tmp_path / "out"))
    assert built.keys() == rendered.keys()
    for name, made in rendered.items():
        assert {**built[name], "metadata": None} == {**made, "metadata": None}
        assert built[name]["metadata"]["annotations"][ANNOTATION] == "disabled"
    assert "${1}" in built["ConfigMap/prometheus-main-rulefiles-0"]["data"]["mon-rule.yaml"]


def test_without_the_annotation_plain_text_is_changed_and_base64_is_not(flux: str, tmp_path: Path) -> None:
    tree = _tree(tmp_path / "tree", REPLACING)
    assert _run(["promrender", "render", "--output-dir", str(tmp_path / "out"), "."], tree).status == 0
    built, rendered = (_built(flux, tmp_path, tmp_path / "out", {"REGION": "eu"}), _rendered(tmp_path / "out"))
    changed = [name for name in rendered if built[name].get("data") != rendered[name].get("data")]
    assert changed == ["ConfigMap/prometheus-main-rulefiles-0"]
    assert '"a", "", "job"' in built[changed[0]]["data"]["mon-rule.yaml"]


def test_an_error_ends_the_pipeline(tmp_path: Path) -> None:
    assert _render(_tree(tmp_path / "tree", "rate(up[5m)"), tmp_path / "out").status == 1
    assert not (tmp_path / "out").exists()


def test_the_cluster_pulls_what_the_pipeline_tags() -> None:
    repository, kustomization = yaml.safe_load_all((EXAMPLE / "cluster.yaml").read_text())
    assert kustomization["spec"]["sourceRef"] == {"kind": repository["kind"], "name": repository["metadata"]["name"]}
    assert f"--tag {repository['spec']['ref']['tag']}" in (EXAMPLE / "pipeline.yaml").read_text()
