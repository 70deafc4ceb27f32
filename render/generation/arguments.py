"""Command lines of containers: what we set, followed by the user's own arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from render.findings import Rejection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from render.api import pods


class Argument(NamedTuple):
    """One command line argument, written `--name=value`, or `--name` without a value."""

    name: str
    value: str = ""


def command_line(
    arguments: Iterable[Argument], additional: Sequence[pods.Argument] | None, field: str = "spec.additionalArgs"
) -> list[str]:
    """The arguments and then the additional ones, as a container takes them.

    Raises Rejection when an additional argument, or its negation, is set already.
    """
    ours = list(arguments)
    theirs = [Argument(extra.name, extra.value or "") for extra in additional or ()]
    found = clashes(ours, additional)
    if found:
        message = f"{', '.join('--' + name for name in found)} cannot be given here: other fields set it"
        raise Rejection(message, field, hint="remove it, or use the field that stands for it")
    return [f"--{name}={value}" if value else f"--{name}" for name, value in (*ours, *theirs)]


def clashes(ours: Iterable[Argument], additional: Sequence[pods.Argument] | None) -> list[str]:
    """Names of additional arguments that are set already, or whose negation is."""
    names = {argument.name for argument in ours}
    return [extra.name for extra in additional or () if extra.name in names or _negated(extra.name) in names]


def _negated(name: str) -> str:
    return name.removeprefix("no-") if name.startswith("no-") else f"no-{name}"
