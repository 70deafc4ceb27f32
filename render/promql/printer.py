"""Trees to text, in the server's canonical form on one line. Source: Prometheus 3.13, `promql/parser/printer.go`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.golang import names
from render.golang.durations import MAX_INT64, format_duration
from render.golang.literals import format_float, quote
from render.promql import ast
from render.promql.ast import left_chain

if TYPE_CHECKING:
    from collections.abc import Callable


def to_text(expr: ast.Expr) -> str:
    """Write an expression whose types were checked."""
    return _WRITERS[type(expr)](expr)


def _number(node: ast.Number) -> str:
    value = node.value
    if node.duration:
        text = format_duration(int(abs(value) * 1e9))
        return f"-{text}" if value < 0 else text
    return format_float(value, exponent=False)


def _labels(labels: list[str]) -> str:
    return ", ".join(label if names.is_label_name(label, utf8=False) else quote(label) for label in labels)


def _matcher(matcher: ast.Matcher) -> str:
    name = matcher.name if names.is_label_name(matcher.name, utf8=False) else quote(matcher.name)
    return f"{name}{matcher.op}{quote(matcher.value)}"


def _selector(node: ast.VectorSelector) -> str:
    """A selector without its placement; the matchers are sorted by their text."""
    written = sorted(_matcher(matcher) for matcher in node.matchers if not _is_own_name(node, matcher))
    return f"{node.name}{{{','.join(written)}}}" if written else node.name


def _is_own_name(node: ast.VectorSelector, matcher: ast.Matcher) -> bool:
    if not matcher.value or matcher.value != node.name:
        return False
    return matcher.name == names.METRIC_NAME_LABEL and matcher.op == "="


def _placement(placement: ast.Placement) -> tuple[str, str]:
    """` @ <moment>` and ` offset <duration>`, each empty where it is not set."""
    at, offset = placement.at, placement.offset
    text = ""
    if isinstance(at, str):
        text = f" @ {at}()"
    elif at is not None:
        text = f" @ {at / 1000:.3f}"
    return text, f" offset {_length(offset)}" if offset else ""


def _length(length: ast.Length) -> str:
    if isinstance(length, ast.Arithmetic):
        return _arithmetic(length)
    # The smallest number has no positive counterpart: the server prints both signs.
    return f"-{format_duration(length)}" if length < -MAX_INT64 else format_duration(length)


def _arithmetic(node: ast.Number | ast.Arithmetic | None) -> str:
    """A duration that is worked out, or a part of one; nothing for a side that is not there."""
    if node is None:
        return ""
    if isinstance(node, ast.Number):
        return _number(node)
    left, right = _arithmetic(node.left), _arithmetic(node.right)
    if not right:
        text = f"{node.op}()"
    elif not left:
        text = f"{node.op}{right}"
    else:
        text = f"{node.op}({left}, {right})" if node.op in ("max_of", "min_of") else f"{left} {node.op} {right}"
    return f"({text})" if node.wrapped else text


def _vector(node: ast.VectorSelector) -> str:
    at, offset = _placement(node.placement)
    return _selector(node) + at + _extension(node) + offset


def _matrix(node: ast.MatrixSelector) -> str:
    at, offset = _placement(node.selector.placement)
    return f"{_selector(node.selector)}[{_length(node.range)}]{_extension(node.selector)}{at}{offset}"


def _extension(node: ast.VectorSelector) -> str:
    return f" {node.extension}" if node.extension else ""


def _subquery(node: ast.Subquery) -> str:
    at, offset = _placement(node.placement)
    step = _length(node.step) if node.step else ""
    return f"{to_text(node.expr)}[{_length(node.range)}:{step}]{at}{offset}"


def _binary(node: ast.Binary) -> str:
    chain = left_chain(node)
    links = (f" {link.op}{_modifiers(link)} {to_text(link.right)}" for link in reversed(chain))
    return to_text(chain[-1].left) + "".join(links)


def _modifiers(node: ast.Binary) -> str:
    text = " bool" if node.return_bool else ""
    matching = node.matching
    if matching is None:
        return text
    if matching.labels or matching.on or matching.group:
        text += f" {'on' if matching.on else 'ignoring'} ({_labels(matching.labels)})"
    if matching.group:
        text += f" group_{matching.group} ({_labels(matching.include)})"
    return text + _fill(*matching.fill)


def _fill(left: float | None, right: float | None) -> str:
    if left is not None and left == right:
        return f" fill ({format_float(left)})"
    sides = (("left", left), ("right", right))
    return "".join(f" fill_{side} ({format_float(value)})" for side, value in sides if value is not None)


def _aggregation(node: ast.Aggregation) -> str:
    text = node.op
    if node.without:
        text += f" without ({_labels(node.grouping)}) "
    elif node.grouping:
        text += f" by ({_labels(node.grouping)}) "
    param = f"{to_text(node.param)}, " if node.param is not None else ""
    return f"{text}({param}{to_text(node.expr)})"


_WRITERS: dict[type, Callable[[Any], str]] = {
    ast.Aggregation: _aggregation,
    ast.Binary: _binary,
    ast.Call: lambda node: f"{node.function.name}({', '.join(map(to_text, node.args))})",
    ast.MatrixSelector: _matrix,
    ast.Number: _number,
    ast.Paren: lambda node: f"({to_text(node.expr)})",
    ast.String: lambda node: quote(node.value),
    ast.Subquery: _subquery,
    ast.Unary: lambda node: f"{node.op}{to_text(node.expr)}",
    ast.VectorSelector: _vector,
}
