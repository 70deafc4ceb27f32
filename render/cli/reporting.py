"""What `validate` and `lint` share: the form of the report, which findings are told, and the exit status."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from importlib import metadata
from typing import TYPE_CHECKING, Any

import click

from render.cli import exits
from render.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from render.findings import Finding
    from render.objects.index import Objects
    from render.validation.baseline import Known
    from render.validation.checks.sizes import Size
    from render.validation.reports.report import Report

FORMS = ("text", "json", "sarif", "github", "gitlab", "junit", "checkstyle")
ALWAYS_TOLD = frozenset({"source-unreadable", "source-missing", "source-outside"})
"""Findings about what could not be read; no flag leaves them out."""
MOST_GONE = 20
"""So many findings of a baseline that are no longer found are named."""

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
    click.option("--baseline", metavar="FILE", help="Do not tell the findings that this file has."),
    click.option("--write-baseline", metavar="FILE", help="Write all findings to this file instead, for --baseline."),
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
    write_baseline: str | None
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
    """Take the options of the report out of what click gave.

    Raises Trouble for a code that there is none of, and UsageError for two options that exclude each other.
    """
    from render.validation import catalog

    taken = Wishes(**{name: given.pop(name) for name in Wishes.__slots__})
    if taken.baseline is not None and taken.write_baseline is not None:
        raise click.UsageError("--write-baseline writes all findings; give it without --baseline")
    for code in (*taken.only, *taken.ignore):
        if code not in catalog.CATALOG:
            near = catalog.similar(code)
            meant = f"did you mean {' or '.join(near)}?" if near else "promrender explain lists the codes"
            message = f"there is no code {code!r}; {meant}"
            raise exits.Trouble(message)
    return taken


def remaining(findings: list[Finding], objects: Objects, *, whole: bool) -> tuple[list[Finding], int]:
    """The located findings that the tree itself does not want to ignore, and how many it does.

    Its mistaken wishes are among them, and those of a `whole` tree that ignore nothing.
    """
    from render.validation import catalog, suppression

    return suppression.remaining(findings, objects, catalog.CATALOG, whole=whole)


def finish(
    findings: list[Finding], ignored: int, wanted: Wishes, sizes: Sequence[Size] = (), *, whole: bool = False
) -> None:
    """Print the report, or write the baseline, and end with the exit status.

    `ignored` findings were left out before; of a `whole` tree the findings of the baseline that are gone are told.
    """
    known = _baseline(wanted.baseline)
    chosen = _chosen(findings, wanted)
    if wanted.write_baseline is not None and not _troubles(findings):
        _write_baseline(wanted.write_baseline, _report(chosen, ignored, wanted, sizes))
        return
    told = _new(chosen, known)
    _print(_report(told, ignored + len(findings) - len(told), wanted, sizes), wanted)
    if whole and known:
        _tell_gone(findings, known, wanted)
    if _troubles(told):
        raise click.exceptions.Exit(exits.TROUBLE)
    if any(finding.severity in wanted.failing for finding in told):
        raise click.exceptions.Exit(exits.FINDINGS)


def _troubles(findings: list[Finding]) -> bool:
    return any(finding.code in exits.TROUBLE_CODES for finding in findings)


def _chosen(findings: list[Finding], wanted: Wishes) -> list[Finding]:
    return [
        finding
        for finding in findings
        if finding.code in ALWAYS_TOLD
        or (finding.code not in wanted.ignore and (not wanted.only or finding.code in wanted.only))
    ]


def _baseline(file: str | None) -> dict[str, Known]:
    from render.validation import baseline

    if file is None:
        return {}
    try:
        return baseline.read(file)
    except OSError as error:
        message = f"--baseline: {file} cannot be read: {error.strerror}"
    except ValueError as error:
        message = f"--baseline: {file}: {error}"
    raise exits.Trouble(message)


def _write_baseline(file: str, report: Report) -> None:
    from render.validation import baseline

    try:
        baseline.write(file, report)
    except OSError as error:
        message = f"--write-baseline: {file} cannot be written: {error.strerror}"
        raise exits.Trouble(message) from None
    count = len(report.findings)
    click.echo(f"{file} has {count} finding{'' if count == 1 else 's'}; give it to --baseline", err=True)


def _new(findings: list[Finding], known: dict[str, Known]) -> list[Finding]:
    from render.validation import baseline

    held_back = [finding for finding in findings if finding.code not in exits.TROUBLE_CODES]
    troubles = [finding for finding in findings if finding.code in exits.TROUBLE_CODES]
    return [*troubles, *baseline.new(held_back, known)] if known else findings


def _tell_gone(findings: list[Finding], known: dict[str, Known], wanted: Wishes) -> None:
    from render.validation import baseline

    gone = [one for one in baseline.gone(findings, known) if one.severity != Severity.INFO]
    if gone:
        click.echo(f"no longer found, so that {wanted.baseline} can be written anew (--write-baseline):", err=True)
    for one in gone[:MOST_GONE]:
        click.echo(f"  {one.about}: {one.message} [{one.code}]", err=True)
    if gone[MOST_GONE:]:
        click.echo(f"  and {len(gone) - MOST_GONE} more", err=True)


def _report(findings: list[Finding], ignored: int, wanted: Wishes, sizes: Sequence[Size]) -> Report:
    from render.validation.reports.report import Report

    return Report(findings, wanted.failing, ignored, metadata.version("promrender"), sizes)


def _print(report: Report, wanted: Wishes) -> None:
    from render.output import terminal

    verbose = Severity.INFO in wanted.shown
    if wanted.form == "text":
        terminal.show(report.findings, sys.stdout, verbose=verbose)
    else:
        from render.validation import reports

        shown = [finding for finding in report.findings if finding.severity in wanted.shown]
        text = reports.FORMS[wanted.form](replace(report, findings=shown))
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    if wanted.form == "github":
        terminal.show(report.findings, sys.stderr, verbose=verbose)
    elif report.ignored and wanted.form == "text":
        click.echo(f"{report.ignored} ignored")
