"""A report as workflow commands of GitHub Actions, which become annotations of a pull request."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from render.findings import Severity
from render.validation.reports.report import relative, text_of

if TYPE_CHECKING:
    from render.findings import Finding
    from render.validation.reports.report import Report

MOST = 10
"""GitHub shows so many annotations of a step; the rest go into the last of them."""
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def text(report: Report) -> str:
    """A line for each finding, the gravest first; of more than `MOST` the last ones are counted in one line."""
    order = list(_COMMANDS)
    findings = sorted(report.findings, key=lambda finding: order.index(finding.severity))
    if len(findings) <= MOST:
        return "".join(map(_line, findings))
    return "".join(map(_line, findings[: MOST - 1])) + _rest(findings[MOST - 1 :])


def _line(finding: Finding) -> str:
    properties: dict[str, str | int] = {
        "file": relative(finding.file) if finding.file else "",
        "line": finding.line,
        "endLine": finding.line,
        "col": finding.column,
        "title": finding.code,
    }
    return _command(finding.severity, properties, text_of(finding, place=True))


def _rest(findings: list[Finding]) -> str:
    counted = Counter(finding.code for finding in findings)
    codes = ", ".join(f"{number} {code}" for code, number in counted.most_common())
    gravest = next(severity for severity in _COMMANDS if any(finding.severity is severity for finding in findings))
    return _command(gravest, {"title": "more findings"}, f"{counted.total()} more findings: {codes}; see the log")


def _command(severity: Severity, properties: dict[str, str | int], message: str) -> str:
    shown = ",".join(f"{name}={_escaped_property(str(value))}" for name, value in properties.items() if value)
    return f"::{_COMMANDS[severity]} {shown}::{_escaped(message)}\n"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
