"""CustomResourceDefinitions, made from the models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from render.api import GROUP, Kind
from render.api.descriptions import descriptions, summary
from render.api.served import CATEGORY, COLUMNS, SCALED_BY, STORED, Column, definitions
from render.api.structural import OPEN_OBJECT, Describer, Schema

if TYPE_CHECKING:
    from msgspec import Meta

    from render.api.model import Model

LINE = 160
"""A mapping or list that is longer than this, in characters, is written with a line for each entry."""


def custom_resource_definitions() -> dict[str, dict[str, Any]]:
    """Return the definition of every kind by its file name, `<plural>.yaml`."""
    return {f"{plural}.yaml": _definition(versions) for plural, versions in definitions().items()}


def as_text(value: Any) -> str:  # noqa: ANN401 - any value of JSON
    """Return YAML in its flow form, which is JSON: a line for each field, not indented.

    Indentation would more than double a definition, and `kubectl apply` keeps what it applied in an annotation, which
    may have 256 KiB.
    """
    return _lines(value) + "\n"


def _lines(value: Any) -> str:  # noqa: ANN401 - any value of JSON
    line = json.dumps(value, ensure_ascii=False)
    if len(line) <= LINE or not isinstance(value, dict | list):
        return line
    if isinstance(value, list):
        return "[\n" + ",\n".join(_lines(item) for item in value) + "\n]"
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {_lines(item)}" for key, item in value.items()) + "\n}"


def _definition(versions: tuple[Kind, ...]) -> dict[str, Any]:
    kind = versions[0]
    stored = STORED.get(kind.kind, kind.version)
    spec: dict[str, Any] = {"group": GROUP, "names": _names(kind), "scope": "Namespaced"}
    if several := len(versions) > 1:
        # The versions differ in details that only a webhook could convert.
        spec["conversion"] = {"strategy": "None"}
    spec["versions"] = [_version(version, stored=stored, brief=several) for version in versions]
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.plural}.{GROUP}"},
        "spec": spec,
    }


def _names(kind: Kind) -> dict[str, Any]:
    return {
        "categories": [CATEGORY],
        "kind": kind.kind,
        "listKind": f"{kind.kind}List",
        "plural": kind.plural,
        "shortNames": [kind.short_name],
        "singular": kind.kind.lower(),
    }


def _version(kind: Kind, *, stored: str, brief: bool) -> dict[str, Any]:
    version: dict[str, Any] = {"name": kind.version, "served": True, "storage": kind.version == stored}
    if columns := COLUMNS.get(kind.kind):
        version["additionalPrinterColumns"] = [_column(column) for column in columns]
    version["subresources"] = _subresources(kind.kind)
    version["schema"] = {"openAPIV3Schema": _schema(kind, brief=brief)}
    return version


def _column(column: Column) -> dict[str, Any]:
    described = {"name": column.name, "type": column.type, "jsonPath": column.path}
    return described | ({"priority": column.priority} if column.priority else {})


def _subresources(kind: str) -> dict[str, Any]:
    if kind not in SCALED_BY:
        return {"status": {}}
    field = SCALED_BY[kind]
    scale = {
        "specReplicasPath": f".spec.{field}",
        "statusReplicasPath": f".status.{field}",
        "labelSelectorPath": ".status.selector",
    }
    return {"scale": scale, "status": {}}


def _schema(kind: Kind, *, brief: bool) -> Schema:
    """Return the schema of a whole object; the metadata, which the API server knows better, may have no description."""
    described = _DefinitionDescriber(brief=brief).describe(kind.model)
    described["properties"]["metadata"] = {"type": "object"}
    return {"description": summary(kind.kind)} | described | {"required": ["spec"]}


class _DefinitionDescriber(Describer):
    """Adds descriptions, and what the API server wants to know of the keys of a list.

    With `brief`, fields of a struct are described where it first comes up in a definition, not everywhere.
    """

    def __init__(self, *, brief: bool) -> None:
        self._brief = brief
        self._described: set[type[Model]] = set()

    def struct(self, model: type[Model]) -> Schema:
        """Describe the fields of a struct."""
        repeated = model in self._described
        self._described.add(model)
        schema = super().struct(model)
        if not (self._brief and repeated):
            texts = descriptions(model)
            schema["properties"] = {
                name: {"description": texts[name]} | field for name, field in schema["properties"].items()
            }
        return schema

    def limited(self, schema: Schema, metas: tuple[Meta, ...]) -> Schema:
        """Name the keys of a list of Kubernetes' own objects as properties: the API server insists."""
        schema = super().limited(schema, metas)
        if (keys := schema.get("x-kubernetes-list-map-keys")) and schema["items"] == OPEN_OBJECT:
            schema["items"] |= {"properties": {key: {"type": "string"} for key in keys}, "required": list(keys)}
        return schema
