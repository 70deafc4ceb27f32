"""The values of numbers and durations in the server's arithmetic: floats of seconds, 64-bit integers of nanoseconds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from render.golang.durations import MAX_INT64, SECOND, DurationError, parse_duration
from render.golang.literals import decimal_value, integer_value
from render.promql import ast
from render.promql.errors import PromQLError
from render.promql.lexer import DURATION

if TYPE_CHECKING:
    from render.promql.lexer import Token


def number(token: Token) -> ast.Number:
    """A number or duration token as a node."""
    text = token.text
    if token.kind == DURATION:
        try:
            nanoseconds = parse_duration(text)
        except DurationError as error:
            raise PromQLError(str(error), token.offset) from None
        whole, rest = divmod(nanoseconds, SECOND)
        return ast.Number(whole + rest / 1e9, duration=True, offset=token.offset)
    value = _value(text)
    if value is None:
        msg = f"bad number {text!r}"
        raise PromQLError(msg, token.offset)
    return ast.Number(value, duration=False, offset=token.offset)


def _value(text: str) -> float | None:
    """The value of a number as Go reads it: an integer of any base if possible (`0755` is 493), else a decimal."""
    if text.lower() in ("inf", "nan"):
        return float(text)
    integer = integer_value(text)
    if integer is not None and integer <= MAX_INT64:
        return float(integer)
    return decimal_value(text)


def _round(value: float) -> float:
    """Round half away from zero."""
    return math.copysign(math.floor(abs(value) + 0.5), value) if abs(value) < 2**52 else value


def nanoseconds(seconds: float) -> int:
    """Seconds as whole nanoseconds."""
    return _to_int64(_round(seconds * SECOND))


def milliseconds(seconds: float) -> int:
    """Seconds as whole milliseconds."""
    return _to_int64(_round(seconds * 1000))


def _to_int64(value: float) -> int:
    """Convert as the processor does: what does not fit becomes the smallest number."""
    return int(value) if -(2.0**63) <= value < 2.0**63 else -(1 << 63)
