"""What can be wrong with a repository that `--repo` names: each is told with what to do, and ends with status 2."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from render.sources import git_repository
from render.sources.git_tree import GitTree
from render.sources.unusable import UnusableSourceError
from tests.cli.manifests import service_monitor
from tests.cli.promrender import PROJECT, promrender
from tests.sources import git_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sources.git_server import Working


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--ref", "gone"], "no commit gone"),
        (["--ref", "--upload-pack=touch /tmp/x"], "no name of a commit"),
        (["--ref", ""], "no name of a commit"),
        (["--path", "clusters/gone"], "@HEAD:clusters/gone does not exist"),
        (["--ref", "main", "--ref", "main"], "--ref is given 2 times, --repo 1 times"),
    ],
)
def test_what_a_repository_lacks_is_trouble_and_nothing_is_written(
    repository: Working, arguments: list[str], says: str
) -> None:
    ran = promrender("render", f"--repo={repository.folder}", *(f"{a}" for a in _joined(arguments)))
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err


def _joined(arguments: list[str]) -> list[str]:
    return [f"{flag}={value}" for flag, value in zip(arguments[::2], arguments[1::2], strict=True)]


@pytest.mark.parametrize(
    ("repository_name", "says"),
    [
        ("/gone", "there is no such folder, and it is no URL"),
        ("git://127.0.0.1:1/fleet", "Connection refused"),
        ("ssh://git@127.0.0.1:1/fleet", "Connection refused"),
        ("https://host.invalid/fleet", "ould not resolve host: host.invalid (correct the host in the URL)"),
        ("git@host.invalid:fleet", "ould not resolve host"),
        ("ext::sh -c touch% promrender-was-here", "there is no such folder, and it is no URL"),
        ("ext://sh", "git fetch failed"),
    ],
)
def test_a_repository_that_cannot_be_reached_is_trouble(repository_name: str, says: str, cache: Path) -> None:
    ran = promrender("render", "--repo", repository_name)
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err
    assert "traceback" not in ran.err.lower()
    assert cache


def test_a_folder_without_a_repository_is_trouble(tmp_path: Path) -> None:
    ran = promrender("render", "--repo", tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert "not a git repository" in ran.err


def test_a_ref_that_a_server_lacks_is_trouble(url: str) -> None:
    ran = promrender("render", "--repo", url, "--ref", "gone")
    assert (ran.status, ran.out) == (2, "")
    assert "name a branch, a tag or all 40 digits of a commit" in ran.err


def test_a_shallow_clone_lacks_older_commits(repository: Working, tmp_path: Path) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.commit({})
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.folder}", str(tmp_path / "shallow"))
    assert promrender("render", "--repo", tmp_path / "shallow").status == 0
    for older in (first, "main~1"):
        ran = promrender("render", "--repo", tmp_path / "shallow", "--ref", older)
        assert (ran.status, ran.out) == (2, "")
        assert "in a shallow clone, fetch it first" in ran.err


@pytest.mark.parametrize("what", ["HEAD", "HEAD^{tree}", "HEAD:clusters/prod/good.yaml"])
def test_a_corrupt_object_is_told(repository: Working, what: str) -> None:
    identity = repository.git("rev-parse", what)
    loose = repository.folder / ".git" / "objects" / identity[:2] / identity[2:]
    content = loose.read_bytes()
    loose.chmod(0o644)
    loose.write_bytes(content[: len(content) // 2])
    ran = promrender("render", "--repo", repository.folder)
    assert (ran.status, ran.out) == (2, "")
    assert "run git fsck there, or fetch it anew" in ran.err


def test_a_broken_configuration_of_a_repository_is_told(repository: Working) -> None:
    (repository.folder / ".git" / "config").write_text("[broken")
    ran = promrender("render", "--repo", repository.folder)
    assert (ran.status, ran.out) == (2, "")
    assert str(repository.folder) in ran.err


def test_a_server_that_never_answers_is_given_up(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_repository, "PATIENCE", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"git://127.0.0.1:{silent.getsockname()[1]}/fleet"
        with pytest.raises(UnusableSourceError, match=r"did not complete in 1 secs"):
            GitTree(address)
    assert cache.exists()


def test_links_are_followed_inside_the_repository_only(repository: Working) -> None:
    folder = repository.folder / "clusters" / "prod"
    (repository.folder / "shared" / "deep").mkdir(parents=True)
    (repository.folder / "shared" / "linked.yaml").write_text(service_monitor("linked"))
    (repository.folder / "shared" / "deep" / "far.yaml").write_text(service_monitor("far"))
    (folder / "a.yaml").symlink_to("../../shared/linked.yaml")
    (folder / "again.yaml").symlink_to("a.yaml")
    (folder / "more").symlink_to("../../shared/deep")
    repository.commit({})
    fine = promrender("render", "-o", "json", "--repo", repository.folder, "--path", "clusters")
    assert (fine.status, fine.err) == (0, "")
    assert fine == promrender("render", "-o", "json", repository.folder / "clusters", repository.folder / "shared")
    (folder / "nowhere.yaml").symlink_to("nothing.yaml")
    repository.commit({})
    ran = promrender("render", "-o", "json", "--repo", repository.folder, "--path", "clusters")
    assert (ran.status, ran.out) == (2, fine.out)
    assert ran.err.count("the link points to no file") == 1
    (folder / "out.yaml").symlink_to("/etc/passwd")
    (folder / "up.yaml").symlink_to("../../../../etc/passwd")
    (folder / "round.yaml").symlink_to("round.yaml")
    repository.commit({})
    ran = promrender("render", "-o", "json", "--repo", repository.folder, "--path", "clusters")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("the link leads out of the repository, or to itself") == 3
    named = promrender("render", "--repo", repository.folder, "--path", "clusters/prod/up.yaml")
    assert (named.status, named.out) == (2, "")
    assert "the link leads out of the repository" in named.err


@pytest.fixture
def with_submodule(repository: Working, tmp_path: Path) -> Working:
    """The repository with another one in `vendor/other`."""
    other = git_server.new(tmp_path / "other")
    other.commit({"apps/x.yaml": service_monitor("x")})
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.folder), "vendor/other")
    (repository.folder / "linked").symlink_to("vendor/other/apps")
    repository.commit({})
    return repository


def test_a_submodule_below_what_is_asked_for_is_an_error(with_submodule: Working) -> None:
    for command in ("render", "validate"):
        ran = promrender(command, "--repo", with_submodule.folder)
        assert ran.status == 2
        assert "fleet@HEAD:vendor/other" in ran.err + ran.out
        assert "fleet@HEAD:linked" in ran.err + ran.out
        assert "its files are in another repository" in ran.err + ran.out
        assert "its repository with a --repo of its own" in ran.err + ran.out
    beside = promrender("render", "--repo", with_submodule.folder, "--path", "clusters")
    assert (beside.status, beside.err) == (0, "")


@pytest.mark.parametrize("path", ["vendor/other", "vendor/other/apps/x.yaml", "linked"])
def test_a_path_in_a_submodule_is_told_as_such(with_submodule: Working, path: str) -> None:
    ran = promrender("render", "--repo", with_submodule.folder, "--path", path)
    assert (ran.status, ran.out) == (2, "")
    assert f"@HEAD:{path} is in a submodule (name the repository of that with --repo)" in ran.err


def test_a_pointer_of_lfs_is_told(repository: Working) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12\n"
    repository.commit({"clusters/prod/large.yaml": pointer})
    ran = promrender("render", "--repo", repository.folder)
    assert ran.status == 2
    assert "@HEAD:clusters/prod/large.yaml" in ran.err
    assert "a pointer of Git LFS" in ran.err
    assert "git lfs pull" in ran.err


def test_without_the_program_git_is_told(repository: Working, tmp_path: Path) -> None:
    ran = promrender("render", "--repo", repository.folder, PATH=str(tmp_path))
    assert (ran.status, ran.out) == (2, "")
    assert "there is no git on PATH (install Git, which --repo needs)" in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--help"], "Usage:"), (["render", "--repo", "."], "--repo needs GitPython (install promrender[render,git])")],
)
def test_gitpython_is_needed_for_repositories_only(arguments: list[str], says: str) -> None:
    code = "import sys; sys.modules['git'] = None; from render.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert says in ran.stdout + ran.stderr
    assert ran.returncode == (0 if "--help" in arguments else 2)
