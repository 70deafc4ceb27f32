"""What the servers end with for an input: rendered with inline secrets, or with references that are then resolved.

The reloader's own resolver reads the Secrets and ConfigMaps of the input itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

import yaml

import render
from reloaders import cluster
from reloaders.resolver import Resolver
from render.generation import file_fields
from render.options import Options
from tests.rendered import entries

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.objects.index import Objects

Place = tuple[str, str, str, str]
"""Kind, namespace, name and entry."""
Manifests = list[dict[str, Any]]
FOLDERS = {
    "alertmanager.yaml": "/etc/alertmanager/certs",
    "prometheus.yaml": "/etc/prometheus/certs",
    "remote-write.yaml": "/etc/thanos/certs",
}
"""Where the reloader writes the files of each configuration."""
INLINE_KEYS = {
    (row.block, row.file): row.key for row in (*file_fields.PROMETHEUS, *file_fields.THANOS, *file_fields.ALERTMANAGER)
}


class Configuration(NamedTuple):
    """A configuration as its server reads it, with the files that the reloader writes."""

    text: str
    files: dict[str, bytes]
    folder: str

    def structure(self, read: Callable[[str], Any]) -> Any:  # noqa: ANN401 - any YAML
        """Its values, as `read` takes them from the text, with what servers read in files in the places of those."""
        return _with_contents(read(self.text), self)


class Source:
    """The Secrets and ConfigMaps of an input, as the resolver asks the cluster for them."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self.read: set[tuple[str, str, str]] = set()

    def fetch(self, wanted: cluster.Object) -> cluster.Fetched:
        """The object's values, or why there are none."""
        self.read.add((wanted.kind, wanted.namespace, wanted.name))
        kinds = {"secret": self._objects.secrets, "configmap": self._objects.config_maps}
        payload = kinds[wanted.kind].get((wanted.namespace, wanted.name))
        if payload is None:
            return cluster.Fetched("", {}, "not found")
        return cluster.Fetched("1", {name: payload.get(name) or b"" for name in payload.entries()})


def rendered(objects: Objects, secrets: Any) -> Manifests:  # noqa: ANN401 - a literal of Options
    """Everything that is made of an input."""
    return render.render(objects, Options(secrets=secrets, workloads=True)).objects


def texts(manifests: Manifests) -> dict[Place, str]:
    """Every entry of every Secret and ConfigMap."""
    return {
        (one["kind"], one["metadata"]["namespace"], one["metadata"]["name"], entry): text
        for one in manifests
        if one["kind"] in {"Secret", "ConfigMap"}
        for entry, text in entries(one).items()
    }


def configurations(manifests: Manifests) -> dict[Place, str]:
    """The servers' configurations among what is made."""
    return {
        place: text
        for place, text in texts(manifests).items()
        if place[3] in FOLDERS and "-tls-assets-" not in place[2]
    }


def resolved(found: dict[Place, str], source: Source) -> dict[Place, Configuration]:
    """What the reloader makes of configurations with references."""
    return {place: _resolved(text, FOLDERS[place[3]], source) for place, text in found.items()}


def _resolved(text: str, folder: str, source: Source) -> Configuration:
    made = Resolver(cast("cluster.Cluster", source), folder, watch=False).resolve(text.encode(), {})
    return Configuration(made.content.decode(), made.files, folder)


def structure(text: str) -> Any:  # noqa: ANN401 - any YAML
    """The values of a YAML text, every scalar as it stands there; None where it is not YAML."""
    try:
        return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - makes nothing but strings
    except yaml.YAMLError:
        return None


def _with_contents(value: Any, whole: Configuration, block: str = "") -> Any:  # noqa: ANN401 - any YAML
    if isinstance(value, list):
        return [_with_contents(item, whole, block) for item in value]
    if not isinstance(value, dict):
        return value
    out: dict[str, Any] = {}
    for key, item in value.items():
        name = item.removeprefix(f"{whole.folder}/") if isinstance(item, str) else ""
        if (block, key) in INLINE_KEYS and name in whole.files:
            out[INLINE_KEYS[block, key]] = whole.files[name].decode().strip()
        else:
            out[key] = _with_contents(item, whole, key)
    return out
