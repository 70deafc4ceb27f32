"""`promrender diff`: configurations as text, values of Secrets never, exit status as that of diff."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from tests.cli.manifests import PROMETHEUS, SECRET, SECRET_VALUE, prometheus_rule, service_monitor
from tests.cli.promrender import Ran, promrender
from tests.sources import git_server

if TYPE_CHECKING:
    from pathlib import Path

OTHER_VALUE = "never-tell-0815"
ADDITIONAL = """\
- job_name: extra
  basic_auth: {username: u, password: hidden-in-a-file}
"""


@pytest.fixture
def trees(tmp_path: Path) -> tuple[Path, Path]:
    """Two equal trees: what was before and what is now."""
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        for file, text in {"p": PROMETHEUS, "s": SECRET, "m": service_monitor("good")}.items():
            (tmp_path / name / f"{file}.yaml").write_text(text)
    return tmp_path / "old", tmp_path / "new"


def _diff(old: Path, new: Path, *arguments: str) -> Ran:
    ran = promrender("diff", *arguments, new, "--against", old)
    for value in (SECRET_VALUE, OTHER_VALUE, "hidden-in-a-file"):
        for form in (value, base64.b64encode(value.encode()).decode()):
            assert form not in ran.out + ran.err
    return ran


def test_nothing_differs(trees: tuple[Path, Path]) -> None:
    assert _diff(*trees) == Ran(0, "", "")


def test_a_changed_configuration_is_shown_as_text(trees: tuple[Path, Path]) -> None:
    old, new = trees
    (new / "m.yaml").write_text(service_monitor("good").replace("port: web", "port: metrics"))
    ran = _diff(old, new)
    assert ran.status == 1
    assert ran.out.startswith("changed Secret/mon/prometheus-main\n@@ ")
    assert "\n-      regex: web\n+      regex: metrics\n" in ran.out
    assert ran.out.count("@@ ") == ran.out.count("\n@@ ")


def test_a_changed_value_is_seen_and_not_told(trees: tuple[Path, Path]) -> None:
    old, new = trees
    (new / "s.yaml").write_text(SECRET.replace(SECRET_VALUE, OTHER_VALUE))
    ran = _diff(old, new)
    assert ran.status == 1
    assert "\n-      password: <secret mon/login:password>\n+      password: <secret mon/login:password>\n" in ran.out


@pytest.mark.parametrize("value", ["short", "it's", 'quo"te', "back\\slash", "a: b # c", "12345", "ünï-code-ö"])
def test_values_are_hidden_however_they_are_written(trees: tuple[Path, Path], value: str) -> None:
    old, new = trees
    encoded = base64.b64encode(value.encode()).decode()
    (new / "s.yaml").write_text(SECRET.replace(f"  password: {SECRET_VALUE}\n", f"data:\n  password: {encoded}\n"))
    ran = _diff(old, new)
    assert ran.status == 1
    assert "+      password: <secret mon/login:password>\n" in ran.out
    assert f"password: {value}" not in ran.out


def test_configuration_inside_a_secret_is_hidden_as_a_whole(trees: tuple[Path, Path]) -> None:
    old, new = trees
    spec = PROMETHEUS + "  additionalScrapeConfigs: {name: extra, key: jobs.yaml}\n"
    (new / "p.yaml").write_text(spec)
    encoded = base64.b64encode(ADDITIONAL.encode()).decode()
    extra = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: extra, namespace: mon}}\ndata: {{jobs.yaml: {encoded}}}\n"
    (new / "e.yaml").write_text(extra)
    ran = _diff(old, new)
    assert ran.status == 1
    assert "<secret mon/extra:jobs.yaml>" in ran.out


def test_objects_that_come_and_go_are_named(trees: tuple[Path, Path]) -> None:
    old, new = trees
    (new / "p.yaml").write_text(PROMETHEUS.replace("name: main", "name: fresh"))
    ran = _diff(old, new)
    assert ran.status == 1
    assert "removed Secret/mon/prometheus-main\n" in ran.out
    assert "added Secret/mon/prometheus-fresh\n" in ran.out


def test_commits_are_compared(tmp_path: Path) -> None:
    repository = git_server.new(tmp_path / "fleet")
    repository.commit({"a/p.yaml": PROMETHEUS, "a/s.yaml": SECRET, "a/m.yaml": service_monitor("good")})
    repository.git("tag", "before")
    repository.commit({"a/m.yaml": service_monitor("better")})
    arguments = ("diff", "--repo", repository.folder, "--path", "a", "--against-ref")
    assert promrender(*arguments, "HEAD").status == 0
    ran = promrender(*arguments, "before")
    assert ran.status == 1
    assert "+  - job_name: serviceMonitor/mon/better/0\n" in ran.out
    assert promrender(*arguments, "gone").status == 2


def test_what_was_rendered_before_is_compared_without_its_sources(trees: tuple[Path, Path]) -> None:
    """The old password is in no source any more, only in what was rendered."""
    old, new = trees
    rendered = old.parent / "rendered"
    assert promrender("render", "--output-dir", rendered, "--workloads", old).status == 0
    arguments = ("diff", "--workloads", new, "--against-rendered")
    assert promrender(*arguments, rendered) == Ran(0, "", "")
    (new / "s.yaml").write_text(SECRET.replace(SECRET_VALUE, OTHER_VALUE))
    (new / "m.yaml").write_text(service_monitor("good").replace("port: web", "port: metrics"))
    (new / "r.yaml").write_text(prometheus_rule("r", "vector(1)"))
    ran = promrender(*arguments, rendered)
    assert (ran.status, ran.err) == (1, "")
    assert "\n-      password: <not shown>\n+      password: <secret mon/login:password>\n" in ran.out
    assert "\n-      regex: <not shown>\n+      regex: metrics\n" in ran.out
    assert SECRET_VALUE not in ran.out
    assert OTHER_VALUE not in ran.out
    (new / "m.yaml").unlink()
    removed = promrender(*arguments, rendered)
    assert "\n-  - job_name: serviceMonitor/mon/good/0\n" in removed.out
    assert SECRET_VALUE not in removed.out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "gone"),
        ("apiVersion: v1\nkind: [", "before.yaml"),
        ("apiVersion: v1\nkind: Secret\nmetadata: 5\n", "has no metadata.name"),
    ],
)
def test_a_bad_folder_of_rendered_objects_is_trouble(trees: tuple[Path, Path], content: str | None, says: str) -> None:
    before = trees[0].parent / ("gone.yaml" if content is None else "before.yaml")
    if content is not None:
        before.write_text(content)
    ran = promrender("diff", trees[1], "--against-rendered", before)
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err


def test_trouble_is_2(trees: tuple[Path, Path]) -> None:
    old, new = trees
    assert promrender("diff", new).status == 2
    assert promrender("diff", new, "--against-ref", "main").status == 2
    assert promrender("diff", new, "--against", old, "--live").status == 2
    (new / "bad.yaml").write_text(prometheus_rule("bad", "rate(up[5m)"))
    ran = _diff(old, new)
    assert (ran.status, ran.out) == (2, "")
    assert "bad.yaml:11:" in ran.err
