"""A baseline: the report of an earlier run, whose findings are known and not told again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from render.validation.reports.report import with_fingerprints

if TYPE_CHECKING:
    from collections.abc import Iterable

    from render.findings import Finding


def read(file: str) -> frozenset[str]:
    """The fingerprints of a report in JSON. Raises OSError, and ValueError with a text for what is no such report."""
    try:
        report = json.loads(Path(file).read_bytes())
        return frozenset(str(finding["fingerprint"]) for finding in report["findings"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError("it is no report; make it with: promrender validate -v -o json") from None


def new(findings: Iterable[Finding], known: frozenset[str]) -> list[Finding]:
    """The findings that the baseline does not have."""
    return [finding for finding, fingerprint in with_fingerprints(findings) if fingerprint not in known]
