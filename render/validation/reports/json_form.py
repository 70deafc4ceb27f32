"""A report as JSON: our own form, which is also that of a baseline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from render.findings import Severity
from render.validation.reports.report import relative, with_fingerprints

if TYPE_CHECKING:
    from render.findings import Finding
    from render.validation.reports.report import Report

FORM = 1
"""The version of the form; a key may be added without a new one."""


def text(report: Report) -> str:
    """One object: `version`, `findings`, `summary` (how many of each severity, and how many were ignored)."""
    counts = {str(severity): sum(one.severity is severity for one in report.findings) for severity in Severity}
    whole = {
        "version": FORM,
        "findings": [_finding(one, fingerprint) for one, fingerprint in with_fingerprints(report.findings)],
        "summary": {**counts, "ignored": report.ignored},
    }
    return json.dumps(whole, indent=2) + "\n"


def _finding(finding: Finding, fingerprint: str) -> dict[str, Any]:
    return {
        "severity": str(finding.severity),
        "code": finding.code,
        "message": finding.message,
        "hint": finding.hint,
        "object": finding.object._asdict() if finding.object is not None else None,
        "field": finding.field,
        "file": relative(finding.file) if finding.file else "",
        "line": finding.line,
        "column": finding.column,
        "fingerprint": fingerprint,
    }
