"""A report in the form of Checkstyle, which many tools read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.validation.reports.report import NO_FILE, relative, text_of
from render.validation.reports.xml_form import document, element

if TYPE_CHECKING:
    from render.findings import Finding
    from render.validation.reports.report import Report

VERSION = "4.3"
"""The version of the form that readers expect."""


def text(report: Report) -> str:
    """An `error` for each finding, by files."""
    files: dict[str, list[Finding]] = {}
    for finding in report.findings:
        files.setdefault(relative(finding.file) if finding.file else NO_FILE, []).append(finding)
    root = element(None, "checkstyle", version=VERSION)
    for name, findings in files.items():
        file = element(root, "file", name=name)
        for finding in findings:
            element(
                file,
                "error",
                line=finding.line or 1,
                column=finding.column,
                severity=str(finding.severity),
                message=text_of(finding, place=True),
                source=f"promrender.{finding.code}",
            )
    return document(root)
