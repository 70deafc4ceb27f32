"""Puts one label matcher into every selector, as the operator does for an enforced namespace label.

Source: the enforcer of prom-label-proxy, in its mode that replaces. It does not look into the parameter of an
aggregation (`topk(scalar(here), ...)`), and neither does this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.promql import ast

if TYPE_CHECKING:
    from collections.abc import Iterator


def enforce_matcher(expr: ast.Expr, label: str, value: str) -> None:
    """Change the tree: each selector loses its matchers of `label`, whatever their kind, and gets `label="value"`."""
    for selector in _selectors(expr):
        selector.matchers = [matcher for matcher in selector.matchers if matcher.name != label]
        selector.matchers.append(ast.Matcher(label, "=", value))


def _selectors(expr: ast.Expr) -> Iterator[ast.VectorSelector]:
    if isinstance(expr, ast.VectorSelector):
        yield expr
    elif isinstance(expr, ast.MatrixSelector):
        yield expr.selector
    elif isinstance(expr, ast.Binary):
        chain = ast.left_chain(expr)
        yield from _selectors(chain[-1].left)
        for link in chain:
            yield from _selectors(link.right)
    elif isinstance(expr, ast.Call):
        for arg in expr.args:
            yield from _selectors(arg)
    elif isinstance(expr, ast.Aggregation | ast.Paren | ast.Subquery | ast.Unary):
        yield from _selectors(expr.expr)
