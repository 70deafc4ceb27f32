"""What the images are made of, installed as they are: from the hashed locks, into an empty environment."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

IMAGES = [
    ("reloader", ("config-reloader", "rules-reloader", "dashboard-reloader"), "google-re2"),
    ("render", ("promrender",), "watchdog"),
]


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


@pytest.mark.parametrize(("name", "programs", "not_there"), IMAGES, ids=["reloader", "render"])
def test_install_steps(wheel: Path, tmp_path: Path, name: str, programs: tuple[str, ...], not_there: str) -> None:
    """Each set is complete (its programs start) and has nothing of the other one's."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    python = tmp_path / "env" / "bin" / "python"
    uv = [str(Path(sys.executable).with_name("uv")), "pip"]
    into = ["--quiet", "--python", str(python)]
    lock = str(ROOT / f"requirements-{name}.lock")
    subprocess.run([*uv, "install", *into, "--require-hashes", "--only-binary", ":all:", "-r", lock], check=True)
    subprocess.run([*uv, "install", *into, "--no-deps", "--no-index", str(wheel)], check=True)
    for program in programs:
        done = subprocess.run([python.with_name(program), "--help"], capture_output=True, text=True, check=True)
        assert "sage:" in done.stdout
    listed = subprocess.run([*uv, "freeze", *into[1:]], capture_output=True, text=True, check=True).stdout
    assert not_there not in listed
    assert "pytest==" not in listed


@pytest.mark.parametrize("name", ["reloader", "render"])
def test_dockerfile_takes_its_base_by_argument_and_runs_as_nobody(name: str) -> None:
    lines = (ROOT / f"Dockerfile.{name}").read_text().splitlines()
    assert [line for line in lines if line.startswith("FROM")] == ["FROM ${BASE} AS build", "FROM ${BASE}"]
    assert "USER 65532:65532" in lines
    assert next(line for line in lines if line.startswith("ENTRYPOINT")).startswith('ENTRYPOINT ["/opt/')
