"""Puts one label matcher into every selector, as the operator does for an enforced namespace label.

Source: the enforcer of prom-label-proxy, in its mode that replaces. It does not look into the parameter of an aggregation
(`topk(scalar(here), ...)`), and neither does this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.promql.ast import Aggregation, Binary, Call, Matcher, MatrixSelector, Paren, Subquery, Unary, VectorSelector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.promql.ast import Expr


def enforce_matcher(expr: Expr, label: str, value: str) -> None:
    """Change the tree: each selector loses its matchers of `label`, whatever their kind, and gets `label="value"`."""
    for selector in _selectors(expr):
        selector.matchers = [matcher for matcher in selector.matchers if matcher.name != label]
        selector.matchers.append(Matcher(label, "=", value))


def _selectors(expr: Expr) -> Iterator[VectorSelector]:
    if isinstance(expr, VectorSelector):
        yield expr
    elif isinstance(expr, MatrixSelector):
        yield expr.selector
    elif isinstance(expr, Binary):
        yield from _selectors(expr.left)
        yield from _selectors(expr.right)
    elif isinstance(expr, Call):
        for arg in expr.args:
            yield from _selectors(arg)
    elif isinstance(expr, Aggregation | Paren | Subquery | Unary):
        yield from _selectors(expr.expr)
