"""Trees to text, in the server's canonical form on one line. Source: Prometheus 3.13, `promql/parser/printer.go`."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from render.golang import names
from render.golang.durations import MAX_INT64, format_duration
from render.golang.literals import quote
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
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")


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


def _placement(placement: ast.Placement) -> str:
    """` @ <moment>` and ` offset <duration>`, each where it is set."""
    at, offset = placement.at, placement.offset
    text = ""
    if isinstance(at, str):
        text = f" @ {at}()"
    elif at is not None:
        text = f" @ {at / 1000:.3f}"
    if offset:
        # The smallest number has no positive counterpart: the server prints both signs.
        sign = "" if offset > 0 else "--" if offset < -MAX_INT64 else "-"
        text += f" offset {sign}{format_duration(abs(offset))}"
    return text


def _matrix(node: ast.MatrixSelector) -> str:
    return f"{_selector(node.selector)}[{format_duration(node.range)}]{_placement(node.selector.placement)}"


def _subquery(node: ast.Subquery) -> str:
    step = format_duration(node.step) if node.step else ""
    return f"{to_text(node.expr)}[{format_duration(node.range)}:{step}]{_placement(node.placement)}"


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
    return text


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
    ast.VectorSelector: lambda node: _selector(node) + _placement(node.placement),
}
