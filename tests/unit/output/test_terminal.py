"""What people see of findings."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from render.findings import Finding, ObjectKey, Severity
from render.output import terminal

if TYPE_CHECKING:
    import pytest

KEY = ObjectKey("ServiceMonitor", "shop", "web")
FINDINGS = [
    Finding(Severity.ERROR, "schema", "is no field", KEY, "spec.prot", "a/b.yaml", 3, 5, "did you mean port?"),
    Finding(Severity.INFO, "source-skipped", "skipped", file="values.yaml"),
    Finding(Severity.WARNING, "yaml-syntax", "odd", file="c.yaml", line=7),
    Finding(Severity.ERROR, "rejected", "no", KEY),
]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def shown(*findings: Finding, verbose: bool = False) -> str:
    stream = io.StringIO()
    terminal.show(findings, stream, verbose=verbose)
    return stream.getvalue()


def test_findings_are_grouped_by_object_with_their_place() -> None:
    assert shown(*FINDINGS) == (
        "ServiceMonitor/shop/web\n"
        "  error   a/b.yaml:3:5: spec.prot: is no field [schema]\n"
        "          did you mean port?\n"
        "  error   no [rejected]\n"
        "c.yaml\n"
        "  warning c.yaml:7: odd [yaml-syntax]\n"
        "2 errors, 1 warning; 1 notice (-v shows them)\n"
    )


def test_notices_are_shown_when_asked_for() -> None:
    assert shown(FINDINGS[1], verbose=True) == "values.yaml\n  notice  skipped [source-skipped]\n1 notice\n"
    assert shown(FINDINGS[1]) == "1 notice (-v shows them)\n"
    assert shown() == ""


def test_color_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert terminal.use_color(Terminal())
    assert not terminal.use_color(io.StringIO())
    stream = Terminal()
    terminal.show(FINDINGS, stream)
    assert "\x1b[31merror" in stream.getvalue()
    monkeypatch.setenv("TERM", "dumb")
    assert not terminal.use_color(Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not terminal.use_color(Terminal())


def test_manifests_cannot_steer_the_terminal() -> None:
    text = shown(Finding(Severity.ERROR, "schema", "bad \x1b[2J\r\nname", ObjectKey("A", "b", "\x07"), hint="\x9b31m"))
    assert set(text) & {"\x1b", "\x07", "\r", "\x9b"} == set()
