"""`promrender post-render`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from render.cli import exits
from render.cli.render_options import asked_rendering, render_options

if TYPE_CHECKING:
    from collections.abc import Iterable


@click.command(name="post-render")
@click.option(
    "--drop-custom-resources",
    "drop",
    is_flag=True,
    help="Leave the objects of the monitoring API out, for a cluster without the operator's definitions.",
)
@render_options
def command(*, drop: bool, **given: Any) -> None:  # noqa: ANN401 - click's own values
    """Work as a post-renderer of Helm: manifests on standard input come back with the objects made of them.

    What is not of the monitoring API passes through as it is. A chart without anything to render passes whole.
    """
    from render import pipeline
    from render.objects.gather import Sources, load_sources
    from render.objects.locate import with_files
    from render.sources.bookkeeping import as_written
    from render.sources.document import Document, Origin

    asked = asked_rendering(given)
    read = _read(sys.stdin.buffer.read())
    documents = (Document(as_written(value), Origin("", 0, 0)) for _, value in read if _is_object(value))
    objects = load_sources(Sources(documents=documents), asked.default_namespace)
    result = pipeline.render(objects, asked.options)
    findings = with_files(result.findings, objects)
    asked.show(findings)
    status = asked.status(findings, empty=False)
    if status:
        raise click.exceptions.Exit(status)
    kept = [text for text, value in read if not (drop and _is_custom_resource(value))]
    _print([*kept, *_written(result.objects)], "is left" if read else "came in")


def _read(raw: bytes) -> list[tuple[str, Any]]:
    """Each document: its text without the line `---`, and its value."""
    from render.sources import composing, kyaml

    try:
        pieces = [piece for piece, _ in composing.pieces_of(raw)]
        found = [(piece, kyaml.load_all(piece)) for piece in pieces]
    except kyaml.KyamlError as error:
        raise exits.Trouble(f"standard input is no YAML: {error}") from None
    return [
        (piece.removeprefix(b"---").strip(b"\n").decode() + "\n", documents[0].value)
        for piece, documents in found
        if documents and documents[0].value is not None
    ]


def _is_object(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("kind"), str) and isinstance(value.get("apiVersion"), str)


def _is_custom_resource(value: object) -> bool:
    return isinstance(value, dict) and str(value.get("apiVersion")).startswith("monitoring.coreos.com/")


def _written(manifests: Iterable[Any]) -> list[str]:
    from render.output import writers

    return [writers.to_yaml([manifest]) for manifest in manifests]


def _print(documents: list[str], missing: str) -> None:
    """Print the documents; nothing at all is trouble, since Helm would take it for a chart without objects."""
    if not documents:
        raise exits.Trouble(f"no manifest {missing}; Helm takes no empty answer")
    sys.stdout.buffer.write("".join(f"---\n{document}" for document in documents).encode())
    sys.stdout.buffer.flush()
