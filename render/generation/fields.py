"""Rows: how the leaf fields of a block become keys of the configuration, and the one function that emits them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from render.generation.scope import camel_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from render.generation.scope import Scope

    Convert = Callable[[Any, Scope], Any]

Block = dict[str, Any]
"""A mapping of the configuration; its order is the order of writing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a block.

    `key` is the key in the configuration and `of` the attribute of the API struct (default: `key` in camel case). Below
    the version `since`, or from `until` on, the field is left out with a warning. `convert` makes the configuration's
    value of the attribute's. An absent attribute, and an empty text, list or mapping, emits nothing; `keep_empty` emits
    the empty ones, too, and with `skip_zero` a zero and a false emit nothing either.
    """

    key: str
    of: str = ""
    since: str = ""
    until: str = ""
    convert: Convert | None = None
    keep_empty: bool = False
    skip_zero: bool = False

    @property
    def attribute(self) -> str:
        """The API attribute that this row reads."""
        return self.of or camel_case(self.key)


def emit(rows: Iterable[Row], source: object, scope: Scope, into: Block | None = None) -> Block:
    """Read `rows` from the struct `source` into a block, in the order of the rows.

    Raises Rejection when a converter cannot resolve a reference.
    """
    block: Block = {} if into is None else into
    for row in rows:
        value = getattr(source, row.attribute)
        if value is None or (not row.keep_empty and value in ("", [], {}) and value is not False):
            continue
        if row.skip_zero and not value:
            continue
        if (row.since or row.until) and not _allowed(row, source, scope):
            continue
        block[row.key] = value if row.convert is None else row.convert(value, scope)
    return block


def _allowed(row: Row, source: object, scope: Scope) -> bool:
    return scope.allows(row.key, row.since, row.until, part=source, attribute=row.attribute)
