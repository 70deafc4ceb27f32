"""The real pre-commit runs our hooks on a real repository.

The hooks come from our own `.pre-commit-hooks.yaml`. One test lets pre-commit install them, as it does for a user; the
others make one change, which keeps the network out: `language: system`, the command of this environment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.manifests import PROMETHEUS, SECRET, prometheus_rule, service_monitor
from tests.places import ROOT

HOOKS = ROOT / ".pre-commit-hooks.yaml"
PROGRAMS = Path(sys.executable).parent
CONFIG = """
repos:
- repo: {hooks}
  rev: {revision}
  hooks:
  - {{id: promrender-lint, language: system, additional_dependencies: []}}
  - {{id: promrender-validate, language: system, additional_dependencies: [], args: [--fail-on, warning]}}
"""
INSTALLED = """
repos:
- repo: {hooks}
  rev: {revision}
  hooks:
  - id: promrender-lint
  - id: promrender-validate
"""


def _run(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    home = folder.parent
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "PRE_COMMIT_HOME": str(home / "cache"),
        **{f"GIT_{who}_{what}": "someone@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        **more,
    }
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900, check=False
    )


def _committed(folder: Path) -> str:
    """Make the folder a repository with all of its files; gives the commit."""
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all", "--no-verify"]):
        assert _run(folder, "git", *command).returncode == 0
    return _run(folder, "git", "rev-parse", "HEAD").stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A good tree under Git, with both hooks installed."""
    hooks, tree = tmp_path / "hooks", tmp_path / "tree"
    hooks.mkdir()
    tree.mkdir()
    shutil.copy(HOOKS, hooks)
    revision = _committed(hooks)
    for name, text in {"prometheus": PROMETHEUS, "secret": SECRET, "shop": service_monitor("shop")}.items():
        (tree / f"{name}.yaml").write_text(text)
    (tree / ".pre-commit-config.yaml").write_text(CONFIG.format(hooks=hooks, revision=revision))
    _committed(tree)
    installed = _run(tree, "pre-commit", "install")
    assert installed.returncode == 0, installed.stdout
    return tree


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """What a release of this project has, as a repository of its own."""
    folder = tmp_path / "released"
    shutil.copytree(ROOT / "render", folder / "render", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "reloaders", folder / "reloaders", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder)
    return folder


def test_pre_commit_installs_hooks_that_work(released: Path, tmp_path: Path) -> None:
    """With what pip of this machine takes packages from; nothing of this checkout or its environment is in reach."""
    asked = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        str(tmp_path / "tried"),
        "msgspec",
    ]
    tried = subprocess.run(asked, capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"pip reaches no packages: {tried.stderr.strip().splitlines()[-1]}")
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / ".pre-commit-config.yaml").write_text(INSTALLED.format(hooks=released, revision=_committed(released)))
    for name, text in {"prometheus": PROMETHEUS, "secret": SECRET, "shop": service_monitor("shop")}.items():
        (tree / f"{name}.yaml").write_text(text)
    _committed(tree)
    elsewhere = {"PYTHONPATH": "", "HOME": str(Path.home())}
    good = _run(tree, "pre-commit", "run", "--all-files", **elsewhere)
    assert good.returncode == 0, good.stdout
    assert good.stdout.count("Passed") == 2
    (tree / "rule.yaml").write_text(prometheus_rule("bad", "rate(up[5m)"))
    _run(tree, "git", "add", "-A")
    bad = _run(tree, "pre-commit", "run", "--all-files", **elsewhere)
    assert bad.returncode == 1
    assert bad.stdout.count("rule.yaml:11:") == 2


def _commit(tree: Path) -> subprocess.CompletedProcess[str]:
    _run(tree, "git", "add", "-A")
    return _run(tree, "git", "commit", "-m", "change")


def test_the_manifest_is_one() -> None:
    ran = subprocess.run(
        ["pre-commit", "validate-manifest", HOOKS],
        env={**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_a_good_change_is_committed(repository: Path) -> None:
    (repository / "shop.yaml").write_text(service_monitor("basket"))
    ran = _commit(repository)
    assert ran.returncode == 0, ran.stderr
    assert "lint monitoring manifests" in ran.stderr
    assert "validate monitoring manifests" in ran.stderr
    assert "Failed" not in ran.stderr


def test_a_file_that_is_wrong_by_itself_is_stopped_by_both(repository: Path) -> None:
    (repository / "rule.yaml").write_text(prometheus_rule("bad", "rate(up[5m)"))
    ran = _commit(repository)
    assert ran.returncode == 1
    assert ran.stderr.count("Failed") == 2
    assert ran.stderr.count("rule.yaml:11:") == 2


def test_what_is_wrong_between_files_is_stopped_by_validate(repository: Path) -> None:
    """The change is good YAML, but the Secret that an unchanged monitor refers to is gone."""
    (repository / "secret.yaml").write_text(SECRET.replace("name: login", "name: logins"))
    ran = _commit(repository)
    assert ran.returncode == 1
    assert ran.stderr.count("Failed") == 1
    assert "Secret mon/login does not exist" in ran.stderr
    assert "- hook id: promrender-validate" in ran.stderr


def test_a_change_of_other_files_starts_no_hook(repository: Path) -> None:
    (repository / "README.md").write_text("nothing of ours\n")
    ran = _commit(repository)
    assert ran.returncode == 0
    assert ran.stderr.count("Skipped") == 2
