"""The repository that the tests of `--repo` begin with, and a server for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.manifests import PROMETHEUS, SECRET, service_monitor
from tests.sources import git_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sources.git_server import Working

TREE = {
    "clusters/prod/prometheus.yaml": PROMETHEUS,
    "clusters/prod/secret.yaml": SECRET,
    "clusters/prod/good.yaml": service_monitor("good"),
    "docs/large.bin": "x" * 50_000,
    "README.md": "no manifest",
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, and no configuration of Git from outside."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    return tmp_path / "cache"


@pytest.fixture
def repository(tmp_path: Path, cache: Path) -> Working:
    """A repository with one good commit, below a folder that a server can serve."""
    assert not cache.exists()
    made = git_server.new(tmp_path / "served" / "fleet")
    made.commit(TREE)
    return made


@pytest.fixture
def url(repository: Working) -> Iterator[str]:
    """The repository on a real `git daemon`."""
    with git_server.daemon(repository.folder.parent) as root:
        yield f"{root}/fleet"
