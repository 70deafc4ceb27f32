"""`promrender apply`."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from render.cli import exits
from render.cli.render_options import asked_rendering, render_options
from render.cli.source_options import asked_sources, source_options
from render.sources.api_server import APPLY_PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from render.output.applying import Applier, Plan
    from render.output.leftovers import Where
    from render.pipeline import Result

DIFFERS = 1
_SET = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\Z")


@click.command(name="apply")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--set", "apply_set", default="default", show_default=True, help="Name of what is applied together.")
@click.option("--dry-run", is_flag=True, help="Show the plan, which the API server has checked, and change nothing.")
@click.option("--prune", is_flag=True, help="Remove what an earlier run of the same --set applied and this one lacks.")
@click.option(
    "--prune-namespace",
    "prune_namespaces",
    multiple=True,
    metavar="NAMESPACE",
    help="With --prune: look here and where something is made, instead of everywhere (repeatable).",
)
@click.option("--force-conflicts", is_flag=True, help="Take over fields that another field manager owns.")
@click.option(
    "--patience",
    type=click.FloatRange(0, 3600),
    default=APPLY_PATIENCE,
    show_default=True,
    metavar="SECONDS",
    help="How long to go on asking an API server that stops answering.",
)
@source_options
@render_options
def command(sources: Sequence[str], **given: Any) -> None:  # noqa: ANN401 - click's own values
    """Apply the final objects to the cluster of --kubeconfig and --context, by server-side apply.

    The plan comes first: the API server is asked to take every object without keeping it, and when it refuses one,
    nothing is applied. --prune looks into all namespaces for objects that an earlier run of the --set applied; objects
    of other sets are never touched. Exit status, as that of diff: 0 there was nothing to do; 1 something was changed,
    or would be with --dry-run; 2 trouble.
    """
    from render.output.applying import Applier, ApplyError
    from render.sources.api_server import connect
    from render.sources.unusable import UnusableSourceError

    how = _How(*(given.pop(name) for name in _How.__slots__))
    how.check()
    if how.prune and (given["only"] or given["only_namespaces"]):
        raise click.UsageError("--prune would remove what --only and --only-namespace leave out: give it without them")
    access = given["kubeconfig"] or "", given["context"] or ""
    result = _rendered(sources, given)
    try:
        applier = Applier(connect(*access, how.patience), how.apply_set, force=how.force_conflicts)
        plan = applier.plan(result.objects, where_to_look(result.objects, how.prune_namespaces) if how.prune else None)
    except (ApplyError, UnusableSourceError) as error:
        raise exits.Trouble(f"{error}\nnothing is applied") from None
    _run(applier, plan, dry_run=how.dry_run)


@dataclass(frozen=True, slots=True)
class _How:
    """The flags that say how to apply."""

    apply_set: str
    dry_run: bool
    prune: bool
    prune_namespaces: Sequence[str]
    force_conflicts: bool
    patience: float

    def check(self) -> None:
        """The set can be a label, and the flags fit each other."""
        if not _SET.match(self.apply_set):
            raise exits.Trouble(f"--set {self.apply_set!r} is no value of a label")
        if self.prune_namespaces and not self.prune:
            raise click.UsageError("--prune-namespace needs --prune")


def where_to_look(objects: Iterable[Mapping[str, Any]], namespaces: Iterable[str] = ()) -> Where:
    """Where to look for what is no longer made: everywhere, unless `namespaces` says where."""
    from render.output.leftovers import Where

    made = frozenset(manifest["metadata"].get("namespace") or "" for manifest in objects)
    return Where(made - {""}, frozenset(namespaces))


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

    warn(plan.unseen)
    if dry_run or plan.refused:
        sys.stdout.writelines(f"{what} {key_of(manifest)}\n" for what, manifest in plan.changes)
        sys.stdout.flush()
    if plan.refused:
        raise exits.Trouble("\n  ".join(["nothing is applied, since the API server refuses", *plan.refused]))
    if not dry_run:
        _carry_out(applier, plan)
    if plan.changes:
        raise click.exceptions.Exit(DIFFERS)


def warn(unseen: Iterable[str]) -> None:
    """Tell where nobody could look for what is no longer made."""
    for text in unseen:
        click.echo(f"warning: {text}", err=True)


def _carry_out(applier: Applier, plan: Plan) -> None:
    """Change the cluster. When that stops half-way, tell what is done and what is not."""
    from render.output.applying import ApplyError, LostError, key_of

    done = 0
    try:
        for what, key in applier.carry_out(plan):
            done += 1
            click.echo(f"{what}d {key}")
    except ApplyError as error:
        steps = [f"{what} {key_of(manifest)}" for what, manifest in plan.changes]
        unknown = 1 if isinstance(error, LostError) else 0
        parts = (
            ("done", steps[:done]),
            ("not known, since no answer came", steps[done : done + unknown]),
            ("not done", steps[done + unknown :]),
        )
        told = [line for title, some in parts if some for line in (f"{title}:", *(f"  {step}" for step in some))]
        again = "Run the same command again: it does what is left."
        raise exits.Trouble("\n".join([f"stopped at {error}", *told, again])) from None
