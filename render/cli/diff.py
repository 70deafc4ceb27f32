"""`promrender diff`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from render.cli import exits
from render.cli.render_options import asked_rendering, render_options
from render.cli.source_options import AskedSources, asked_sources, source_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from render.cli.render_options import Asked
    from render.objects.index import Objects
    from render.pipeline import Result

SAME, DIFFERS = 0, 1


@click.command(name="diff")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--against", multiple=True, metavar="SOURCE", help="What was before: a file or folder (repeatable).")
@click.option("--against-ref", metavar="REF", help="What was before: the same --repo and --path at this commit.")
@source_options
@render_options
def command(sources: Sequence[str], against: Sequence[str], against_ref: str | None, **given: Any) -> None:  # noqa: ANN401 - click's own values
    """Show what a change of manifests changes in the final objects.

    Renders the sources and what was before, and prints the difference with configurations as text. Values of Secrets
    are not shown. Exit status: 0 nothing differs; 1 something does; 2 trouble, errors in the sources included.
    """
    asked_for = asked_sources(sources, given)
    asked = asked_rendering(given)
    before, old = _render(_before(asked_for, against, against_ref), asked)
    after, new = _render(asked_for, asked)
    asked.show(new.findings)
    if any(finding.severity == "error" for finding in new.findings):
        raise exits.Trouble("the sources have errors, so that what they make cannot be compared")
    if _show(old, new, [*_secrets(after), *_secrets(before)]):
        raise click.exceptions.Exit(DIFFERS)


def _before(asked_for: AskedSources, against: Sequence[str], against_ref: str | None) -> AskedSources:
    if bool(against) == bool(against_ref):
        raise click.UsageError("say what was before: either --against or --against-ref")
    if against:
        return AskedSources(list(against), [])
    if not asked_for.commits:
        raise click.UsageError("--against-ref needs a --repo")
    return replace(asked_for, commits=[(repo, against_ref or "", path) for repo, _, path in asked_for.commits])


def _render(sources: AskedSources, asked: Asked) -> tuple[Objects, Result]:
    from render import pipeline
    from render.objects.locate import located

    objects = sources.load(asked.default_namespace)
    result = pipeline.render(objects, asked.options)
    return objects, replace(result, findings=located(result.findings, objects))


def _secrets(objects: Objects) -> Iterator[tuple[str, bytes]]:
    """The entries of all Secrets, with the labels that stand for them."""
    for (namespace, name), payload in objects.secrets.items():
        for entry in payload.entries():
            try:
                value = payload.get(entry)
            except ValueError:  # no base64: it was not rendered either
                continue
            label = f"<secret {namespace}/{name}:{entry}>"
            yield from ((label, part) for part in (value or b"", *_leaves(value or b"")) if part)


def _leaves(value: bytes) -> Iterator[bytes]:
    """Everything that a Secret says which is configuration itself and is written anew in another one."""
    from render.sources import kyaml

    try:
        waiting = [document.value for document in kyaml.load_all(value)] if b":" in value else []
    except kyaml.KyamlError:
        return
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict | list):
            waiting += node.values() if isinstance(node, dict) else node
        elif isinstance(node, str | int | float) and not isinstance(node, bool):
            yield str(node).encode("utf-8", "replace")


def _show(old: Result, new: Result, secrets: Sequence[tuple[str, bytes]]) -> bool:
    """Print every difference; whether there was one."""
    from render.output.diff import Mask, differences

    found = False
    for difference in differences(old.objects, new.objects, Mask(secrets)):
        found = True
        sys.stdout.write(f"{difference.what} {difference.key}\n")
        sys.stdout.writelines(f"{line}\n" for line in difference.lines)
    sys.stdout.flush()
    return found
