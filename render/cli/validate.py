"""`promrender validate`."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import click

from render.cli import reporting
from render.cli.operator_flags import flag_options, options_of
from render.cli.progress import Progress
from render.cli.source_options import asked_sources, source_options

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command(name="validate")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@source_options
@reporting.report_options
@click.option("--default-namespace", default="default", show_default=True, help="Namespace of objects that name none.")
@flag_options
def command(paths: Sequence[str], default_namespace: str, **given: Any) -> None:  # noqa: ANN401 - click's own values
    """Check a whole tree: all that `render` checks, and what lies between the objects.

    PATH is a file, a folder or - for standard input; without any source it is the working folder. `promrender
    explain CODE` tells about a finding; a comment `# promrender: ignore CODE` or the annotation
    `promrender.dev/ignore: CODE` keeps it from being told.
    """
    from render.validation import validate

    gc.disable()  # one run, then the process ends: looking for cycles in what stays alive would only take time
    wanted = reporting.wishes(given)
    asked_for = asked_sources(paths, given, otherwise=["."])
    options = options_of(given, given.pop("operator_config"))
    with Progress() as progress:
        progress.stage("reading")
        objects = asked_for.load(default_namespace, whole=True)
        progress.stage("checking")
        outcome = validate(objects, options)
        findings, ignored = reporting.remaining(outcome.findings, objects, whole=True)
    if not objects.resources and not findings:
        click.echo("nothing was validated: no object of monitoring.coreos.com was found", err=True)
    reporting.finish(findings, ignored, wanted, outcome.sizes, whole=True)
