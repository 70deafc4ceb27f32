"""`promrender krm`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from render.cli import exits
from render.cli.render_options import asked_from_settings

if TYPE_CHECKING:
    from render.sources.resource_list import ResourceList

DROP = "drop-custom-resources"


@click.command(name="krm")
def command() -> None:
    """Work as a KRM function, for Kustomize, kpt and their like.

    Reads a ResourceList and prints it with the objects that were made of its items, and the findings as results. The
    function's configuration takes the long flags of `promrender render` by name, in the `data` of a ConfigMap or the
    `spec` of any other kind; `drop-custom-resources: true` leaves the items of the monitoring API out of the output.
    """
    from render.sources import resource_list
    from render.sources.unusable import UnusableSourceError

    try:
        given = resource_list.read(sys.stdin.buffer.read())
    except UnusableSourceError as error:
        raise exits.Trouble(str(error)) from None
    status = _answer(given)
    if status:
        raise click.exceptions.Exit(status)


def _answer(given: ResourceList) -> int:
    """Render, print the answer and give the exit status. The items come back as they were where that failed."""
    from render import pipeline
    from render.objects.gather import Sources, load_sources
    from render.objects.locate import with_files
    from render.output import resource_list

    settings = dict(given.settings)
    drop = str(settings.pop(DROP, "false")).lower() == "true"
    asked = asked_from_settings(settings)
    objects = load_sources(Sources(documents=given.documents()), asked.default_namespace)
    result = pipeline.render(objects, asked.options)
    findings = with_files(result.findings, objects)
    asked.show(findings)
    status = asked.status(findings, empty=not result.objects)
    items: list[Any] = list(given.items)
    if status == exits.FINE:
        items = resource_list.merged(items, result.objects, asked.default_namespace)
        items = resource_list.without_custom_resources(items) if drop else items
    told = resource_list.results(findings, given.items, asked.default_namespace)
    _print({**given.raw, "items": items, **({"results": told} if told else {})})
    return status


def _print(answer: dict[str, Any]) -> None:
    from render.output import goyaml

    sys.stdout.buffer.write(goyaml.dumps(answer).encode())
    sys.stdout.buffer.flush()
