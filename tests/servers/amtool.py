"""What the real amtool says of the configurations that we render of Alertmanager objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

import render
from render.findings import Severity
from render.options import Options
from render.versions import DEFAULT_ALERTMANAGER
from tests.rendered import entries
from tests.servers.verdicts import server_version, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD_SERVER = (0, 25)
REFUSED = "alertmanager-refuses"


class Configuration(NamedTuple):
    """One Alertmanager's file, and whether an error or a warning beside it says that the server would refuse it."""

    name: str
    version: tuple[int, int]
    text: str
    told: bool


def check_config(amtool: Path, configuration: str, scratch: Path) -> str:
    """Why amtool refuses a configuration; empty when it takes it. Files that it names need not exist."""
    file = scratch / "alertmanager.yaml"
    file.write_text(configuration)
    return verdict(amtool, "check-config", str(file))


def alertmanagers(manifests: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The Alertmanager objects of a file, by namespace and name of their configuration's Secret."""
    documents = yaml.load_all(manifests.read_text(), yaml.CSafeLoader)
    found = [document for document in documents if document and document.get("kind") == "Alertmanager"]
    return {
        (o["metadata"].get("namespace", "default"), f"alertmanager-{o['metadata']['name']}-generated"): o for o in found
    }


def configurations(manifests: Path, options: Options | None = None) -> Iterator[Configuration]:
    """Each Alertmanager of a file with the configuration that we render for it."""
    servers = alertmanagers(manifests)
    result = render.render(render.load([str(manifests)]), options or Options())
    told = any(found.code == REFUSED and found.severity is not Severity.INFO for found in result.findings)
    for rendered in result.objects:
        key = (rendered["metadata"]["namespace"], rendered["metadata"]["name"])
        if rendered["kind"] == "Secret" and key in servers:
            server = servers[key]
            version = server_version(server, DEFAULT_ALERTMANAGER)
            text = entries(rendered)["alertmanager.yaml"]
            yield Configuration(server["metadata"]["name"], version, text, told)
