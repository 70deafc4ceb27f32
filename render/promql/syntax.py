"""The parts of the language that a server reads only with a feature flag."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

FLAGS = {
    "promql-experimental-functions": "experimental_functions",
    "promql-duration-expr": "duration_expressions",
    "promql-extended-range-selectors": "extended_ranges",
    "promql-binop-fill-modifiers": "fill_modifiers",
}
"""The server's feature flags, and what each admits."""


class Syntax(NamedTuple):
    """What is admitted beyond the stable language."""

    experimental_functions: bool = False
    duration_expressions: bool = False
    extended_ranges: bool = False
    fill_modifiers: bool = False


STABLE = Syntax()


def syntax_of(features: Iterable[str]) -> Syntax:
    """What a server admits that was started with these features; those that are not about PromQL do not matter."""
    return Syntax(**{FLAGS[feature]: True for feature in features if feature in FLAGS})
