"""Trees to text, in the server's canonical form on one line. Source: Prometheus 3.13, `promql/parser/printer.go`."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from render.golang import names
from render.golang.durations import MAX_INT64, format_duration
from render.golang.literals import quote
from render.promql.ast import Aggregation, Binary, Call, MatrixSelector, Number, Paren, String, Subquery, Unary, VectorSelector

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.promql.ast import Expr, Matcher, Placement


def to_text(expr: Expr) -> str:
    """Write an expression whose types were checked."""
    return _WRITERS[type(expr)](expr)


def _number(node: Number) -> str:
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


def _matcher(matcher: Matcher) -> str:
    name = matcher.name if names.is_label_name(matcher.name, utf8=False) else quote(matcher.name)
    return f"{name}{matcher.op}{quote(matcher.value)}"


def _selector(node: VectorSelector) -> str:
    """A selector without its placement; the matchers are sorted by their text."""
    written = sorted(_matcher(matcher) for matcher in node.matchers if not _is_own_name(node, matcher))
    return f"{node.name}{{{','.join(written)}}}" if written else node.name


def _is_own_name(node: VectorSelector, matcher: Matcher) -> bool:
    return bool(matcher.value) and (matcher.name, matcher.op, matcher.value) == (names.METRIC_NAME_LABEL, "=", node.name)


def _placement(placement: Placement) -> str:
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


def _matrix(node: MatrixSelector) -> str:
    return f"{_selector(node.selector)}[{format_duration(node.range)}]{_placement(node.selector.placement)}"


def _subquery(node: Subquery) -> str:
    step = format_duration(node.step) if node.step else ""
    return f"{to_text(node.expr)}[{format_duration(node.range)}:{step}]{_placement(node.placement)}"


def _binary(node: Binary) -> str:
    return f"{to_text(node.left)} {node.op}{_modifiers(node)} {to_text(node.right)}"


def _modifiers(node: Binary) -> str:
    text = " bool" if node.return_bool else ""
    matching = node.matching
    if matching is None:
        return text
    if matching.labels or matching.on or matching.group:
        text += f" {'on' if matching.on else 'ignoring'} ({_labels(matching.labels)})"
    if matching.group:
        text += f" group_{matching.group} ({_labels(matching.include)})"
    return text


def _aggregation(node: Aggregation) -> str:
    text = node.op
    if node.without:
        text += f" without ({_labels(node.grouping)}) "
    elif node.grouping:
        text += f" by ({_labels(node.grouping)}) "
    param = f"{to_text(node.param)}, " if node.param is not None else ""
    return f"{text}({param}{to_text(node.expr)})"


_WRITERS: dict[type, Callable[[Any], str]] = {
    Aggregation: _aggregation,
    Binary: _binary,
    Call: lambda node: f"{node.function.name}({', '.join(map(to_text, node.args))})",
    MatrixSelector: _matrix,
    Number: _number,
    Paren: lambda node: f"({to_text(node.expr)})",
    String: lambda node: quote(node.value),
    Subquery: _subquery,
    Unary: lambda node: f"{node.op}{to_text(node.expr)}",
    VectorSelector: lambda node: _selector(node) + _placement(node.placement),
}
