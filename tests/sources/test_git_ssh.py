"""`--repo` with an ssh URL, on a real ssh server: keys are Git's and ssh's own matter, and nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.promrender import promrender
from tests.sources import ssh_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sources.git_server import Working
    from tests.sources.ssh_server import SshServer


@pytest.fixture
def server(repository: Working, tmp_path: Path) -> Iterator[SshServer]:
    """The folder of the repository on a server."""
    with ssh_server.serve(repository.folder.parent, tmp_path) as running:
        yield running


@pytest.mark.parametrize("said_by", ["environment", "configuration"])
def test_a_key_is_used_as_git_is_told(
    repository: Working, server: SshServer, said_by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if said_by == "environment":
        monkeypatch.setenv("GIT_SSH_COMMAND", server.command())
    else:
        (tmp_path / "gitconfig").write_text(f"[core]\n\tsshCommand = {server.command()}\n")
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    expected = promrender("render", "--repo", repository.folder)
    assert promrender("render", "--repo", f"{server.url}/fleet") == expected
    assert expected.status == 0


def test_a_server_that_wants_another_key_is_trouble(server: SshServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", server.command(key=False))
    ran = promrender("render", "--repo", f"{server.url}/fleet")
    assert (ran.status, ran.out) == (2, "")
    assert "Permission denied (publickey)" in ran.err
    assert "(give ssh a key that may read the repository)" in ran.err


def test_a_host_that_ssh_does_not_know_is_trouble_and_nobody_is_asked(server: SshServer) -> None:
    ran = promrender("render", "--repo", f"{server.url}/fleet")
    assert (ran.status, ran.out) == (2, "")
    assert "Host key verification failed" in ran.err
    assert "add the host to ssh's known_hosts" in ran.err


def test_a_password_in_an_ssh_url_is_not_told(server: SshServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", server.command())
    ran = promrender("render", "--repo", f"{server.url.replace('git@', 'git:never-tell@')}/fleet", "--ref", "gone")
    assert (ran.status, ran.out) == (2, "")
    assert "never-tell" not in ran.err
