"""What may follow an operand: ranges, `offset`, `@`, `anchored` and `smoothed`, with the arithmetic of durations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.golang.durations import MAX_INT64, SECOND
from render.promql import ast
from render.promql.cursor import Cursor
from render.promql.errors import PromQLError
from render.promql.lexer import DURATION, NUMBER
from render.promql.quantities import milliseconds, nanoseconds, number

if TYPE_CHECKING:
    from render.promql.lexer import Token
    from render.promql.syntax import Syntax

_PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "^": 3}
_SIGN_PRECEDENCE = 2
_SIGNS = frozenset({"+", "-"})
_LITERALS = frozenset({NUMBER, DURATION})
_CONSTANTS = frozenset({"step", "range"})
_CHOICES = frozenset({"max_of", "min_of"})


class ModifierReader(Cursor):
    """The rules of the grammar for modifiers, one method each."""

    def __init__(self, tokens: list[Token], syntax: Syntax) -> None:
        super().__init__(tokens)
        self.syntax = syntax

    def bracket(self, expr: ast.Expr) -> ast.Expr:
        """A range `[5m]` or the range of a subquery `[5m:1m]`."""
        offset = self.take().offset
        length = self.positive_duration()
        if self.accept(":"):
            step = 0 if self.peek() == "]" else self.positive_duration()
            self.expect("]", "after a subquery")
            return ast.Subquery(expr, length, step, offset)
        self.expect("]", "after a range")
        if not isinstance(expr, ast.VectorSelector):
            msg = "a range is only possible after a selector of instant vectors"
            raise PromQLError(msg, offset)
        moved = expr.placement.offset if isinstance(expr.placement.offset, int) else 0
        if moved or isinstance(expr.placement.at, int):
            msg = "offset and @ go after the range, not before it"
            raise PromQLError(msg, offset)
        return ast.MatrixSelector(expr, length, offset)

    def offset_modifier(self, expr: ast.Expr) -> ast.Expr:
        """`offset` with its duration."""
        offset = self.take().offset
        duration = self.offset_duration()
        placement = _placement(expr)
        if placement is None:
            msg = "offset is only possible after a selector or a subquery"
            raise PromQLError(msg, offset)
        if placement.offset:
            msg = "offset may not be set twice"
            raise PromQLError(msg, offset)
        placement.offset = _fixed(duration)
        return expr

    def at_modifier(self, expr: ast.Expr) -> ast.Expr:
        """`@` with its moment."""
        offset = self.take().offset
        moment = self.moment(offset)
        placement = _placement(expr)
        if placement is None:
            msg = "@ is only possible after a selector or a subquery"
            raise PromQLError(msg, offset)
        if placement.at is not None:
            msg = "@ may not be set twice"
            raise PromQLError(msg, offset)
        placement.at = moment
        return expr

    def moment(self, offset: int) -> int | str:
        """What follows `@`: `start()`, `end()` or a timestamp in seconds, which is given in milliseconds."""
        if self.peek() in ("start", "end"):
            preprocessor = self.take().kind
            self.expect("(", f"after {preprocessor}")
            self.expect(")", f"after {preprocessor}(")
            return preprocessor
        sign = self.sign()
        if self.peek() not in _LITERALS:
            raise self.unexpected("after @", "a timestamp, start() or end()")
        seconds = sign * number(self.take()).value
        if not abs(seconds) < MAX_INT64:  # true for NaN too
            msg = f"the timestamp {seconds} is out of bounds"
            raise PromQLError(msg, offset)
        return milliseconds(seconds)

    def extended_range(self, expr: ast.Expr) -> ast.Expr:
        """`anchored` or `smoothed`."""
        token = self.take()
        if not self.syntax.extended_ranges:
            msg = f"the modifier {token.kind} is experimental and not enabled"
            raise PromQLError(msg, token.offset)
        selector = expr.selector if isinstance(expr, ast.MatrixSelector) else expr
        if not isinstance(selector, ast.VectorSelector):
            msg = f"the modifier {token.kind} is only possible after a selector"
            raise PromQLError(msg, token.offset)
        if selector.extension not in ("", token.kind):
            msg = "anchored and smoothed exclude each other"
            raise PromQLError(msg, token.offset)
        selector.extension = token.kind
        return expr

    # Durations.

    def sign(self) -> int:
        """A sign if there is one: 1 or -1."""
        if self.peek() not in _SIGNS:
            return 1
        return -1 if self.take().kind == "-" else 1

    def positive_duration(self) -> ast.Length:
        """A duration within brackets."""
        offset = self.tokens[self.index].offset
        duration = self.duration(0)
        if isinstance(duration, ast.Number) and duration.value <= 0:
            msg = "a duration must be greater than 0"
            raise PromQLError(msg, offset)
        return _fixed(duration)

    def offset_duration(self) -> ast.Number | ast.Arithmetic:
        """What follows `offset`.

        One literal, call or parenthesis with at most one sign is all that belongs to it: `a offset 5m + 3` is a sum.
        Only after two signs, or a parenthesis without a sign, does the arithmetic go on.
        """
        start = self.index
        sign = self.take() if self.peek() in _SIGNS else None
        if self.peek() in _SIGNS or (sign is None and self.peek() == "("):
            self.index = start
            return self.duration(0)
        if sign is None:
            return self.duration_operand()
        if self.peek() != "(":
            return self.signed(sign, self.duration_operand())
        self.take()
        inner = self.duration(0)
        self.expect(")", "after a duration in parentheses")
        if isinstance(inner, ast.Arithmetic):
            inner.wrapped = True
        return self.signed(sign, inner)

    def duration(self, binds: int) -> ast.Number | ast.Arithmetic:
        """A duration of operators that bind more tightly than `binds`."""
        left = self.duration_operand()
        while (precedence := _PRECEDENCE.get(self.peek(), 0)) > binds:
            operator = self.take()
            self.check_arithmetic(operator)
            right = self.duration(precedence - 1 if operator.kind == "^" else precedence)
            if operator.kind in ("/", "%") and isinstance(right, ast.Number) and right.value == 0:
                msg = "division by zero in a duration"
                raise PromQLError(msg, operator.offset)
            left = ast.Arithmetic(operator.kind, left, right)
        return left

    def duration_operand(self) -> ast.Number | ast.Arithmetic:
        """A literal, a call, a parenthesis, or one of these with a sign."""
        token = self.tokens[self.index]
        if token.kind in _LITERALS:
            self.index += 1
            return _in_range(number(token), token)
        if token.kind in _SIGNS:
            self.index += 1
            return self.signed(token, self.duration(_SIGN_PRECEDENCE))
        if token.kind in _CONSTANTS or token.kind in _CHOICES or token.kind == "(":
            self.index += 1
            self.check_arithmetic(token)
            return self.duration_group(token)
        raise self.unexpected("where a duration is due", "a number or a duration")

    def duration_group(self, token: Token) -> ast.Number | ast.Arithmetic:
        """The rest of `step()`, `max_of(a, b)` or a parenthesis."""
        if token.kind == "(":
            inner = self.duration(0)
            self.expect(")", "after a duration in parentheses")
            if isinstance(inner, ast.Arithmetic):
                inner.wrapped = True
            return inner
        self.expect("(", f"after {token.kind}")
        if token.kind in _CONSTANTS:
            self.expect(")", f"after {token.kind}(")
            return ast.Arithmetic(token.kind)
        left = self.duration(0)
        self.expect(",", f"in {token.kind}()")
        right = self.duration(0)
        self.expect(")", f"after {token.kind}()")
        return ast.Arithmetic(token.kind, left, right)

    def check_arithmetic(self, token: Token) -> None:
        """Raise PromQLError unless arithmetic is admitted."""
        if not self.syntax.duration_expressions:
            msg = "arithmetic in durations is experimental and not enabled"
            raise PromQLError(msg, token.offset)

    @staticmethod
    def signed(sign: Token, inner: ast.Number | ast.Arithmetic) -> ast.Number | ast.Arithmetic:
        """A number takes the sign in; other durations get a node for a minus, while a plus leaves no trace."""
        if isinstance(inner, ast.Number):
            value = -inner.value if sign.kind == "-" else inner.value
            return _in_range(ast.Number(value, inner.duration, sign.offset), sign)
        return ast.Arithmetic("-", None, inner) if sign.kind == "-" else inner


def _in_range(literal: ast.Number, token: Token) -> ast.Number:
    if abs(literal.value) > (MAX_INT64 + 1) / SECOND:
        msg = "duration out of range"
        raise PromQLError(msg, token.offset)
    return literal


def _fixed(duration: ast.Number | ast.Arithmetic) -> ast.Length:
    return nanoseconds(duration.value) if isinstance(duration, ast.Number) else duration


def _placement(expr: ast.Expr) -> ast.Placement | None:
    if isinstance(expr, ast.MatrixSelector):
        return expr.selector.placement
    return expr.placement if isinstance(expr, ast.VectorSelector | ast.Subquery) else None
