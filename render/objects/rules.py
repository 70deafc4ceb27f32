"""Rules that one field alone cannot say: keys that may not occur twice in a list, and the rules of the models."""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Union, get_args, get_origin

import msgspec

from render.api.model import RULES, Model, fields
from render.objects.explain import FieldError
from render.objects.pruning import prune_nulls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.objects.explain import Path

ITEM = "*"
"""A step into every item of a list, or every value of a mapping."""

LARGEST_ANNOTATIONS = 256 << 10
"""Keys and values of all annotations of an object, in bytes. Source: validation of ObjectMeta in Kubernetes."""


class ListKeys(NamedTuple):
    """The fields in which the items of a list differ."""

    names: tuple[str, ...]


Place = tuple[tuple[str, ...], ListKeys | type[Model]]
"""A path to a list with keys or to a struct with rules."""


def broken_rules(model: type[Model], raw: dict[str, Any]) -> tuple[FieldError, ...]:
    """Return the errors of an object whose fields are right one by one."""
    errors = list(_too_large(raw["metadata"].get("annotations")))
    for steps, what in places(model):
        for path, value in _values(raw, steps):
            errors += _repeated(path, value, what) if isinstance(what, ListKeys) else _broken(path, value, what)
    return tuple(errors)


@cache
def places(model: type[Model]) -> tuple[Place, ...]:
    """Return where in an object of the model there is something to check."""
    own: list[Place] = [((), model)] if model in RULES else []
    for field in fields(model):
        own += [((field.encode_name, *steps), what) for steps, what in _within(field.type)]
    return tuple(own)


def _within(kind: Any) -> Iterator[Place]:  # noqa: ANN401 - any type that a model uses
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        for meta in args[1:]:
            if keys := (meta.extra_json_schema or {}).get("x-kubernetes-list-map-keys"):
                yield (), ListKeys(tuple(keys))
        yield from _within(args[0])
    elif origin in {UnionType, Union}:
        for member in args:
            yield from _within(member)
    elif origin in {list, dict}:
        for steps, what in _within(args[-1]):
            yield (ITEM, *steps), what
    elif isinstance(kind, type) and issubclass(kind, Model):
        yield from places(kind)


def _values(raw: Any, steps: tuple[str, ...], path: Path = ()) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401
    if raw is None:
        return
    if not steps:
        yield path, raw
    elif steps[0] != ITEM:
        yield from _values(raw.get(steps[0]), steps[1:], (*path, steps[0]))
    else:
        for key, value in raw.items() if isinstance(raw, dict) else enumerate(raw):
            yield from _values(value, steps[1:], (*path, key))


def _too_large(annotations: dict[str, str] | None) -> Iterator[FieldError]:
    if annotations and sum(len(text.encode()) for entry in annotations.items() for text in entry) > LARGEST_ANNOTATIONS:
        message = f"has more than {LARGEST_ANNOTATIONS >> 10} KiB of keys and values"
        yield FieldError(("metadata", "annotations"), message, "remove what no one reads")


def _repeated(path: Path, items: list[dict[str, Any]], keys: ListKeys) -> Iterator[FieldError]:
    seen: dict[tuple[Any, ...], int] = {}
    for index, item in enumerate(items):
        key = tuple(item.get(name) for name in keys.names)
        if key in seen:
            names = " and ".join(keys.names)
            message = f"has the same {names} as item {seen[key]}"
            yield FieldError((*path, index), message, f"give each item its own {names}", "duplicate")
        else:
            seen[key] = index


def _broken(path: Path, value: dict[str, Any], model: type[Model]) -> Iterator[FieldError]:
    struct = msgspec.convert(prune_nulls(value), model)
    for rule in RULES[model]:
        if not rule.holds(struct):
            yield FieldError(path, rule.message, code="rule")
