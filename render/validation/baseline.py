"""A baseline: a report in JSON whose findings are known and not told again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from render.output.atomic import write_file
from render.validation.reports import json_form
from render.validation.reports.report import with_fingerprints

if TYPE_CHECKING:
    from collections.abc import Iterable

    from render.findings import Finding
    from render.validation.reports.report import Report


_MODE = 0o644


class Known(NamedTuple):
    """A finding of a baseline, as far as it is needed to name it."""

    severity: str
    code: str
    message: str
    about: str


def read(file: str) -> dict[str, Known]:
    """The findings by their fingerprints. Raises OSError, and ValueError with a text for what is no such report."""
    raw = Path(file).read_bytes()
    try:
        report = json.loads(raw)
        version, findings = report["version"], report["findings"]
        known = {_text(one["fingerprint"]): _known(one) for one in findings}
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError("it is no report of promrender; make it anew with --write-baseline") from None
    if version != json_form.FORM:
        message = f"it has the form {version!r}, and this is {json_form.FORM}; make it anew with --write-baseline"
        raise ValueError(message)
    return known


def _known(raw: dict[str, object]) -> Known:
    made_of = raw["object"]
    about = (
        "/".join(_text(made_of[part]) for part in ("kind", "namespace", "name")) if isinstance(made_of, dict) else ""
    )
    return Known(_text(raw["severity"]), _text(raw["code"]), _text(raw["message"]), about or _text(raw["file"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def write(file: str, report: Report) -> None:
    """Write the baseline of a report, whole or not at all. Raises OSError."""
    write_file(Path(file), json_form.text(report).encode(), _MODE)


def new(findings: Iterable[Finding], known: dict[str, Known]) -> list[Finding]:
    """The findings that the baseline does not have."""
    return [finding for finding, fingerprint in with_fingerprints(findings) if fingerprint not in known]


def gone(findings: Iterable[Finding], known: dict[str, Known]) -> list[Known]:
    """What the baseline has and is no longer found."""
    found = {fingerprint for _, fingerprint in with_fingerprints(findings)}
    return [one for fingerprint, one in known.items() if fingerprint not in found]
