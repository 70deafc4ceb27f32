"""`promrender migrate-rules`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from render.cli import exits
from render.cli.exits import TROUBLE_CODES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from render.migration import Migration


@click.command(name="migrate-rules")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1, type=click.Path())
@click.option(
    "-l",
    "--selector",
    required=True,
    help="Labels of the rule ConfigMaps, as kubectl reads them (role=alert-rules,team in (a,b)); empty: all.",
)
@click.option(
    "-o", "--output", "form", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True, help="Form."
)
@click.option("--output-dir", type=click.Path(file_okay=False), help="Write one file per object there instead.")
@click.option("--default-namespace", default="default", show_default=True, help="Namespace of objects that name none.")
@click.option("-v", "--verbose", is_flag=True, help="Show notices, too: what got another name.")
def command(
    *,
    sources: Sequence[str],
    selector: str,
    form: str,
    output_dir: str | None,
    default_namespace: str,
    verbose: bool,
) -> None:
    """Turn old rule ConfigMaps into PrometheusRules, one for each rule file.

    SOURCE is a file, a folder or - for standard input (the default).
    """
    from render.migration import migrate_rules

    migration = migrate_rules(list(sources) or ["-"], _selected(selector), default_namespace)
    _write(migration, form, output_dir)
    _show(migration, verbose=verbose)
    if any(finding.code in TROUBLE_CODES for finding in migration.findings):
        raise click.exceptions.Exit(exits.TROUBLE)
    if any(finding.severity == "error" for finding in migration.findings) or not migration.objects:
        raise click.exceptions.Exit(exits.FINDINGS)


def _selected(selector: str) -> Callable[[Mapping[str, str]], bool]:
    from render.selection.labels import parse_selector

    try:
        return parse_selector(selector)
    except ValueError as error:
        message = f"--selector: {error}"
        raise exits.Trouble(message) from None


def _write(migration: Migration, form: str, output_dir: str | None) -> None:
    from render.output import writers

    if output_dir is None:
        migration.findings += writers.write_stream(migration.objects, sys.stdout.buffer, form)
    else:
        migration.findings += writers.write_directory(migration.objects, output_dir, remove_stale=False)


def _show(migration: Migration, *, verbose: bool) -> None:
    from render.output import terminal

    terminal.show(migration.findings, sys.stderr, verbose=verbose)
    if not migration.objects:
        click.echo("no PrometheusRule was made: no ConfigMap with these labels holds rules", err=True)
