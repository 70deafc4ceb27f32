"""`--repo`: commits of real repositories, from folders and from real servers, and what can be wrong there."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from render.sources import reading
from render.sources.git_tree import GitTree
from tests.cli.manifests import SECRET, SECRET_VALUE, prometheus_rule, service_monitor
from tests.cli.promrender import promrender
from tests.sources import git_server
from tests.sources.conftest import TREE
from tests.sources.git_server import PASSWORD, USER, Working

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_commit_gives_what_its_files_give(repository: Working) -> None:
    from_files = promrender("render", repository.folder / "clusters")
    from_commit = promrender("render", "--repo", repository.folder, "--path", "clusters")
    assert from_commit == from_files
    assert from_commit.status == 0


def test_the_working_tree_does_not_matter(repository: Working) -> None:
    committed = promrender("render", "--repo", repository.folder)
    (repository.folder / "clusters/prod/prometheus.yaml").write_text("broken: [")
    assert promrender("render", "--repo", repository.folder, "--ref", "main") == committed


def test_branches_tags_and_commits_are_refs(repository: Working) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.git("tag", "-a", "v1", "-m", "first")
    repository.commit({"clusters/prod/second.yaml": service_monitor("second")})
    of_first = promrender("render", "--repo", repository.folder, "--ref", first)
    assert promrender("render", "--repo", repository.folder, "--ref", "v1") == of_first
    assert promrender("render", "--repo", repository.folder, "--ref", first[:12]) == of_first
    assert promrender("render", "--repo", repository.folder, "--ref", "main~1") == of_first
    assert promrender("render", "--repo", repository.folder, "--ref", "main") != of_first


def test_inside_a_git_hook_the_repository_named_is_the_one_read(
    repository: Working, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = git_server.new(tmp_path / "other").folder / ".git"
    for name, path in (("DIR", ""), ("COMMON_DIR", ""), ("INDEX_FILE", "index"), ("OBJECT_DIRECTORY", "objects")):
        monkeypatch.setenv(f"GIT_{name}", str(other / path))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.parent))
    assert promrender("render", "--repo", repository.folder).status == 0


def test_bare_repositories_working_trees_and_folders_in_them_are_repositories(
    repository: Working, tmp_path: Path
) -> None:
    expected = promrender("render", "--repo", repository.folder)
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    repository.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"))
    for folder in (
        tmp_path / "bare.git",
        tmp_path / "tree",
        repository.folder / "clusters",
        repository.folder / ".git",
    ):
        assert promrender("render", "--repo", folder) == expected
    assert expected.status == 0


def test_a_repository_with_sha_256_is_one(tmp_path: Path, cache: Path) -> None:
    made = git_server.new(tmp_path / "long", "--object-format=sha256")
    commit = made.commit(TREE)
    assert len(commit) == 64
    assert promrender("render", "--repo", made.folder, "--ref", commit).status == 0
    assert not cache.exists()


def test_findings_name_the_file_in_the_commit_with_its_line(repository: Working) -> None:
    repository.commit({"clusters/prod/bad.yaml": prometheus_rule("bad", "rate(up[5m)")})
    ran = promrender("render", "--repo", repository.folder, "--ref", "main")
    assert ran.status == 1
    assert f"{repository.folder}@main:clusters/prod/bad.yaml:11:" in ran.err


def test_several_repositories_and_files_are_one_input(repository: Working, tmp_path: Path) -> None:
    other = git_server.new(tmp_path / "other")
    other.commit({"apps/second.yaml": service_monitor("second"), "elsewhere/broken.yaml": "apiVersion: v1\nkind: ["})
    third = tmp_path / "third.yaml"
    third.write_text(service_monitor("third"))
    arguments: list[str | Path] = [
        "--repo",
        repository.folder,
        "--path",
        "clusters",
        "--repo",
        other.folder,
        "--path",
        "apps",
    ]
    ran = promrender("render", "--repo", repository.folder, third)
    assert ran.status == 0
    together = promrender("render", "-v", *arguments, third)
    assert (together.status, together.err) == (0, "")
    files = tmp_path / "all"
    files.mkdir()
    for name, text in {
        **TREE,
        "second.yaml": service_monitor("second"),
        "third.yaml": service_monitor("third"),
    }.items():
        if name.endswith(".yaml"):
            (files / name.rpartition("/")[2]).write_text(text)
    assert promrender("render", files).out == together.out


def test_a_url_is_fetched_without_history_and_other_files(repository: Working, url: str, cache: Path) -> None:
    repository.commit({"clusters/prod/good.yaml": service_monitor("good") + "# changed\n"})
    ran = promrender("render", "--repo", url, "--path", "clusters", "--ref", "main")
    assert ran == promrender("render", "--repo", repository.folder, "--path", "clusters")
    (kept,) = (cache / "promrender" / "git").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o700
    there = subprocess.run(
        ["git", "cat-file", "--batch-all-objects", "--batch-check=%(objecttype)"],
        cwd=kept,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert there.count("commit") == 1
    assert there.count("blob") == 3


def test_a_url_follows_its_branch(repository: Working, url: str) -> None:
    before = promrender("render", "--repo", url)
    assert before.status == 0
    repository.commit({"clusters/prod/second.yaml": service_monitor("second")})
    after = promrender("render", "--repo", url)
    assert after.out != before.out
    assert after == promrender("render", "--repo", repository.folder)


def test_a_commit_of_a_url_is_fetched_once(repository: Working, cache: Path) -> None:
    commit = repository.git("rev-parse", "HEAD")
    with git_server.daemon(repository.folder.parent) as root:
        url = f"{root}/fleet"
        first = promrender("render", "--repo", url, "--ref", commit)
    assert first.status == 0
    assert promrender("render", "--repo", url, "--ref", commit) == first
    assert cache.exists()


def test_a_server_without_partial_clones_is_fine(repository: Working, url: str) -> None:
    repository.git("config", "uploadpack.allowFilter", "false")
    assert promrender("render", "--repo", url).status == 0


def test_without_a_cache_folder_a_temporary_one_is_used_and_removed(
    repository: Working, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    occupied = tmp_path / "occupied"
    occupied.write_text("a file, where no folder can be")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(occupied))
    monkeypatch.setenv("TMPDIR", str(temporary))
    assert promrender("render", "--repo", url) == promrender("render", "--repo", repository.folder)
    assert list(temporary.iterdir()) == []


def test_credentials_come_from_the_helpers_of_git(
    repository: Working, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    with git_server.http_server(repository.folder.parent) as server:
        refused = promrender("render", "--repo", f"{server.url}/fleet")
        assert refused.status == 2
        assert "credential helper" in refused.err
        assert not server.answered
        helper = f"!f() {{ echo username={USER}; echo password={PASSWORD}; }}; f"
        for name, value in (("COUNT", "1"), ("KEY_0", "credential.helper"), ("VALUE_0", helper)):
            monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
        assert promrender("render", "--repo", f"{server.url}/fleet").status == 0
        assert server.answered
    _nothing_is_told(cache)


def test_a_password_in_a_url_is_used_and_never_told(repository: Working, cache: Path) -> None:
    repository.commit({"bad.yaml": prometheus_rule("bad", "rate(up[5m)")})
    with git_server.http_server(repository.folder.parent) as server:
        with_password = server.url.replace("://", f"://{USER}:{PASSWORD}@") + "/fleet"
        ran = promrender("render", "--repo", with_password)
        assert ran.status == 1
        assert f"{server.url}/fleet@HEAD:bad.yaml:11:" in ran.err
        gone = promrender("render", "--repo", with_password, "--ref", "gone")
        wrong = promrender("render", "--repo", with_password.replace(f"{USER}:", "other:"))
    assert (gone.status, wrong.status) == (2, 2)
    assert PASSWORD not in ran.err + gone.err + wrong.err
    _nothing_is_told(cache)


def _nothing_is_told(cache: Path) -> None:
    kept = [path.read_bytes() for path in cache.rglob("*") if path.is_file()]
    assert kept
    assert not any(PASSWORD.encode() in content for content in kept)


def test_templates_of_charts_are_skipped_as_in_folders(repository: Working) -> None:
    repository.commit(
        {"chart/Chart.yaml": "name: c\n", "chart/templates/x.yaml": 'kind: {{ .Values.kind }}\napiVersion: "v1"\n'}
    )
    ran = promrender("render", "-v", "--repo", repository.folder)
    assert ran.status == 0
    assert "a template of a Helm chart" in ran.err


def test_no_value_of_a_secret_is_told(repository: Working) -> None:
    repository.commit({"clusters/prod/secret.yaml": SECRET.replace("user: prometheus", "user: [")})
    ran = promrender("render", "--repo", repository.folder)
    assert ran.status == 1
    assert SECRET_VALUE not in ran.err


def test_several_processes_give_what_one_gives(repository: Working) -> None:
    repository.commit({f"clusters/prod/m{number}.yaml": service_monitor(f"m{number}") for number in range(30)})
    tree = GitTree(str(repository.folder), "main", "clusters")
    alone, together = (reading.read((), processes=processes, trees=[tree]) for processes in (1, 3))
    assert len(alone.kept) == 33
    assert together == alone
