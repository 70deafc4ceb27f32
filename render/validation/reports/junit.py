"""A report in the form of JUnit, for the test pages of CI systems."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from render.validation.reports.report import relative, text_of
from render.validation.reports.xml_form import document, element

if TYPE_CHECKING:
    from render.findings import Finding
    from render.validation.reports.report import Report
    from render.validation.reports.xml_form import Element

NAME = "promrender"


def text(report: Report) -> str:
    """A test for each finding; it fails when the finding lets the run fail. A report of nothing has one good test.

    No two tests have the same name: readers take only the first of those.
    """
    failures = sum(finding.severity in report.failing for finding in report.findings)
    tests = len(report.findings) or 1
    root = element(None, "testsuites", name=NAME, tests=tests, failures=failures)
    suite = element(root, "testsuite", name=NAME, tests=tests, failures=failures, errors=0)
    seen: Counter[tuple[str, str]] = Counter()
    for finding in report.findings:
        case = (_about(finding), f"{finding.code} {finding.field}".rstrip())
        seen[case] += 1
        name = f"{case[1]} ({seen[case]})" if seen[case] > 1 else case[1]
        _case(suite, finding, name, failed=finding.severity in report.failing)
    if not report.findings:
        element(suite, "testcase", name="no findings", classname=NAME)
    return document(root)


def _about(finding: Finding) -> str:
    return str(finding.object) if finding.object is not None else relative(finding.file) if finding.file else NAME


def _case(suite: Element, finding: Finding, name: str, *, failed: bool) -> None:
    file = relative(finding.file) if finding.file else ""
    case = element(suite, "testcase", name=name, classname=_about(finding))
    place = ":".join(str(part) for part in (file, finding.line, finding.column) if part)
    told = f"{place}: {text_of(finding, place=True)}" if place else text_of(finding, place=True)
    if failed:
        element(case, "failure", told, message=finding.message, type=finding.code)
    else:
        element(case, "system-out", f"{finding.severity}: {told}")
