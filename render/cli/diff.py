"""`promrender diff`."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from render.cli import exits
from render.cli.render_options import asked_rendering, render_options
from render.cli.source_options import AskedSources, asked_sources, source_options
from render.output.diff import Mask, StrictMask, differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from render.cli.render_options import Asked
    from render.objects.index import Objects
    from render.pipeline import Result

    Manifest = Mapping[str, Any]

SAME, DIFFERS = 0, 1


@click.command(name="diff")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--against", multiple=True, metavar="SOURCE", help="What was before: a file or folder (repeatable).")
@click.option("--against-ref", metavar="REF", help="What was before: the same --repo and --path at this commit.")
@click.option(
    "--against-rendered",
    multiple=True,
    metavar="DIR",
    help="What was before, rendered already: a folder or file (repeatable).",
)
@click.option("--live", is_flag=True, help="What is in the cluster of --kubeconfig and --context.")
@click.option("--set", "apply_set", default="default", show_default=True, help="With --live: the --set of apply.")
@source_options
@render_options
def command(sources: Sequence[str], **given: Any) -> None:  # noqa: ANN401 - click's own values
    """Show what a change of manifests changes in the final objects.

    Renders the sources and what was before, and prints the difference with configurations as text. --live compares
    each object with the cluster's as `apply` would leave it, and shows as removed what `apply --prune` would remove.
    Values of Secrets are not shown; of Secrets that are not rendered here, only what the rendered ones show, too. Exit
    status: 0 nothing differs; 1 something does; 2 trouble, errors in the sources included.
    """
    before = _Before(*(given.pop(name) for name in _Before.__slots__))
    before.check()
    apply_set = given.pop("apply_set")
    whole = not (given["only"] or given["only_namespaces"])
    access = given["kubeconfig"] or "", given["context"] or ""
    if before.live and not given["from_cluster"]:
        given |= {"kubeconfig": None, "context": None}
    asked_for = asked_sources(sources, given)
    asked = asked_rendering(given)
    old_sources = before.sources(asked_for)
    old_objects, old = _render(old_sources, asked) if old_sources else (None, None)
    objects, new = _render(asked_for, asked)
    asked.show(new.findings)
    if any(finding.severity == "error" for finding in new.findings):
        raise exits.Trouble("the sources have errors, so that what they make cannot be compared")
    secrets = [*_secrets(objects), *(_secrets(old_objects) if old_objects else ())]
    if old is not None:
        found = _show(old.objects, new.objects, Mask(secrets))
    else:
        was, becomes = (
            _live(new, access, apply_set, whole=whole) if before.live else (_read(before.against_rendered), new.objects)
        )
        found = _show(was, becomes, StrictMask(secrets, new.objects))
    if found:
        raise click.exceptions.Exit(DIFFERS)


@dataclass(frozen=True, slots=True)
class _Before:
    """The flags that say what was before."""

    against: Sequence[str]
    against_ref: str | None
    against_rendered: Sequence[str]
    live: bool

    def check(self) -> None:
        """One flag says what was before."""
        if sum(map(bool, (self.against, self.against_ref, self.against_rendered, self.live))) != 1:
            flags = "--against, --against-ref, --against-rendered or --live"
            raise click.UsageError(f"say what was before, by one of {flags}")

    def sources(self, asked_for: AskedSources) -> AskedSources | None:
        """What is to be rendered for it, if anything."""
        if self.against:
            return AskedSources(list(self.against), [])
        if not self.against_ref:
            return None
        if not asked_for.commits:
            raise click.UsageError("--against-ref needs a --repo")
        return replace(asked_for, commits=[(repo, self.against_ref, path) for repo, _, path in asked_for.commits])


def _read(paths: Sequence[str]) -> list[Manifest]:
    """The objects of an earlier run, of the kinds that rendering makes."""
    from render.output.leftovers import VERSIONS
    from render.sources.reading import Wish, fulfil, whole

    found = fulfil(Wish(whole, (b"kind",)), paths)
    errors = [finding for finding in found.findings if finding.severity == "error"]
    if errors:
        raise exits.Trouble(f"--against-rendered: {errors[0].file}: {errors[0].message}")
    objects = [raw for _, raw in found.kept if raw["kind"] in VERSIONS]
    nameless = [raw["kind"] for raw in objects if not isinstance(_part(raw, "metadata").get("name"), str)]
    if nameless:
        raise exits.Trouble(f"--against-rendered: a {nameless[0]} there has no metadata.name")
    return objects


def _part(raw: Manifest, field: str) -> Manifest:
    return raw[field] if isinstance(raw.get(field), dict) else {}


def _live(
    new: Result, access: tuple[str, str], apply_set: str, *, whole: bool
) -> tuple[list[Manifest], list[Manifest]]:
    """The objects as the cluster has them, and as applying the rendered ones would leave them.

    `whole`: everything was rendered, so that what is no longer made can be told.
    """
    from render.cli.apply import warn, where_to_look
    from render.output.applying import Applier, ApplyError
    from render.sources.api_server import connect
    from render.sources.unusable import UnusableSourceError

    try:
        applier = Applier(connect(*access), apply_set, force=True)
        pairs = list(applier.compare(new.objects))
        where = where_to_look(new.objects) if whole else None
        removed, unseen = applier.no_longer_made(new.objects, where)
    except (ApplyError, UnusableSourceError) as error:
        raise exits.Trouble(str(error)) from None
    warn(unseen)
    return [*(live for live, _ in pairs if live is not None), *removed], [applied for _, applied in pairs]


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


def _show(before: Sequence[Manifest], after: Sequence[Manifest], mask: Mask) -> bool:
    """Print every difference; whether there was one."""
    found = False
    for difference in differences(before, after, mask):
        found = True
        sys.stdout.write(f"{difference.what} {difference.key}\n")
        sys.stdout.writelines(f"{line}\n" for line in difference.lines)
    sys.stdout.flush()
    return found
