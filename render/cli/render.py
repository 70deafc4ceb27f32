"""`promrender render`."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any

import click

from render.cli.progress import Progress
from render.cli.render_options import asked_rendering, render_options
from render.cli.source_options import asked_sources, source_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.findings import Finding
    from render.pipeline import Result


@click.command(name="render")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["yaml", "json"]),
    default="yaml",
    show_default=True,
    help="Form of standard output.",
)
@click.option(
    "--output-dir",
    type=click.Path(file_okay=False),
    help="Write one file per object there instead; files of an earlier run that are no longer made are removed.",
)
@source_options
@render_options
def command(sources: Sequence[str], form: str, output_dir: str | None, **given: Any) -> None:  # noqa: ANN401 - click's own values
    """Print the final objects of every Prometheus, PrometheusAgent, Alertmanager and ThanosRuler.

    SOURCE is a file, a folder or - for standard input (the default when something is piped in). Commits of Git
    repositories (--repo) are read besides.
    """
    from render import pipeline
    from render.objects.locate import located

    gc.disable()  # one run, then the process ends: looking for cycles in what stays alive would only take time
    asked_for = asked_sources(sources, given)
    asked = asked_rendering(given)
    with Progress() as progress:
        progress.stage("reading")
        objects = asked_for.load(asked.default_namespace)
        progress.stage("rendering")
        result = pipeline.render(objects, asked.options)
        progress.stage("writing")
        failures = _write(result, form, output_dir, allow_empty=asked.allow_empty)
    findings = [*located(result.findings, objects), *failures]
    asked.show(findings)
    asked.end(findings, empty=not result.objects)


def _write(result: Result, form: str, output_dir: str | None, *, allow_empty: bool) -> list[Finding]:
    """Write the objects. Files of an earlier run are removed only when this one made everything that it was to make."""
    from render.output import writers

    if output_dir is None:
        return writers.write_stream(result.objects, sys.stdout.buffer, form)
    failed = any(finding.severity == "error" for finding in result.findings)
    remove_stale = not failed and (bool(result.objects) or allow_empty)
    return writers.write_directory(result.objects, output_dir, remove_stale=remove_stale)
