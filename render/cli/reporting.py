"""What `validate` and `lint` share: the form of the report, which findings are told, and the exit status."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

import click

from render.cli import exits
from render.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.findings import Finding
    from render.objects.index import Objects

FORMS = ("text", "json", "sarif", "github", "gitlab", "junit", "checkstyle")
ALWAYS_TOLD = frozenset({"source-unreadable", "source-missing"})
"""Findings about what could not be read; no flag leaves them out."""

_OPTIONS = (
    click.option(
        "-o",
        "--output",
        "form",
        type=click.Choice(FORMS),
        default="text",
        show_default=True,
        help="Form of the report.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice([str(severity) for severity in Severity]),
        default="error",
        show_default=True,
        help="Exit with 1 from this severity on.",
    ),
    click.option("--only", multiple=True, metavar="CODE", help="Tell this code only (repeatable)."),
    click.option("--ignore", multiple=True, metavar="CODE", help="Do not tell this code (repeatable)."),
    click.option("--baseline", metavar="FILE", help="Do not tell what this earlier report (-v -o json) has."),
    click.option("-v", "--verbose", is_flag=True, help="Tell notices, too."),
)


def report_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of reports."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of a report as the user gave them."""

    form: str
    fail_on: str
    only: tuple[str, ...]
    ignore: tuple[str, ...]
    baseline: str | None
    verbose: bool

    @property
    def failing(self) -> frozenset[Severity]:
        """The severities that let the run fail."""
        severities = list(Severity)
        return frozenset(severities[: severities.index(Severity(self.fail_on)) + 1])

    @property
    def shown(self) -> frozenset[Severity]:
        """The severities that are told."""
        return self.failing | ({*Severity} if self.verbose else {Severity.ERROR, Severity.WARNING})


def wishes(given: dict[str, Any]) -> Wishes:
    """Take the options of the report out of what click gave. Raises Trouble for a code that there is none of."""
    from render.validation import catalog

    taken = Wishes(**{name: given.pop(name) for name in Wishes.__slots__})
    for code in (*taken.only, *taken.ignore):
        if code not in catalog.CATALOG:
            near = catalog.similar(code)
            meant = f"did you mean {' or '.join(near)}?" if near else "promrender explain lists the codes"
            message = f"there is no code {code!r}; {meant}"
            raise exits.Trouble(message)
    return taken


def remaining(findings: list[Finding], objects: Objects) -> tuple[list[Finding], int]:
    """The located findings that the tree itself does not want to ignore, its mistaken wishes among them.

    And how many it ignores.
    """
    from render.objects.locate import located
    from render.validation import catalog, suppression

    comments = suppression.Comments(objects)
    every = located([*findings, *suppression.mistaken(objects, comments, catalog.CATALOG)], objects)
    left = suppression.remaining(every, objects, comments)
    return left, len(every) - len(left)


def finish(findings: list[Finding], ignored: int, wanted: Wishes) -> None:
    """Print the report and end with its exit status; `ignored` findings were left out before."""
    known = _baseline(wanted.baseline)
    told = _new(_chosen(findings, wanted), known)
    _print(told, ignored + len(findings) - len(told), wanted)
    if any(finding.code in exits.TROUBLE_CODES for finding in told):
        raise click.exceptions.Exit(exits.TROUBLE)
    if any(finding.severity in wanted.failing for finding in told):
        raise click.exceptions.Exit(exits.FINDINGS)


def _chosen(findings: list[Finding], wanted: Wishes) -> list[Finding]:
    return [
        finding
        for finding in findings
        if finding.code in ALWAYS_TOLD
        or (finding.code not in wanted.ignore and (not wanted.only or finding.code in wanted.only))
    ]


def _baseline(file: str | None) -> frozenset[str]:
    from render.validation import baseline

    if file is None:
        return frozenset()
    try:
        return baseline.read(file)
    except OSError as error:
        message = f"--baseline: {file} cannot be read: {error.strerror}"
    except ValueError as error:
        message = f"--baseline: {file}: {error}"
    raise exits.Trouble(message)


def _new(findings: list[Finding], known: frozenset[str]) -> list[Finding]:
    from render.validation import baseline

    return baseline.new(findings, known) if known else findings


def _print(findings: list[Finding], ignored: int, wanted: Wishes) -> None:
    from render.output import terminal

    verbose = Severity.INFO in wanted.shown
    if wanted.form == "text":
        terminal.show(findings, sys.stdout, verbose=verbose)
    else:
        from render.validation import reports
        from render.validation.reports.report import Report

        shown = [finding for finding in findings if finding.severity in wanted.shown]
        report = Report(shown, wanted.failing, ignored, metadata.version("promrender"))
        sys.stdout.buffer.write(reports.FORMS[wanted.form](report).encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    if wanted.form == "github":
        terminal.show(findings, sys.stderr, verbose=verbose)
    elif ignored and wanted.form == "text":
        click.echo(f"{ignored} ignored")
