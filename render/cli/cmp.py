"""`promrender cmp`."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from render.cli import argocd, exits
from render.cli.render_options import asked_from_settings, known_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.cli.render_options import Asked

_WORKLOAD = re.compile(
    rb"""\bkind["']?\s*:\s*["']?(?:Prometheus|PrometheusAgent|Alertmanager|ThanosRuler)["']?\s*[,}\r\n]"""
)
_GROUP = b"monitoring.coreos.com/"
PATHS, PASS_THROUGH = "paths", "pass-through"
_OWN = {
    PATHS: ("array", "Files and folders to read, counted from the application's folder [all of it]."),
    PASS_THROUGH: ("boolean", "Deploy the folder's other manifests, too: all that is not of the monitoring API."),
}


@click.group(name="cmp")
def command() -> None:
    """Work as a config management plugin of Argo CD (examples/argocd)."""


@command.command()
def discover() -> None:
    """Print the manifests of the folder that hold something to render; nothing when this is no folder for us."""
    from render.sources import files

    found, _ = files.find(["."])
    for file in found:
        if _holds_workload(file.path):
            click.echo(file.path)


def _holds_workload(path: str) -> bool:
    try:
        raw = Path(path).read_bytes() + b"\n"
    except OSError:
        return False
    return _GROUP in raw and _WORKLOAD.search(raw) is not None


@command.command()
def parameters() -> None:
    """Print the parameters that an application may set, as Argo CD reads announcements."""
    shown = {
        name: (kind, text, default) for name, (kind, text, default) in known_settings().items() if name != "verbose"
    }
    own = {name: (kind, text, "false" if kind == "boolean" else "") for name, (kind, text) in _OWN.items()}
    defaults = argocd.of_the_cluster(os.environ)
    announced = [
        _announcement(name, kind, text, defaults.get(name, default))
        for name, (kind, text, default) in (own | shown).items()
    ]
    click.echo(json.dumps(announced, indent=2))


def _announcement(name: str, kind: str, text: str, default: str) -> dict[str, Any]:
    about = {
        "name": name,
        "title": name,
        "tooltip": text,
        "collectionType": kind if kind in ("array", "map") else "string",
    }
    if kind == "boolean":
        about["itemType"] = "boolean"
    return {**about, "string": default} if about["collectionType"] == "string" and default else about


@command.command()
def generate() -> None:
    """Print the objects that are made of the application's folder, as its parameters say.

    Manifests alone go to standard output, and only when there is no error: findings are on standard error, where
    Argo CD shows them. Nothing to deploy is an error, since Argo CD would prune everything, unless the parameter
    allow-empty is true.
    """
    known = known_settings()
    given = argocd.settings(os.environ, [*known, *_OWN])
    paths = given.pop(PATHS, None) or ["."]
    paths = [paths] if isinstance(paths, str) else paths
    pass_through = str(given.pop(PASS_THROUGH, "false")).lower() == "true"
    _stay_inside([*paths, given.get("operator-config", ".")])
    asked = asked_from_settings(given, endpoint_slice_supported=argocd.has_endpoint_slices(os.environ))
    status = _generate(paths, asked, pass_through=pass_through)
    if status:
        raise click.exceptions.Exit(status)


def _generate(paths: Sequence[str], asked: Asked, *, pass_through: bool) -> int:
    from render import pipeline
    from render.objects.load import load_paths
    from render.objects.locate import located
    from render.output import writers

    objects = load_paths(paths, asked.default_namespace)
    result = pipeline.render(objects, asked.options)
    findings = located(result.findings, objects)
    asked.show(findings)
    others = _others(paths) if pass_through else []
    status = asked.status(findings, empty=not (result.objects or others))
    if status == exits.FINE:
        writers.write_stream([*others, *result.objects], sys.stdout.buffer)
    return status


def _stay_inside(paths: Sequence[str]) -> None:
    """A parameter is set by whoever may change an application, who may not read what is beside its folder."""
    here = Path.cwd().resolve()
    for path in paths:
        if not Path(path).resolve().is_relative_to(here):
            raise exits.Trouble(f"the parameter {path} leads out of the application's folder")


def _others(paths: Sequence[str]) -> list[Any]:
    """The manifests that are not of the monitoring API, as they were written."""
    from render.sources.reading import Wish, fulfil, whole

    read = fulfil(Wish(whole, (b"",)), paths)
    return [raw for _, raw in read.kept if not str(raw["apiVersion"]).encode().startswith(_GROUP)]
