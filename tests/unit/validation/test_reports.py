"""Every form of a report is what its readers expect: SARIF against its own schema, XML parsed, commands escaped."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifSchema

from render.findings import Finding, ObjectKey, Severity
from render.validation.reports import FORMS
from render.validation.reports.report import Report

KEY = ObjectKey("ServiceMonitor", "web", "shop")
ERROR = Finding(Severity.ERROR, "schema", "is no field", KEY, "spec.a", "dir/a b.yaml", 3, 5, "did you mean b?")
WARNING = Finding(Severity.WARNING, "service-not-found", "50%: no\nService", KEY, "spec.selector", "dir/a.yaml", 7)
NOTICE = Finding(Severity.INFO, "source-skipped", "skipped \x1b[31m & <more>", file="x,y:z.yaml")
NOWHERE = Finding(Severity.ERROR, "made-up", "no page, no file, no object")
ALL = [ERROR, WARNING, WARNING, NOTICE, NOWHERE]


def _report(*findings: Finding) -> Report:
    return Report(list(findings), frozenset({Severity.ERROR}), 2, "1.2.3")


def _xml(form: str, *findings: Finding) -> ET.Element:
    return ET.fromstring(FORMS[form](_report(*findings)))  # noqa: S314 - our own text


@pytest.mark.parametrize("findings", [ALL, []], ids=["some", "none"])
def test_sarif_is_what_its_schema_says(findings: list[Finding]) -> None:
    text = FORMS["sarif"](_report(*findings))
    SarifSchema.model_validate_json(text)
    (run,) = json.loads(text)["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [finding.code for finding in findings]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "warning", "note", "error"][
        : len(findings)
    ]


def test_sarif_names_files_by_relative_references_and_fingerprints_differ() -> None:
    (run,) = json.loads(FORMS["sarif"](_report(*ALL)))["runs"]
    places = [result["locations"][0].get("physicalLocation") for result in run["results"]]
    assert places[4] == {"artifactLocation": {"uri": "."}}
    assert places[0] == {
        "artifactLocation": {"uri": "dir/a%20b.yaml"},
        "region": {"startLine": 3, "startColumn": 5},
    }
    prints = [result["partialFingerprints"]["promrender/v1"] for result in run["results"]]
    assert len(set(prints)) == len(ALL)


def test_a_finding_keeps_its_fingerprint_when_lines_are_added_above() -> None:
    moved = Finding(ERROR.severity, ERROR.code, ERROR.message, KEY, ERROR.field, ERROR.file, 30, 5, ERROR.hint)
    first, second = (json.loads(FORMS["json"](_report(one)))["findings"][0] for one in (ERROR, moved))
    assert first["fingerprint"] == second["fingerprint"]
    assert first["line"] != second["line"]


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("no Service has a port web; Service a has http (80)", "no Service has a port web; Service b has none", True),
        ("it has 430,000 of at most 524,288 bytes (82%)", "it has 431,000 of at most 524,288 bytes (82%)", True),
        ("no Service has a port web1", "no Service has a port web2", False),
    ],
)
def test_what_others_change_in_a_message_is_not_in_the_fingerprint(before: str, after: str, *, same: bool) -> None:
    prints = [
        json.loads(FORMS["json"](_report(Finding(Severity.WARNING, "service-port-not-found", text, KEY))))["findings"][
            0
        ]["fingerprint"]
        for text in (before, after)
    ]
    assert (prints[0] == prints[1]) is same


def test_json_has_everything() -> None:
    whole = json.loads(FORMS["json"](_report(*ALL)))
    assert whole["summary"] == {"error": 2, "warning": 2, "info": 1, "ignored": 2}
    assert whole["findings"][0]["object"] == {"kind": "ServiceMonitor", "namespace": "web", "name": "shop"}
    assert whole["findings"][4]["object"] is None


def test_gitlab_wants_unique_fingerprints_a_path_and_a_line() -> None:
    issues = json.loads(FORMS["gitlab"](_report(*ALL)))
    assert len({issue["fingerprint"] for issue in issues}) == len(ALL)
    assert {issue["severity"] for issue in issues} <= {"info", "minor", "major", "critical", "blocker"}
    assert all(issue["location"]["path"] and issue["location"]["lines"]["begin"] >= 1 for issue in issues)
    assert json.loads(FORMS["gitlab"](_report())) == []


def test_github_commands_are_escaped() -> None:
    lines = FORMS["github"](_report(*ALL)).splitlines()
    assert lines[0] == (
        "::error file=dir/a b.yaml,line=3,endLine=3,col=5,title=schema::"
        "ServiceMonitor/web/shop: spec.a: is no field (did you mean b?)"
    )
    assert "50%25: no%0AService" in lines[2]
    assert "file=x%2Cy%3Az.yaml" in lines[4]


def test_github_shows_ten_annotations_of_a_step() -> None:
    lines = FORMS["github"](_report(*[WARNING] * 12, ERROR)).splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("::error ")
    assert lines[9] == "::warning title=more findings::4 more findings: 4 service-not-found; see the log"
    assert len(FORMS["github"](_report(*[WARNING] * 10)).splitlines()) == 10


def test_junit_fails_for_what_lets_the_run_fail() -> None:
    root = _xml("junit", *ALL)
    (suite,) = root
    cases = list(suite)
    assert (suite.get("tests"), suite.get("failures")) == ("5", "2")
    assert [case.find("failure") is not None for case in cases] == [True, False, False, False, True]
    assert "dir/a b.yaml:3:5: ServiceMonitor/web/shop: spec.a: is no field" in (cases[0].findtext("failure") or "")
    assert "\x1b" not in FORMS["junit"](_report(*ALL))
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert names[0] == ("ServiceMonitor/web/shop", "schema spec.a")
    assert names[2] == ("ServiceMonitor/web/shop", "service-not-found spec.selector (2)")
    assert len(set(names)) == len(ALL)


@pytest.mark.parametrize("findings", [ALL, []], ids=["some", "none"])
def test_junit_has_only_what_strict_readers_know(findings: list[Finding]) -> None:
    """The elements and attributes of the schema that Jenkins' xUnit plugin checks reports against (junit-10.xsd)."""
    known = {
        "testsuites": {"name", "tests", "failures", "errors", "time"},
        "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
        "testcase": {"name", "classname", "time"},
        "failure": {"message", "type"},
        "system-out": set(),
    }
    root = _xml("junit", *findings)
    for one in root.iter():
        assert set(one.attrib) <= known[one.tag]
    (suite,) = root
    assert set(suite.attrib) >= {"name", "tests", "failures", "errors"}
    assert all(case.get("name") for case in suite)
    assert len(suite) == int(suite.get("tests", ""))
    assert len(list(suite.iter("failure"))) == int(suite.get("failures", ""))


def test_junit_of_nothing_has_a_good_test() -> None:
    root = _xml("junit")
    assert [case.tag for case in root[0]] == ["testcase"]
    assert root.get("failures") == "0"


def test_checkstyle_groups_by_files() -> None:
    root = _xml("checkstyle", *ALL)
    assert [(file.get("name"), len(file)) for file in root] == [
        ("dir/a b.yaml", 1),
        ("dir/a.yaml", 2),
        ("x,y:z.yaml", 1),
        (".", 1),
    ]
    assert root[0][0].attrib == {
        "line": "3",
        "column": "5",
        "severity": "error",
        "message": "ServiceMonitor/web/shop: spec.a: is no field (did you mean b?)",
        "source": "promrender.schema",
    }


def test_paths_below_the_working_folder_are_relative() -> None:
    inside = Finding(Severity.ERROR, "schema", "m", file=str(Path.cwd() / "tests" / "x.yaml"))
    outside = Finding(Severity.ERROR, "schema", "m", file="/elsewhere/x y.yaml")
    assert [one["file"] for one in json.loads(FORMS["json"](_report(inside, outside)))["findings"]] == [
        "tests/x.yaml",
        "/elsewhere/x y.yaml",
    ]
    (run,) = json.loads(FORMS["sarif"](_report(outside)))["runs"]
    assert (
        run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        == "file:///elsewhere/x%20y.yaml"
    )
