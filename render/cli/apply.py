"""`promrender apply`."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import click

from render.cli import exits
from render.cli.render_options import asked_rendering, render_options
from render.cli.source_options import asked_sources, source_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.output.applying import Applier, Plan
    from render.pipeline import Result

DIFFERS = 1
_SET = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\Z")


@click.command(name="apply")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--set", "apply_set", default="default", show_default=True, help="Name of what is applied together.")
@click.option("--dry-run", is_flag=True, help="Show the plan, which the API server has checked, and change nothing.")
@click.option("--prune", is_flag=True, help="Remove what an earlier run of the same --set applied and this one lacks.")
@click.option("--force-conflicts", is_flag=True, help="Take over fields that another field manager owns.")
@source_options
@render_options
def command(
    sources: Sequence[str],
    apply_set: str,
    *,
    dry_run: bool,
    prune: bool,
    force_conflicts: bool,
    **given: Any,  # noqa: ANN401 - click's own values
) -> None:
    """Apply the final objects to the cluster of --kubeconfig and --context, by server-side apply.

    The plan comes first: the API server is asked to take every object without keeping it, and when it refuses one,
    nothing is applied. --prune looks into the namespaces of the objects that are made. Exit status, as that of
    diff: 0 there was nothing to do; 1 something was changed, or would be with --dry-run; 2 trouble.
    """
    from render.output.applying import Applier, ApplyError
    from render.sources import cluster
    from render.sources.unusable import UnusableSourceError

    if not _SET.match(apply_set):
        raise exits.Trouble(f"--set {apply_set!r} is no value of a label")
    access = given.get("kubeconfig") or "", given.get("context") or ""
    result = _rendered(sources, given)
    try:
        applier = Applier(cluster.connect(*access), apply_set, force=force_conflicts)
        namespaces = {manifest["metadata"].get("namespace") or "" for manifest in result.objects} if prune else set()
        _run(applier, applier.plan(result.objects, namespaces), dry_run=dry_run)
    except (ApplyError, UnusableSourceError) as error:
        raise exits.Trouble(str(error)) from None


def _rendered(sources: Sequence[str], given: dict[str, Any]) -> Result:
    """What is to be applied. Errors, and nothing at all, end the command: half of a configuration is none."""
    from dataclasses import replace

    from render import pipeline
    from render.objects.locate import located

    if not given["from_cluster"]:
        given |= {"kubeconfig": None, "context": None}
    asked_for = asked_sources(sources, given)
    asked = asked_rendering(given)
    objects = asked_for.load(asked.default_namespace)
    result = pipeline.render(objects, asked.options)
    findings = located(result.findings, objects)
    asked.show(findings)
    if asked.status(findings, empty=not result.objects):
        raise exits.Trouble("nothing is applied")
    return replace(result, findings=findings)


def _run(applier: Applier, plan: Plan, *, dry_run: bool) -> None:
    from render.output.applying import key_of

    if dry_run or plan.refused:
        sys.stdout.writelines(f"{what} {key_of(manifest)}\n" for what, manifest in plan.changes)
        sys.stdout.flush()
    if plan.refused:
        raise exits.Trouble("\n  ".join(["nothing is applied, since the API server refuses", *plan.refused]))
    if not dry_run:
        for what, key in applier.carry_out(plan):
            click.echo(f"{what}d {key}")
    if plan.changes:
        raise click.exceptions.Exit(DIFFERS)
