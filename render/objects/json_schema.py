"""The models as JSON schemas for the validator: closed (unknown fields are errors), each struct once, by reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.api.metadata import ObjectMeta, OwnerReference
from render.api.model import fields
from render.api.structural import Describer, Schema

if TYPE_CHECKING:
    from msgspec import Meta, Struct

    from render.api.model import Resource

INTEGER_LIMITS = {
    "int32": {"minimum": -(1 << 31), "maximum": (1 << 31) - 1},
    "int64": {"minimum": -(1 << 63), "maximum": (1 << 63) - 1},
}


class ClosedDescriber(Describer):
    """Collects one definition for each struct, with every limit that the API server enforces."""

    def __init__(self) -> None:
        """Start without definitions."""
        self.definitions: dict[str, Schema] = {}

    def describe(self, kind: Any) -> Schema:  # noqa: ANN401 - any type that a model uses
        """Describe the metadata as well, which a custom resource definition leaves to the API server."""
        return self.struct(kind) if kind in (ObjectMeta, OwnerReference) else super().describe(kind)

    def limited(self, schema: Schema, metas: tuple[Meta, ...]) -> Schema:
        """Turn the limits that JSON schema has other words for."""
        schema = super().limited(schema, metas)
        limits = INTEGER_LIMITS.get(schema.pop("format", ""), {})
        if schema.get("x-kubernetes-list-type") == "set":
            schema["uniqueItems"] = True
        return limits | schema

    def union(self, members: list[Any]) -> Schema:
        """Name both types of a whole number or string in one keyword, for one error instead of three."""
        if len(members) == 1:
            return self.describe(members[0])
        return {"type": [self.describe(member)["type"] for member in members]}

    def struct(self, model: type[Struct]) -> Schema:
        """Refer to the definition of a struct."""
        name = f"{model.__module__}.{model.__qualname__}"
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = self.closed(model)
        return {"$ref": f"#/$defs/{name}"}

    def closed(self, model: type[Struct]) -> Schema:
        """Return the definition of a struct: its fields and no others."""
        schema: Schema = {
            "type": "object",
            "properties": {field.encode_name: self.describe(field.type) for field in fields(model)},
            "additionalProperties": False,
        }
        if required := [field.encode_name for field in fields(model) if field.required]:
            schema["required"] = required
        return schema


def json_schema(model: type[Resource]) -> Schema:
    """Return the JSON schema (draft 2020-12) that decides whether an object of the model is valid."""
    describer = ClosedDescriber()
    return describer.describe(model) | {"$defs": describer.definitions}
