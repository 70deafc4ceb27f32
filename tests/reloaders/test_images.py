"""What the images are made of, installed as they are: from the hashed locks, into an empty environment."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.manifests import PROMETHEUS
from tests.places import ROOT
from tests.sources import git_server

IMAGES = [
    ("reloader", ("config-reloader", "rules-reloader", "dashboard-reloader"), "google-re2"),
    ("render", ("promrender",), "watchdog"),
]
UV = [str(Path(sys.executable).with_name("uv")), "pip"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built from a copy of what the images copy."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for name in ("render", "reloaders"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip"]
    subprocess.run([*pip, "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, folder], check=True)
    (built,) = folder.glob("*.whl")
    return built


def _install(wheel: Path, name: str, folder: Path) -> Path:
    """Make the environment of an image, with the steps of its Dockerfile; gives its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "env"], check=True)
    python = folder / "env" / "bin" / "python"
    install = [*UV, "install", "--quiet", "--python", str(python)]
    lock = ROOT / f"requirements-{name}.lock"
    subprocess.run([*install, "--require-hashes", "--only-binary", ":all:", "-r", lock], check=True)
    subprocess.run([*install, "--no-deps", "--no-index", wheel], check=True)
    return python


@pytest.mark.parametrize(("name", "programs", "not_there"), IMAGES, ids=["reloader", "render"])
def test_install_steps(wheel: Path, tmp_path: Path, name: str, programs: tuple[str, ...], not_there: str) -> None:
    """Each set is complete (its programs start) and has nothing of the other one's."""
    python = _install(wheel, name, tmp_path)
    for program in programs:
        done = subprocess.run([python.with_name(program), "--help"], capture_output=True, text=True, check=True)
        assert "sage:" in done.stdout
    listed = subprocess.run([*UV, "freeze", "--python", str(python)], capture_output=True, text=True, check=True).stdout
    assert not_there not in listed
    assert "pytest==" not in listed


def test_the_set_of_the_renderer_reads_repositories_and_clusters(wheel: Path, tmp_path: Path) -> None:
    made = git_server.new(tmp_path / "fleet")
    made.commit({"manifests/prometheus.yaml": PROMETHEUS})
    promrender = _install(wheel, "render", tmp_path).with_name("promrender")

    def ran(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([promrender, "render", *arguments], capture_output=True, text=True, check=False)

    from_commit = ran("--repo", made.folder, "--path", "manifests")
    assert (from_commit.returncode, from_commit.stderr) == (0, "")
    assert from_commit.stdout == ran(made.folder / "manifests").stdout
    assert "no access to the cluster" in ran("--from-cluster", "--all-namespaces", "--kubeconfig", "none").stderr


@pytest.mark.parametrize(("name", "user"), [("reloader", 65534), ("render", 65532)])
def test_dockerfile_takes_its_base_by_argument_and_runs_without_rights(name: str, user: int) -> None:
    lines = (ROOT / f"Dockerfile.{name}").read_text().splitlines()
    assert [line for line in lines if line.startswith("FROM")] == ["FROM ${BASE} AS build", "FROM ${BASE}"]
    assert f"USER {user}:{user}" in lines
    assert next(line for line in lines if line.startswith("ENTRYPOINT")).startswith('ENTRYPOINT ["/opt/')
