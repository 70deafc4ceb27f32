"""PromQL as the server reads and prints it.

`check` tells whether the server takes an expression, `enforce` rewrites one for an enforced namespace label. The scheme for
names (UTF-8 or legacy) has no say in either: the server reads expressions the same way under both.
"""

from __future__ import annotations

from functools import lru_cache

from render.promql.enforcement import enforce_matcher
from render.promql.errors import PromQLError
from render.promql.parser import parse
from render.promql.printer import to_text
from render.promql.types import check_types

__all__ = ["PromQLError", "check", "enforce"]


@lru_cache(maxsize=65536)
def check(expr: str, *, utf8: bool = True, experimental: bool = False) -> str | None:
    """What the server would say against an expression, with line and column, or None when it takes it.

    `experimental` admits the functions behind the server's feature flag `promql-experimental-functions`.
    """
    try:
        check_types(parse(expr, experimental=experimental))
    except PromQLError as error:
        return error.located(expr)
    return None


@lru_cache(maxsize=65536)
def enforce(expr: str, label: str, value: str, *, utf8: bool = True, experimental: bool = False) -> str:
    """The expression in the server's canonical form, with `label="value"` in every selector instead of other matchers of that label.

    Raises PromQLError, a ValueError, when the server would refuse the expression.
    """
    tree = parse(expr, experimental=experimental)
    check_types(tree)
    enforce_matcher(tree, label, value)
    return to_text(tree)
