"""Ports that an endpoint asks for, and those that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.golang.re2 import compile_regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from render.objects.targets import Port, Target

MOST = 3
"""So many targets are named with their ports."""


def matching_ports(wanted: str | int, owners: Iterable[Target]) -> list[Port]:
    """The ports of some targets that an endpoint takes: by number, or by a name, which servers read as an expression.

    Numbers in quotes are names.
    """
    ports = [port for owner in owners for port in owner.ports]
    if isinstance(wanted, int):
        return [port for port in ports if port.number == wanted]
    same = [port for port in ports if port.name == wanted]
    return same or [port for port in ports if _is_expression_for(wanted, port.name)]


def has_port(wanted: str | int, owners: Iterable[Target]) -> bool:
    """Whether any of the targets has the port."""
    return bool(matching_ports(wanted, owners))


def told(owners: list[Target]) -> str:
    """What the first few targets have, in words."""
    texts = (f"{one.key.kind} {one.key.name} has {', '.join(map(str, one.ports)) or 'none'}" for one in owners[:MOST])
    return "; ".join(texts) + ("; …" if owners[MOST:] else "")


def named(owners: Iterable[Target]) -> str:
    """What to do: the names there are to choose from."""
    names = sorted({port.name for owner in owners for port in owner.ports if port.name})
    return f"write {' or '.join(names)}" if names else "name the port where it is declared"


def _is_expression_for(wanted: str, name: str) -> bool:
    if wanted.replace("-", "").isalnum():
        return False
    try:
        return compile_regex(wanted).fullmatch(name.encode()) is not None
    except ValueError:
        return False
