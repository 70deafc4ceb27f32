"""Where a part of a custom resource stands in it, as people write it: `spec.endpoints[0].port`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def place_of(root: Struct, part: object, attribute: str) -> str:
    """The path of an attribute of `part`, a struct somewhere below `root`; empty when it is not there."""
    return _first(root, lambda found: found is part, attribute)


def first_place_of(root: Struct, attribute: str) -> str:
    """The path of the first attribute of that name which is set anywhere below `root`; empty when none is."""
    return _first(root, lambda found: getattr(found, attribute, None) is not None, attribute)


def _first(root: Struct, wanted: Callable[[Struct], bool], attribute: str) -> str:
    for path, found in _structs(root, ""):
        if wanted(found):
            names = {field.name: field.encode_name for field in fields(found)}
            return f"{path}.{names.get(attribute, attribute)}".lstrip(".")
    return ""


def _structs(value: Any, path: str) -> Iterator[tuple[str, Struct]]:  # noqa: ANN401 - a part of a custom resource
    """Every struct of a value with its path, outer ones first."""
    if isinstance(value, Struct):
        yield path, value
        for field in fields(value):
            yield from _structs(getattr(value, field.name), f"{path}.{field.encode_name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _structs(item, f"{path}[{number}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _structs(item, f'{path}["{key}"]')
