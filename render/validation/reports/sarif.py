"""A report as SARIF 2.1.0 (OASIS), for code scanning."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from render.findings import Severity
from render.validation import catalog
from render.validation.reports.report import NO_FILE, relative, text_of, with_fingerprints

if TYPE_CHECKING:
    from render.findings import Finding
    from render.validation.check import Check
    from render.validation.reports.report import Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "promrender/v1"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def text(report: Report) -> str:
    """One run, with a rule for each code that is found."""
    rules = sorted({finding.code for finding in report.findings})
    results = [
        _result(finding, rules.index(finding.code), fingerprint)
        for finding, fingerprint in with_fingerprints(report.findings)
    ]
    driver = {
        "name": "promrender",
        "version": report.version,
        "rules": [_rule(code, catalog.CATALOG.get(code)) for code in rules],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str, known: Check | None) -> dict[str, Any]:
    if known is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": known.title},
        "fullDescription": {"text": known.description},
        "help": {"text": known.fix, "markdown": catalog.page(code)},
        "defaultConfiguration": {"level": _LEVELS[known.severity]},
    }


def _result(finding: Finding, rule: int, fingerprint: str) -> dict[str, Any]:
    address = _address(finding.file) if finding.file else NO_FILE  # code scanning takes no result without a file
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": address}, **_region(finding)}}
    if finding.object is not None:
        full = f"{finding.object}.{finding.field}" if finding.field else str(finding.object)
        location["logicalLocations"] = [{"fullyQualifiedName": full, "name": finding.object.name, "kind": "object"}]
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": text_of(finding, place=True)},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }


def _address(file: str) -> str:
    """A relative reference, or the address of a file outside of the working folder."""
    path = relative(file)
    return Path(path).as_uri() if path.startswith("/") else quote(path, errors="replace")


def _region(finding: Finding) -> dict[str, Any]:
    if not finding.line:
        return {}
    column = {"startColumn": finding.column} if finding.column else {}
    return {"region": {"startLine": finding.line, **column}}
