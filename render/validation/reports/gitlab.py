"""A report in GitLab's form for code quality: a JSON array."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from render.findings import Severity
from render.validation.reports.report import NO_FILE, relative, text_of, with_fingerprints

if TYPE_CHECKING:
    from render.validation.reports.report import Report

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def text(report: Report) -> str:
    """An issue for each finding; fingerprints are unique."""
    issues = [
        {
            "description": text_of(finding, place=True),
            "check_name": finding.code,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": relative(finding.file) if finding.file else NO_FILE,
                "lines": {"begin": finding.line or 1},
            },
        }
        for finding, fingerprint in with_fingerprints(report.findings)
    ]
    return json.dumps(issues, indent=2) + "\n"
