"""`promrender validate`, `lint` and `explain` as users run them: forms, exit statuses, wishes, bad input."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.manifests import PROMETHEUS, SECRET, SECRET_VALUE, prometheus_rule, service_monitor
from tests.cli.promrender import promrender
from tests.sources import git_server

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: mon, labels: {app: shop}}
spec: {selector: {app: shop}, ports: [{name: http, port: 80}]}
"""
FORMS = ("text", "json", "sarif", "github", "gitlab", "junit", "checkstyle")


def _monitor(name: str) -> str:
    return service_monitor(name).replace("selector: {}", "selector: {matchLabels: {app: shop}}")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with one warning: the monitor wants the port `web`, the Service has `http`."""
    (tmp_path / "prometheus.yaml").write_text(PROMETHEUS)
    (tmp_path / "secret.yaml").write_text(SECRET)
    (tmp_path / "service.yaml").write_text(SERVICE)
    (tmp_path / "monitor.yaml").write_text(_monitor("shop"))
    return tmp_path


def test_the_working_folder_is_validated_without_a_path(tree: Path) -> None:
    ran = promrender("validate", cwd=tree)
    assert ran.status == 0
    assert "monitor.yaml:9:5: spec.endpoints[0].port: no matched Service has a port named web" in ran.out
    assert "[service-port-not-found]" in ran.out
    assert ran.out.endswith("1 warning; 1 notice (-v shows them)\n")
    assert ran.err == ""


def test_standard_input_is_read_where_it_is_named(tree: Path) -> None:
    text = "---\n".join(path.read_text() for path in sorted(tree.glob("*.yaml")))
    ran = promrender("validate", "-", "-o", "json", stdin=text.encode())
    (finding,) = json.loads(ran.out)["findings"]
    assert (finding["file"], finding["code"], finding["line"] > 0) == ("-", "service-port-not-found", True)


def test_a_commit_is_validated_as_its_files_are(tree: Path) -> None:
    """The comment that holds a finding back is in the commit alone."""
    repository = git_server.new(tree / "fleet")
    files = {path.name: path.read_text() for path in sorted(tree.glob("*.yaml"))}
    repository.commit(files)
    ran = promrender("validate", "--repo", repository.folder, cwd=tree)
    assert (ran.status, ran.err) == (0, "")
    assert "fleet@HEAD:monitor.yaml:9:5: spec.endpoints[0].port: no matched Service" in ran.out
    repository.commit({"monitor.yaml": files["monitor.yaml"].replace("web", "web # promrender: ignore all-of-it")})
    assert "there is no code all-of-it to ignore" in promrender("validate", "--repo", repository.folder).out
    comment = "web # promrender: ignore service-port-not-found"
    repository.commit({"monitor.yaml": files["monitor.yaml"].replace("web", comment)})
    (repository.folder / "monitor.yaml").unlink()
    assert promrender("validate", "--repo", repository.folder).out == "1 notice (-v shows them)\n1 ignored\n"
    mixed = promrender("validate", tree / "service.yaml", "--repo", repository.folder, "--path", "prometheus.yaml")
    assert "monitor" not in mixed.out
    gone = promrender("validate", "--repo", repository.folder, "--ref", "gone", "-o", "json")
    assert (gone.status, gone.out) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 0),
        (["--fail-on", "warning"], 1),
        (["--fail-on", "info", "--ignore", "service-port-not-found"], 1),
        (["--fail-on", "warning", "--ignore", "service-port-not-found"], 0),
        (["--fail-on", "warning", "--only", "service-port-not-found"], 1),
        (["--fail-on", "warning", "--only", "selector-typo", "--only", "schema"], 0),
    ],
)
def test_what_lets_the_run_fail(tree: Path, arguments: list[str], status: int) -> None:
    assert promrender("validate", *arguments, tree).status == status


@pytest.mark.parametrize("form", FORMS)
def test_every_form_tells_the_same_and_no_secret(tree: Path, form: str) -> None:
    (tree / "rule.yaml").write_text(prometheus_rule("bad", "rate(up[5m)"))
    ran = promrender("validate", "-o", form, ".", cwd=tree)
    assert ran.status == 1
    assert "promql-invalid" in ran.out
    assert "service-port-not-found" in ran.out
    assert "size-budget" not in ran.out
    assert SECRET_VALUE not in ran.out + ran.err
    assert "size-budget" in promrender("validate", "-v", "-o", form, ".", cwd=tree).out


def test_notices_are_in_a_report_that_shall_fail_for_them(tree: Path) -> None:
    findings = json.loads(promrender("validate", "-o", "json", "--fail-on", "info", tree).out)["findings"]
    assert "info" in {finding["severity"] for finding in findings}


def test_github_commands_come_with_the_text_in_the_log(tree: Path) -> None:
    ran = promrender("validate", "-o", "github", ".", cwd=tree)
    assert ran.out.startswith("::warning file=monitor.yaml,line=9,")
    assert "1 warning" in ran.err


def test_what_the_tree_ignores_is_counted(tree: Path) -> None:
    text = _monitor("shop").replace("port: web", "port: web  # promrender: ignore service-port-not-found")
    (tree / "monitor.yaml").write_text(text)
    ran = promrender("validate", "--fail-on", "warning", tree)
    assert (ran.status, ran.out.splitlines()[-1]) == (0, "1 ignored")
    assert json.loads(promrender("validate", "-o", "json", tree).out)["summary"]["ignored"] == 1


def test_a_baseline_holds_back_what_was_known(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    baseline = tmp_path_factory.mktemp("baseline") / "known.json"
    baseline.write_text(promrender("validate", "-v", "-o", "json", ".", cwd=tree).out)
    (tree / "monitor.yaml").write_text("# a line above\n" + _monitor("shop"))
    assert promrender("validate", "--fail-on", "info", "--baseline", baseline, ".", cwd=tree).status == 0
    (tree / "more.yaml").write_text(_monitor("more"))
    ran = promrender("validate", "--fail-on", "info", "--baseline", baseline, ".", cwd=tree)
    assert ran.status == 1
    assert "ServiceMonitor/mon/more" in ran.out


def test_a_baseline_that_is_written_and_outlived(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """It has notices, too; what is no longer found is told, but for notices."""
    baseline = tmp_path_factory.mktemp("baseline") / "known.json"
    written = promrender("validate", "--write-baseline", baseline, "--fail-on", "info", ".", cwd=tree)
    assert (written.status, written.out) == (0, "")
    assert "known.json has 2 findings" in written.err
    held_back = promrender("validate", "--baseline", baseline, "--fail-on", "info", ".", cwd=tree)
    assert (held_back.status, held_back.out, held_back.err) == (0, "2 ignored\n", "")
    (tree / "service.yaml").write_text(SERVICE.replace("name: http", "name: web"))
    (tree / "prometheus.yaml").write_text(PROMETHEUS.replace("metadata:", "metadata: # as before\n ", 1))
    outlived = promrender("validate", "--baseline", baseline, "-o", "json", ".", cwd=tree)
    assert (outlived.status, json.loads(outlived.out)["findings"]) == (0, [])
    assert "no longer found" in outlived.err
    assert "ServiceMonitor/mon/shop: no matched Service has a port named web" in outlived.err
    assert "size-budget" not in outlived.err


def test_a_finding_is_known_when_other_objects_change(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the message says of other ports, and how large something is, may change."""
    baseline = tmp_path_factory.mktemp("baseline") / "known.json"
    promrender("validate", "--write-baseline", baseline, ".", cwd=tree)
    (tree / "service.yaml").write_text(SERVICE.replace("ports: [", "ports: [{name: more, port: 81}, "))
    ran = promrender("validate", "--baseline", baseline, "--fail-on", "info", ".", cwd=tree)
    assert (ran.status, ran.out, ran.err) == (0, "2 ignored\n", "")


def test_what_cannot_be_read_is_in_no_baseline(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    baseline = tmp_path_factory.mktemp("baseline") / "known.json"
    gone = tree / "gone.yaml"
    ran = promrender("validate", "--write-baseline", baseline, tree, gone)
    assert (ran.status, baseline.exists()) == (2, False)
    report = promrender("validate", "-v", "-o", "json", tree, gone)
    baseline.write_text(report.out)
    ran = promrender("validate", "--baseline", baseline, tree, gone)
    assert ran.status == 2
    assert "[source-missing]" in ran.out


def test_a_baseline_that_cannot_be_written_is_trouble(tree: Path) -> None:
    ran = promrender("validate", "--write-baseline", tree / "no" / "folder.json", tree)
    assert (ran.status, ran.out) == (2, "")
    assert "folder.json cannot be written" in ran.err
    both = promrender("validate", "--write-baseline", "a", "--baseline", "b", tree)
    assert (both.status, both.out) == (2, "")


def test_code_scanning_knows_a_finding_again(tree: Path) -> None:
    """After lines are added above it, and from another folder; not when it is another one."""

    def prints(cwd: Path) -> list[tuple[str, int]]:
        (run,) = json.loads(promrender("validate", "-o", "sarif", tree, cwd=cwd).out)["runs"]
        return [
            (
                result["partialFingerprints"]["promrender/v1"],
                result["locations"][0]["physicalLocation"]["region"]["startLine"],
            )
            for result in run["results"]
        ]

    ((before, line),) = prints(tree)
    (tree / "monitor.yaml").write_text("# one\n---\n# two\n" + _monitor("shop"))
    assert prints(tree) == [(before, line + 3)]
    assert prints(tree.parent) == [(before, line + 3)]
    (tree / "monitor.yaml").write_text(_monitor("other"))
    assert prints(tree) != [(before, line)]


def test_how_full_things_are_is_in_json_always(tree: Path) -> None:
    (tree / "rule.yaml").write_text(prometheus_rule("up", "up"))
    sizes = json.loads(promrender("validate", "-o", "json", tree).out)["sizes"]
    assert [(one["object"]["kind"], one["limit"]) for one in sizes] == [("Prometheus", 2**20), ("Prometheus", 2**19)]
    assert [one["name"].split(" ")[:2] for one in sizes] == [["the", "Secret"], ["the", "rule"]]
    assert all(0 < one["bytes"] < one["limit"] for one in sizes)
    assert all(one["share"] == round(one["bytes"] / one["limit"], 4) for one in sizes)


def test_paths_are_told_from_the_working_folder(tree: Path) -> None:
    """Whether they were given so, as absolute ones, through `..` or through a link."""
    (tree / "sub").mkdir()
    link = tree.parent / f"{tree.name}-link"
    link.symlink_to(tree)
    for path in (tree, ".", "sub/..", f"../{tree.name}", link):
        ran = promrender("validate", "-o", "json", path, cwd=tree)
        assert {one["file"] for one in json.loads(ran.out)["findings"]} == {"monitor.yaml"}, path


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b'{"findings": 5}',
        b'{"findings": [5]}',
        b'{"version": 9, "findings": []}',
        b'{"version": 1}',
        b'{"version": "2.1.0", "runs": []}',
        b"\xff",
        b"[" * 100_000,
        None,
    ],
)
def test_a_broken_baseline_is_trouble(
    tree: Path, tmp_path_factory: pytest.TempPathFactory, content: bytes | None
) -> None:
    baseline = tmp_path_factory.mktemp("baseline") / "known.json"
    if content is not None:
        baseline.write_bytes(content)
    ran = promrender("validate", "--baseline", baseline, "-o", "json", tree)
    assert (ran.status, ran.out) == (2, "")
    assert "known.json" in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-o", "pdf"], "'pdf' is not one of"),
        (["--only", "service-port-not-fuond"], "did you mean service-port-not-found"),
        (["--ignore", "E501"], "promrender explain lists the codes"),
        (["--fail-on", "fatal"], "'fatal' is not one of"),
        (["--namespaces"], "requires an argument"),
    ],
)
def test_mistaken_flags_are_usage(tree: Path, arguments: list[str], says: str) -> None:
    ran = promrender("validate", *arguments, tree) if len(arguments) > 1 else promrender("validate", tree, *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err


@pytest.mark.parametrize("command", ["validate", "lint"])
def test_a_path_that_is_not_there_is_trouble_whatever_is_ignored(tree: Path, command: str) -> None:
    gone = tree / "gone"
    ran = promrender(command, "--ignore", "source-missing", tree / "monitor.yaml", gone)
    assert ran.status == 2
    assert "there is no such file" in ran.out


@pytest.mark.parametrize("command", ["validate", "lint"])
def test_a_link_out_of_the_folder_is_trouble_whatever_is_ignored(tree: Path, command: str) -> None:
    (tree / "out.yaml").symlink_to("/etc/hostname")
    ran = promrender(command, "--ignore", "source-outside", tree)
    assert ran.status == 2
    assert "the link leads out of the folder" in ran.out


def test_bad_files_are_told_and_the_rest_is_looked_at(tree: Path) -> None:
    (tree / "bad.yaml").write_bytes(b"apiVersion: v1\nkind: Secret\nmetadata: {name: \xff}\n")
    (tree / "typo.yaml").write_text(_monitor("typo").replace("port: web", "prot: web"))
    ran = promrender("validate", tree)
    assert ran.status == 1
    for code in ("yaml-syntax", "schema", "service-port-not-found"):
        assert f"[{code}]" in ran.out


def test_a_tree_without_monitoring_objects_is_fine_but_told(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SERVICE)
    ran = promrender("validate", tmp_path)
    assert (ran.status, ran.out) == (0, "")
    assert "nothing was validated" in ran.err


def test_lint_looks_at_single_files(tree: Path) -> None:
    (tree / "rule.yaml").write_text(prometheus_rule("bad", "rate(up[5m)"))
    fine = promrender("lint", *sorted(tree.glob("[mps]*.yaml")))
    assert (fine.status, fine.out) == (0, "")
    ran = promrender("lint", tree / "rule.yaml", tree / "monitor.yaml")
    assert ran.status == 1
    assert "rule.yaml:11:" in ran.out
    assert "1 error" in ran.out


def test_lint_tells_a_mistaken_comment_once(tree: Path) -> None:
    (tree / "monitor.yaml").write_text("# promrender: ignore nothing-known\n" + _monitor("shop"))
    ran = promrender("lint", tree / "monitor.yaml")
    assert ran.out.count("ignore-unknown") == 1


def test_lint_needs_a_file() -> None:
    assert promrender("lint").status == 2


def test_explain() -> None:
    page = promrender("explain", "service-not-found")
    assert page.status == 0
    assert page.out.startswith("# service-not-found\n")
    assert re.search(r"^monitor-not-selected +warning +", promrender("explain").out, re.MULTILINE)
    unknown = promrender("explain", "service-not-fuond")
    assert unknown.status == 2
    assert "did you mean service-not-found" in unknown.err
