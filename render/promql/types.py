"""The type check: what the grammar allows and the server still refuses.

Source: Prometheus 3.13, `promql/parser/parse.go`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.golang import names
from render.promql import ast
from render.promql.ast import left_chain
from render.promql.errors import PromQLError
from render.promql.functions import MATRIX, SCALAR, STRING, VECTOR
from render.promql.label_regex import matches_empty
from render.promql.parser import COMPARISONS, SET_OPERATORS

if TYPE_CHECKING:
    from collections.abc import Callable


_OPERANDS = frozenset({SCALAR, VECTOR})


def check_types(expr: ast.Expr) -> str:
    """The type of an expression, checked all the way down. Matching of operands that are not both vectors is dropped.

    Raises PromQLError.
    """
    return _CHECKS[type(expr)](expr)


def _want(expr: ast.Expr, wanted: str, where: str) -> None:
    found = check_types(expr)
    if found != wanted:
        msg = f"expected {wanted} in {where}, got {found}"
        raise PromQLError(msg, expr.offset)


def _aggregation(node: ast.Aggregation) -> str:
    _want(node.expr, VECTOR, f"the aggregation {node.op}()")
    if node.param is not None:
        _want(node.param, STRING if node.op == "count_values" else SCALAR, f"the parameter of {node.op}()")
    return VECTOR


def _binary(node: ast.Binary) -> str:
    """Chains of operators are as deep as they are long, to the left: they are walked, not descended."""
    chain = left_chain(node)
    left = check_types(chain[-1].left)
    for link in reversed(chain):
        left = _operator(link, left, check_types(link.right))
    return left


def _operator(node: ast.Binary, left: str, right: str) -> str:
    """The type of an operator's result, given those of its operands."""
    problem = _operands_problem(node, left, right) or _matching_problem(node, left, right)
    if problem:
        raise PromQLError(problem, node.offset)
    if left != VECTOR or right != VECTOR:
        node.matching = None
    return SCALAR if left == right == SCALAR else VECTOR


def _operands_problem(node: ast.Binary, left: str, right: str) -> str:
    """What is wrong with the operands of an operator, if anything."""
    if left not in _OPERANDS or right not in _OPERANDS:
        return f"the operands of {node.op!r} must be scalars or instant vectors, got {left} and {right}"
    if node.op in COMPARISONS:
        needs_bool = left == right == SCALAR and not node.return_bool
        return "a comparison between scalars must use the bool modifier" if needs_bool else ""
    if node.return_bool:
        return f"the bool modifier goes with comparisons, not with {node.op!r}"
    if node.op in SET_OPERATORS and SCALAR in (left, right):
        return f"the set operator {node.op!r} takes instant vectors, got {left} and {right}"
    return ""


def _matching_problem(node: ast.Binary, left: str, right: str) -> str:
    """What is wrong with the matching of vectors, if anything."""
    matching = node.matching
    if matching is None:
        return ""
    if matching.on and (twice := sorted(set(matching.labels) & set(matching.include))):
        return f"the label {twice[0]!r} is both matched on and taken over by the group modifier"
    filled = matching.fill != (None, None)
    if left != VECTOR or right != VECTOR:
        return "only instant vectors can be matched or filled" if matching.labels or filled else ""
    if node.op in SET_OPERATORS and (matching.group or filled):
        return f"the set operator {node.op!r} neither groups nor fills"
    return ""


def _call(node: ast.Call) -> str:
    name, wanted, _, variadic, _ = node.function
    least = len(wanted) - 1 if variadic else len(wanted)
    most = len(wanted) - 1 + variadic if variadic else len(wanted)
    if len(node.args) < least or (variadic >= 0 and len(node.args) > most):
        expected = str(least) if least == most else f"at least {least}" if variadic < 0 else f"{least} to {most}"
        msg = f"{name}() takes {expected} argument(s), got {len(node.args)}"
        raise PromQLError(msg, node.offset)
    for position, arg in enumerate(node.args):
        if name == "info" and position == 1:
            _check_info_labels(arg)
        else:
            _want(arg, wanted[min(position, len(wanted) - 1)], f"the call of {name}()")
    return node.function.result


def _check_info_labels(arg: ast.Expr) -> None:
    """The second argument of info() selects no series but labels: braces only, and they may match everything."""
    if not isinstance(arg, ast.VectorSelector) or arg.name:
        msg = "the second argument of info() must be label matchers in braces"
        raise PromQLError(msg, arg.offset)


def _vector(node: ast.VectorSelector) -> str:
    if node.name:
        if any(matcher.name == names.METRIC_NAME_LABEL for matcher in node.matchers[:-1]):
            msg = f"the metric name is set twice, first as {node.name!r}"
            raise PromQLError(msg, node.offset)
    elif all(map(_matches_empty, node.matchers)):
        msg = "a selector must hold at least one matcher that does not match the empty text"
        raise PromQLError(msg, node.offset)
    return VECTOR


def _matches_empty(matcher: ast.Matcher) -> bool:
    if matcher.op == "=":
        return not matcher.value
    if matcher.op == "!=":
        return bool(matcher.value)
    return matches_empty(matcher.value) is (matcher.op == "=~")


def _matrix(node: ast.MatrixSelector) -> str:
    check_types(node.selector)
    return MATRIX


def _subquery(node: ast.Subquery) -> str:
    _want(node.expr, VECTOR, "a subquery")
    return MATRIX


def _unary(node: ast.Unary) -> str:
    found = check_types(node.expr)
    if found not in _OPERANDS:
        msg = f"a sign goes before scalars and instant vectors, not before a {found}"
        raise PromQLError(msg, node.offset)
    return found


_CHECKS: dict[type, Callable[[Any], str]] = {
    ast.Aggregation: _aggregation,
    ast.Binary: _binary,
    ast.Call: _call,
    ast.MatrixSelector: _matrix,
    ast.Number: lambda _: SCALAR,
    ast.Paren: lambda node: check_types(node.expr),
    ast.String: lambda _: STRING,
    ast.Subquery: _subquery,
    ast.Unary: _unary,
    ast.VectorSelector: _vector,
}
