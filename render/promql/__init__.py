"""PromQL as the server reads and prints it.

`check` tells whether the server takes an expression, `enforce` rewrites one for an enforced namespace label. The scheme
for names (UTF-8 or legacy) has no say in either: the server reads expressions the same way under both.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from render.promql.enforcement import enforce_matcher
from render.promql.errors import PromQLError
from render.promql.parser import parse
from render.promql.printer import to_text
from render.promql.syntax import STABLE, Syntax, syntax_of
from render.promql.types import check_types

if TYPE_CHECKING:
    from render.promql.ast import Expr

__all__ = ["STABLE", "PromQLError", "Syntax", "check", "enforce", "syntax_of"]

# Values whose content has no say: not empty, no escapes, compared for equality. Other strings and comments are
# matched to be passed over.
_VALUE = re.compile(r"""(!?=[ ]*)"[^"\\\n\ufffd]+"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|\#[^\r\n]*""")
_TOO_DEEP = "the expression is nested too deeply"


def check(expr: str, syntax: Syntax = STABLE) -> str | None:
    """What the server would say against an expression, with line and column, or None when it takes it.

    Expressions that differ only in the values of labels, as in rules made from a template, are read once.
    """
    if _is_accepted(_VALUE.sub(_shape, expr), syntax):
        return None
    try:
        _read(expr, syntax)
    except PromQLError as error:
        return error.located(expr)
    return None


@lru_cache(maxsize=16384)
def enforce(expr: str, label: str, value: str, syntax: Syntax = STABLE) -> str:
    """The expression in the server's canonical form, with `label="value"` in every selector.

    Other matchers of that label go. Raises PromQLError, a ValueError, with line and column
    when the server would refuse the expression.
    """
    try:
        tree = _read(expr, syntax)
        enforce_matcher(tree, label, value)
        return to_text(tree)
    except PromQLError as error:
        raise PromQLError(error.located(expr), error.offset) from None
    except RecursionError:
        raise PromQLError(_TOO_DEEP, 0) from None


def _shape(match: re.Match[str]) -> str:
    return f'{match[1]}"x"' if match[1] else match[0]


@lru_cache(maxsize=16384)
def _is_accepted(expr: str, syntax: Syntax) -> bool:
    try:
        _read(expr, syntax)
    except PromQLError:
        return False
    return True


def _read(expr: str, syntax: Syntax) -> Expr:
    """The tree of an expression, its types checked. Raises PromQLError."""
    try:
        tree = parse(expr, syntax)
        check_types(tree)
    except RecursionError:
        raise PromQLError(_TOO_DEEP, 0) from None
    return tree
