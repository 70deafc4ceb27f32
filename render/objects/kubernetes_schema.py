"""What Kubernetes takes: its own OpenAPI schemas, by version, unknown fields refused as in strict validation.

The schemas are the data of the package `kubernetes-validate`, which brings out those of each Kubernetes release. Only
they are read; the package itself is not imported.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from render import versions
from render.objects.explain import FieldError, explain

if TYPE_CHECKING:
    from jsonschema_rs import Validator

Schema = dict[str, Any]

PACKAGE = "kubernetes_validate"
FOLDER, SUFFIX = "kubernetes-json-schema", "-local-strict"
DEFINITIONS = "_definitions.json"
REFERENCE = "#/$defs/"
DEFINED = {
    ("apps/v1", "StatefulSet"): "io.k8s.api.apps.v1.StatefulSet",
    ("apps/v1", "DaemonSet"): "io.k8s.api.apps.v1.DaemonSet",
}
"""The kinds that hold what users wrote, and the names of their schemas."""
EITHER = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": {"type": ["string", "number"]},
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {"type": ["string", "integer"]},
}
"""Types with two forms, in a shape that gives one error instead of two."""
SILENT = frozenset({"description", "format"})
"""Keywords that say nothing about whether a value is taken."""


def check(manifest: dict[str, Any], kube_version: tuple[int, int]) -> tuple[FieldError, ...]:
    """All that Kubernetes' schema has against a final object: fields unknown, missing or of a wrong type.

    `kube_version` is (major, minor); the schema is that of the newest known version that is not newer, else the oldest.
    Raises KeyError for a kind that is not in `DEFINED`.
    """
    name = DEFINED[manifest["apiVersion"], manifest["kind"]]
    folder = _folder(kube_version)
    validator = _validator(folder, name)
    return () if validator.is_valid(manifest) else explain(_schema(folder, name), validator.iter_errors(manifest))


@cache
def _folder(kube_version: tuple[int, int]) -> Path:
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(f"the package {PACKAGE} is not installed (pip install 'promrender[render]')")
    schemas = Path(found.submodule_search_locations[0]) / FOLDER
    known = {}
    for folder in schemas.glob(f"v*{SUFFIX}"):
        version = versions.parse(folder.name.removesuffix(SUFFIX))
        known[version.major, version.minor] = folder
    return known[max((version for version in known if version <= kube_version), default=min(known))]


@cache
def _definitions(folder: Path) -> dict[str, Schema]:
    read: dict[str, Schema] = msgspec.json.decode((folder / DEFINITIONS).read_bytes())["$defs"]
    return read | EITHER


@cache
def _schema(folder: Path, name: str) -> Schema:
    """The schema of one kind, with the definitions that it reaches alone."""
    definitions = _definitions(folder)
    reached: dict[str, Schema] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached[one] = _plain(definitions[one], waiting)
    return {"$ref": REFERENCE + name, "$defs": reached}


def _plain(node: Any, waiting: list[str]) -> Any:  # noqa: ANN401 - a part of a schema
    """A part of a schema without null among its types, since final objects hold none; references go to `waiting`."""
    if isinstance(node, list):
        return [_plain(item, waiting) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        waiting.append(node["$ref"].removeprefix(REFERENCE))
        return {"$ref": node["$ref"]}
    kept = {key: _plain(item, waiting) for key, item in node.items() if key not in SILENT or isinstance(item, dict)}
    if isinstance(kept.get("type"), list):
        kept["type"] = [one for one in kept["type"] if one != "null"]
    return kept


@cache
def _validator(folder: Path, name: str) -> Validator:
    import jsonschema_rs

    return jsonschema_rs.validator_for(_schema(folder, name))
