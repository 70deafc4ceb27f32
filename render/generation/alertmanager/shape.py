"""The shape of Alertmanager's configuration file: the keys of a block in the order of writing, and their values.

One table per block serves three ends: reading the user's own file as strictly as the operator does (`decode`), leaving
out what the server's version does not know (`prune`), and writing keys in their order, empty values left out
(`arrange`).
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from render.findings import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.generation.fields import Block
    from render.generation.scope import Scope


NOTHING: Any = object()
"""Stands for a key that is not written."""


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - plain values of any shape
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is.

    `decode(raw)` makes it of what the user wrote and raises Rejection, its field relative to the value; `arrange`
    brings it into its written form; `empty` tells which written values are left out; `absent` is written where the key
    is missing.
    """

    decode: Callable[[Any], Any]
    arrange: Callable[[Any], Any] = _as_it_is
    empty: Callable[[Any], bool] = operator.not_
    absent: Any = NOTHING


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a block.

    Below the server's version `since` it is left out with a warning, below `needs` the configuration is refused; next
    to the key `unless` it is left out, too.
    """

    key: str
    kind: Kind
    since: str = ""
    needs: str = ""
    unless: str = ""


@dataclass(frozen=True)
class Shape:
    """A block: its fields in the order of writing, and rules that go beyond one field.

    `load` are the rules of the server's own reader for the user's file, `rules` those of the operator after pruning,
    for every block. Both raise Rejection; its field is a key of the block.
    """

    fields: tuple[Field, ...]
    load: Callable[[Block], None] | None = None
    rules: Callable[[Block, Scope], None] | None = None

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """The fields by their keys."""
        return {field.key: field for field in self.fields}

    @cached_property
    def shown(self) -> frozenset[str]:
        """The keys that are written even when they are missing."""
        return frozenset(field.key for field in self.fields if field.kind.absent is not NOTHING)

    @cached_property
    def plain(self) -> frozenset[str]:
        """The keys whose values are written as they are, unless they are empty."""
        kinds = {field.key: field.kind for field in self.fields}
        return frozenset(k for k, kind in kinds.items() if kind.arrange is _as_it_is and kind.empty is operator.not_)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys in their order."""
        return tuple(self.by_key)

    @cached_property
    def places(self) -> dict[str, int]:
        """Where the keys stand."""
        return {key: number for number, key in enumerate(self.keys)}

    @cached_property
    def gated(self) -> tuple[Field, ...]:
        """The fields that pruning has to look at."""
        return tuple(field for field in self.fields if field.since or field.needs or field.unless)


def decode(shape: Shape, raw: Any) -> Block:  # noqa: ANN401 - what the user wrote
    """A block as the user wrote it, values converted. Nulls count as absent.

    Raises Rejection: it is no mapping, a key is unknown, a value is of a wrong kind, or a rule of the server is broken.
    """
    if raw is None:
        raw = {}
    if not isinstance(raw, dict):
        raise Rejection("is no mapping")
    block: Block = {}
    fields = shape.by_key
    for key, value in raw.items():
        field = fields.get(key)
        if field is None:
            raise Rejection(f"the key {key!s} is unknown", hint=f"known are {', '.join(fields)}")
        if value is not None:
            try:
                block[field.key] = field.kind.decode(value)
            except Rejection as rejection:
                raise moved(rejection, field.key) from None
    if shape.load is not None:
        shape.load(block)
    return block


def decode_items(raw: Any, decode_item: Callable[[Any], Any]) -> list[Any]:  # noqa: ANN401 - what the user wrote
    """A list, each item decoded. Raises Rejection."""
    if not isinstance(raw, list):
        raise Rejection("is no list")
    items = []
    for number, item in enumerate(raw):
        try:
            items.append(decode_item(item))
        except Rejection as rejection:
            raise moved(rejection, f"[{number}]") from None
    return items


def decode_entries(raw: Any, decode_entry: Callable[[Any], Any]) -> dict[str, Any]:  # noqa: ANN401 - what the user wrote
    """A mapping of any keys, each value decoded. Raises Rejection."""
    if not isinstance(raw, dict):
        raise Rejection("is no mapping")
    entries = {}
    for key, value in raw.items():
        try:
            entries[str(key)] = decode_entry(value)
        except Rejection as rejection:
            raise moved(rejection, str(key)) from None
    return entries


def prune(shape: Shape, block: Block, scope: Scope, place: str) -> None:
    """Remove what the server's version does not know, with warnings.

    Raises Rejection when what is left is nothing that the operator writes.
    """
    for field in shape.gated:
        if field.kind.empty(block.get(field.key)):
            continue
        if field.needs:
            require(scope, field.needs, below(place, field.key))
        if field.since and not scope.allows(below(place, field.key), since=field.since):
            del block[field.key]
        elif field.unless and block.get(field.unless):
            _report_beaten(field, scope, place)
            del block[field.key]
    if shape.rules is not None:
        try:
            shape.rules(block, scope)
        except Rejection as rejection:
            raise moved(rejection, place) from None


def require(scope: Scope, since: str, place: str) -> None:
    """Refuse what the server's version does not know. Raises Rejection."""
    if not scope.at_least(since):
        message = f"needs {scope.product} {since} or later, and this is {scope.version}"
        raise Rejection(message, place, hint="raise spec.version, or remove the field")


def _report_beaten(field: Field, scope: Scope, place: str) -> None:
    message = f"{field.key} is left out: {field.unless} is there, too, and goes first"
    scope.report.warning("field-dropped", message, scope.key, field=below(place, field.key), hint="keep one of the two")


def arrange(shape: Shape, block: Block) -> Block:
    """The block as it is written: keys in the order of the shape, empty values left out."""
    out: Block = {}
    fields, plain = shape.by_key, shape.plain
    keys = block.keys() | shape.shown if shape.shown else block
    for key in sorted(keys, key=shape.places.__getitem__):
        value = block.get(key)
        if key in plain and value:
            out[key] = value
            continue
        kind = fields[key].kind
        if value is None:
            if kind.absent is not NOTHING:
                out[key] = kind.absent
            continue
        written = kind.arrange(value)
        if not kind.empty(written):
            out[key] = written
    return out


def below(place: str, key: str) -> str:
    """The path of a key of the block at `place`."""
    return f"{place}.{key}" if place else key


def moved(rejection: Rejection, place: str) -> Rejection:
    """A rejection from inside the block at `place`."""
    dot = "." if place and rejection.field and not rejection.field.startswith("[") else ""
    return Rejection(rejection.message, f"{place}{dot}{rejection.field}", code=rejection.code, hint=rejection.hint)


def one_of(block: Block, *keys: str) -> None:
    """At most one of the keys of a block has a value. Raises Rejection."""
    given = [key for key in keys if block.get(key) not in (None, "")]
    if len(given) > 1:
        raise Rejection(f"{given[0]} and {given[1]} exclude each other", given[1], hint="keep one of the two")


def any_of(block: Block, *keys: str) -> None:
    """At least one of the keys of a block has a value. Raises Rejection."""
    if not any(block.get(key) not in (None, "") for key in keys):
        raise Rejection(f"{' or '.join(keys)} is needed", keys[0], hint="set it")
