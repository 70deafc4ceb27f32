"""Shows findings to people: grouped by object, with the place of each, in color on a terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TextIO

from render.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_BOLD, _FAINT = "1", "2"


def show(findings: Iterable[Finding], stream: TextIO, *, verbose: bool = False) -> None:
    """Print findings and a line that counts them.

    Notices only with `verbose`. Prints nothing when there is nothing to say.
    """
    every = list(findings)
    color = use_color(stream)
    for title, group in _groups(
        finding for finding in every if verbose or finding.severity is not Severity.INFO
    ).items():
        stream.write(_paint(title, _BOLD, color) + "\n")
        stream.writelines(_lines(finding, color) for finding in group)
    summary = _summary(every, verbose=verbose)
    if summary:
        stream.write(summary + "\n")
    stream.flush()


def use_color(stream: TextIO) -> bool:
    """Whether to color: on a terminal, unless NO_COLOR is set (https://no-color.org) or the terminal is a dumb one."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _groups(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by object, or by file where there is no object, in the order of their first finding."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        title = str(finding.object) if finding.object else finding.file or "promrender"
        groups.setdefault(_printable(title), []).append(finding)
    return groups


def _lines(finding: Finding, color: bool) -> str:  # noqa: FBT001 - private, and only ever passed on
    """`  error file:line:column: field: message [code]`, and the hint below it."""
    severity = _paint(f"{_NOUNS[finding.severity]:<7}", _COLORS[finding.severity], color)
    place = place_of(finding) if finding.object or finding.line else ""
    text = ": ".join(part for part in (place, finding.field, finding.message) if part)
    lines = f"  {severity} {_printable(text)} {_paint(f'[{finding.code}]', _FAINT, color)}\n"
    return lines + (f"          {_printable(finding.hint)}\n" if finding.hint else "")


def place_of(finding: Finding) -> str:
    """`file:line:column` as far as it is known, the form that editors and terminals open."""
    return (
        ":".join([finding.file, *(str(number) for number in (finding.line, finding.column) if number)])
        if finding.file
        else ""
    )


def _summary(findings: list[Finding], *, verbose: bool) -> str:
    """`2 errors, 1 warning; 3 notices (-v shows them)`."""
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in _NOUNS}
    notices = _count(counts.pop(Severity.INFO), "notice")
    said = ", ".join(_count(number, _NOUNS[severity]) for severity, number in counts.items() if number)
    if notices.startswith("0"):
        return said
    return "; ".join(part for part in (said, notices if verbose else f"{notices} (-v shows them)") if part)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _printable(text: str) -> str:
    """Text from manifests cannot steer the terminal: a control character is shown as a replacement character."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _paint(text: str, code: str, color: bool) -> str:  # noqa: FBT001 - private, and only ever passed on
    return f"\x1b[{code}m{text}\x1b[0m" if color else text
