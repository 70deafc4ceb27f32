"""What a kind of service discovery is, and how its entries are checked and written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.fields import Block, Row, emit

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.generation.scope import Scope

    Entry = Any  # an entry of any kind of discovery: its checks and rows read it by attribute names
    Check = Callable[[Entry, Scope, str], None]


@dataclass(frozen=True, slots=True)
class Discovery:
    """One kind of service discovery of a ScrapeConfig.

    `key` is the key in the configuration and `of` the attribute of the ScrapeConfig that lists the entries. `rows` map
    the fields of an entry, in the order of writing; `generate` writes an entry that needs more than rows, which then
    still name what it reads. `checks` look at each entry, in the reference's order, and raise Rejection.

    Below the version `since` no ScrapeConfig is accepted, whether it has entries of this kind or not: the reference
    works that way.
    """

    key: str
    of: str
    rows: tuple[Row, ...] = ()
    checks: tuple[Check, ...] = ()
    since: str = ""
    generate: Callable[[Entry, Scope], Block] | None = None


def check(kind: Discovery, entries: list[Entry] | None, scope: Scope) -> None:
    """Check the entries of one kind. Raises Rejection at the first that is not acceptable."""
    field = f"spec.{kind.of}"
    if kind.since and not scope.at_least(kind.since):
        needed = f"{kind.of} exists since {scope.product} {kind.since}"
        message = f"{needed}; below that the reference accepts no ScrapeConfig, and this is {scope.version}"
        raise Rejection(message, field, code="version-unsupported", hint="raise spec.version of the server")
    for number, entry in enumerate(entries or ()):
        for look in kind.checks:
            look(entry, scope, f"{field}[{number}]")


def generate(kind: Discovery, entries: list[Entry], scope: Scope) -> list[Block]:
    """The list below `kind.key`."""
    if kind.generate is not None:
        return [kind.generate(entry, scope) for entry in entries]
    return [emit(kind.rows, entry, scope) for entry in entries]
