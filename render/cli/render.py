"""`promrender render`."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import click

from render.cli import exits
from render.cli.operator_flags import flag_options, options_of
from render.cli.progress import Progress
from render.cli.source_options import asked_sources, source_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.findings import Finding
    from render.options import Options
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
@click.option(
    "--only-namespace",
    "only_namespaces",
    multiple=True,
    metavar="NAMESPACE",
    help="Render the Prometheus objects of this namespace only (repeatable).",
)
@click.option(
    "--only",
    "only",
    multiple=True,
    metavar="KIND/NAME",
    help="Render this object only, e.g. Prometheus/main (repeatable).",
)
@click.option("--workloads", is_flag=True, help="Make what runs the servers, too: StatefulSets, DaemonSets, Services.")
@click.option("--default-namespace", default="default", show_default=True, help="Namespace of objects that name none.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    help="Exit with 1 from this severity on.",
)
@click.option("--allow-empty", is_flag=True, help="Exit with 0 when there is nothing to render.")
@click.option("--kube-version", default="1.36", show_default=True, help="Version of the cluster.")
@click.option(
    "--reference-faults",
    is_flag=True,
    help="Repeat the reference operator's faults (docs/differences.md), to compare with it.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show notices, too.")
@source_options
@flag_options
def command(sources: Sequence[str], form: str, output_dir: str | None, **given: Any) -> None:  # noqa: ANN401 - click's own values
    """Print the final objects of every Prometheus, PrometheusAgent, Alertmanager and ThanosRuler.

    SOURCE is a file, a folder or - for standard input (the default when something is piped in). Commits of Git
    repositories (--repo) are read besides.
    """
    from render import pipeline
    from render.objects.locate import located

    gc.disable()  # one run, then the process ends: looking for cycles in what stays alive would only take time
    settings = _settings(given)
    asked = asked_sources(sources, given)
    options = _options(given, settings)
    with Progress() as progress:
        progress.stage("reading")
        objects = asked.load(settings["default_namespace"])
        progress.stage("rendering")
        result = pipeline.render(objects, options)
        progress.stage("writing")
        failures = _write(result, form, output_dir, allow_empty=settings["allow_empty"])
    findings = [*located(result.findings, objects), *failures]
    _show(findings, verbose=settings["verbose"])
    _exit(findings, empty=not result.objects, settings=settings)


SETTINGS = (
    "only_namespaces",
    "only",
    "default_namespace",
    "fail_on",
    "allow_empty",
    "kube_version",
    "reference_faults",
    "verbose",
    "workloads",
)
TROUBLE_CODES = frozenset({"source-unreadable", "source-missing", "output-unwritable"})
"""Findings about what lies outside of the manifests; they end with exit status 2."""


def _settings(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given.pop(name) for name in SETTINGS}


def _options(given: dict[str, Any], settings: dict[str, Any]) -> Options:
    config = given.pop("operator_config")
    return options_of(
        given,
        config,
        only_namespaces=frozenset(settings["only_namespaces"]),
        only=frozenset(_kind_and_name(text) for text in settings["only"]),
        kube_version=_kube_version(settings["kube_version"]),
        reference_faults=settings["reference_faults"],
        workloads=settings["workloads"],
    )


def _kind_and_name(text: str) -> tuple[str, str]:
    from render.pipeline import MAKERS

    kind, slash, name = text.partition("/")
    known = {made.lower(): made for made in MAKERS}
    if not slash or not name or kind.lower() not in known:
        message = f"--only {text}: write KIND/NAME with a KIND of {', '.join(MAKERS)}"
        raise exits.Trouble(message)
    return known[kind.lower()], name


def _kube_version(text: str) -> tuple[int, int]:
    from render import versions

    try:
        version = versions.parse(text)
    except ValueError as error:
        message = f"--kube-version: {error}"
        raise exits.Trouble(message) from None
    return version.major, version.minor


def _write(result: Result, form: str, output_dir: str | None, *, allow_empty: bool) -> list[Finding]:
    """Write the objects. Files of an earlier run are removed only when this one made everything that it was to make."""
    from render.output import writers

    if output_dir is None:
        return writers.write_stream(result.objects, click.get_binary_stream("stdout"), form)
    failed = any(finding.severity == "error" for finding in result.findings)
    remove_stale = not failed and (bool(result.objects) or allow_empty)
    return writers.write_directory(result.objects, output_dir, remove_stale=remove_stale)


def _show(findings: list[Finding], *, verbose: bool) -> None:
    from render.output import terminal

    terminal.show(findings, click.get_text_stream("stderr"), verbose=verbose)


def _exit(findings: list[Finding], *, empty: bool, settings: dict[str, Any]) -> None:
    severities = {str(finding.severity) for finding in findings}
    if any(finding.code in TROUBLE_CODES for finding in findings):
        raise click.exceptions.Exit(exits.TROUBLE)
    failing = {"error"} if settings["fail_on"] == "error" else {"error", "warning"}
    if severities & failing:
        raise click.exceptions.Exit(exits.FINDINGS)
    if empty and not settings["allow_empty"]:
        click.echo(
            "nothing was rendered: the sources hold no Prometheus, PrometheusAgent, Alertmanager or ThanosRuler"
            " (--allow-empty makes this fine)",
            err=True,
        )
        raise click.exceptions.Exit(exits.FINDINGS)
