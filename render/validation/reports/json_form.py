"""A report as JSON: our own form, which is also that of a baseline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from render.findings import Severity
from render.validation.reports.report import relative, with_fingerprints

if TYPE_CHECKING:
    from render.findings import Finding
    from render.validation.checks.sizes import Size
    from render.validation.reports.report import Report

FORM = 1
"""The version of the form; a key may be added without a new one."""


def text(report: Report) -> str:
    """One object: `version`, `findings`, `summary` (how many of each severity, how many were ignored), `sizes`."""
    counts = {str(severity): sum(one.severity is severity for one in report.findings) for severity in Severity}
    whole = {
        "version": FORM,
        "findings": [_finding(one, fingerprint) for one, fingerprint in with_fingerprints(report.findings)],
        "summary": {**counts, "ignored": report.ignored},
        "sizes": [_size(one) for one in report.sizes],
    }
    return json.dumps(whole, indent=2) + "\n"


def _size(size: Size) -> dict[str, Any]:
    return {
        "object": size.owner._asdict(),
        "name": size.name,
        "bytes": size.size,
        "limit": size.limit,
        "share": round(size.share, 4),
    }


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
