"""What the API server does to an object before it looks at it."""

from __future__ import annotations

from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from msgspec import Struct

from render.api.model import fields

INT64 = 2**63
"""What is as large as this stays a float, as in the API server."""


def prune_nulls(raw: Any) -> Any:  # noqa: ANN401 - any value of JSON
    """Return a copy as the API server stores it: without null fields, and with whole numbers as such (1.0 is 1).

    A null among the items of a list stays, for it is an error. Source: Kubernetes' documentation of structural schemas,
    "Defaulting and nullable".
    """
    if isinstance(raw, dict):
        return {key: prune_nulls(value) for key, value in raw.items() if value is not None}
    if isinstance(raw, list):
        return [prune_nulls(item) for item in raw]
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < INT64:
        return int(raw)
    return raw


def prune_unknown(raw: Any, kind: Any) -> Any:  # noqa: ANN401 - any value of JSON, any type that a model uses
    """Return a copy without the fields that the type `kind` does not have, such as those of another version of the API.

    What is of another type than the model wants stays as it is. Source: Kubernetes' documentation of structural
    schemas, "Pruning".
    """
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return prune_unknown(raw, args[0])
    if origin in {UnionType, Union}:
        members = [member for member in args if member is not NoneType]
        return prune_unknown(raw, members[0]) if len(members) == 1 else raw
    if origin is list and isinstance(raw, list):
        return [prune_unknown(item, args[0]) for item in raw]
    if origin is dict and isinstance(raw, dict):
        return {key: prune_unknown(value, args[1]) for key, value in raw.items()}
    if isinstance(raw, dict) and isinstance(kind, type) and issubclass(kind, Struct):
        known = _known(kind)
        return {key: prune_unknown(value, known[key]) for key, value in raw.items() if key in known}
    return raw


@cache
def _known(model: type[Struct]) -> dict[str, Any]:
    """The types of a struct's fields by their names in JSON."""
    return {field.encode_name: field.type for field in fields(model)}
