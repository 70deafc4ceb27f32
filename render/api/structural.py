"""The models as structural schemas, the dialect of OpenAPI that custom resource definitions are written in."""

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import NODEFAULT, Meta
from msgspec.structs import FieldInfo

from render.api.metadata import ObjectMeta
from render.api.model import RULES, Atomic, Model, fields

Schema = dict[str, Any]

SCALARS: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    ObjectMeta: {"type": "object"},
    Any: {"x-kubernetes-preserve-unknown-fields": True},
}

OPEN_OBJECT: Schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
"""A mapping whose inside no model describes, such as a container of Kubernetes."""


class Describer:
    """Turns types into schemas, structs inline.

    A subclass may treat structs otherwise (see render.objects.schema, which refers to each of them by name).
    """

    def describe(self, kind: Any) -> Schema:  # noqa: ANN401 - any type that a model uses
        """Return the schema of a type that a model uses; `None` in a union says only that the field is optional."""
        origin, args = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self.limited(self.describe(args[0]), args[1:])
        if origin in {UnionType, Union}:
            return self.union([arg for arg in args if arg is not NoneType])
        if origin is None:
            return self.struct(kind) if isinstance(kind, type) and issubclass(kind, Model) else dict(SCALARS[kind])
        return self.generic(origin, args)

    def generic(self, origin: Any, args: tuple[Any, ...]) -> Schema:  # noqa: ANN401 - any type that a model uses
        """Return the schema of a choice of words, a list or a mapping."""
        if origin is Literal:
            return {"type": "string", "enum": list(args)}
        if origin is list:
            return {"type": "array", "items": self.describe(args[0])}
        return self.mapping(args[1])

    def limited(self, schema: Schema, metas: tuple[Meta, ...]) -> Schema:
        """Add the limits of an annotated type."""
        for meta in metas:
            schema |= meta.extra_json_schema or {}
        return schema

    def union(self, members: list[Any]) -> Schema:
        """Return the only member's schema; the one true union is a whole number or a string."""
        if len(members) == 1:
            return self.describe(members[0])
        return {"anyOf": [self.describe(member) for member in members]}

    def mapping(self, values: Any) -> Schema:  # noqa: ANN401 - any type that a model uses
        """Return the schema of a mapping from strings."""
        if values is Any:
            return dict(OPEN_OBJECT)
        return {"type": "object", "additionalProperties": self.describe(values)}

    def struct(self, model: type[Model]) -> Schema:
        """Return the schema of a struct: its fields, its rules, and how server-side apply merges it."""
        schema: Schema = {"type": "object", "properties": {}}
        for field in fields(model):
            schema["properties"][field.encode_name] = self.field(field)
        if required := [field.encode_name for field in fields(model) if field.required]:
            schema["required"] = required
        if issubclass(model, Atomic):
            schema["x-kubernetes-map-type"] = "atomic"
        if rules := RULES.get(model):
            schema["x-kubernetes-validations"] = [{"rule": rule.text, "message": rule.message} for rule in rules]
        return schema

    def field(self, field: FieldInfo) -> Schema:
        """Return the schema of a field with its default."""
        schema = self.describe(field.type)
        if field.default is not NODEFAULT and field.default is not None:
            schema["default"] = field.default
        return schema


def structural_schema(model: type[Model]) -> Schema:
    """Return the structural schema of a model; Kubernetes' own types inside are open objects."""
    return Describer().describe(model)
