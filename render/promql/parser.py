"""Tokens to a tree: precedence climbing over the grammar of Prometheus 3.13 (`promql/parser/generated_parser.y`).

What the server takes only with a feature flag that the operator's check never sets (arithmetic in durations,
`anchored`, `smoothed`, `fill`) is refused here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from render.golang import names, re2
from render.golang.durations import MAX_INT64, SECOND
from render.golang.literals import LiteralError, unquote
from render.promql import ast, lexer
from render.promql.cursor import Cursor
from render.promql.errors import PromQLError
from render.promql.functions import FUNCTIONS
from render.promql.label_regex import check_label_regex
from render.promql.lexer import AGGREGATORS, DURATION, END, FILL_MODIFIERS, IDENTIFIER, NUMBER, RESERVED, STRING, Token
from render.promql.quantities import milliseconds, nanoseconds, number

if TYPE_CHECKING:
    from collections.abc import Callable


COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})
SET_OPERATORS: Final = frozenset({"and", "or", "unless"})
WITH_PARAM: Final = frozenset({"topk", "bottomk", "count_values", "quantile", "limitk", "limit_ratio"})
_EXPERIMENTAL_AGGREGATORS = frozenset({"limitk", "limit_ratio"})
# `without` is the one keyword that cannot name a label where labels are listed.
_LABEL_KEYWORDS = (lexer.KEYWORDS | FILL_MODIFIERS) - {"without"}
_MATCH_OPERATORS = frozenset({"=", "!=", "=~", "!~"})

# How tightly an operator binds. A sign binds as multiplication does; all but `^` group from the left.
_PRECEDENCE = {
    "or": 1,
    **dict.fromkeys(("and", "unless"), 2),
    **dict.fromkeys((*COMPARISONS, "</", ">/"), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/", "%", "atan2"), 5),
    "^": 6,
}
_SIGN_PRECEDENCE = _PRECEDENCE["*"]
_ARITHMETIC = frozenset("+-*/%^")


def parse(text: str, *, experimental: bool) -> ast.Expr:
    """Read an expression; its types are not checked yet. `experimental` admits the functions behind the server's flag.

    Raises PromQLError.
    """
    return _Parser(text, experimental=experimental).parse()


class _Parser(Cursor):
    """The rules of the grammar, one method each."""

    def __init__(self, text: str, *, experimental: bool) -> None:
        super().__init__(lexer.tokenize(text))
        self.experimental = experimental

    def parse(self) -> ast.Expr:
        if self.peek() == END:
            msg = "the expression is empty"
            raise PromQLError(msg, 0)
        expr = self.expression(0)
        self.expect(END, "at the end of the expression")
        return expr

    # Operators.

    def expression(self, binds: int) -> ast.Expr:
        """An expression of operators that bind more tightly than `binds`."""
        left = self.operand()
        while (precedence := _PRECEDENCE.get(self.peek(), 0)) > binds:
            operator = self.take()
            return_bool, matching = self.modifiers()
            right = self.expression(precedence - 1 if operator.kind == "^" else precedence)
            left = ast.Binary(operator.kind, left, right, return_bool, matching, operator.offset)
        return left

    def operand(self) -> ast.Expr:
        token = self.tokens[self.index]
        if token.kind in ("+", "-"):
            self.index += 1
            return _signed(token, self.expression(_SIGN_PRECEDENCE))
        expr = self.primary()
        while (suffix := _SUFFIXES.get(self.peek())) is not None:
            expr = suffix(self, expr)
        return expr

    def modifiers(self) -> tuple[bool, ast.Matching]:
        """What may follow a binary operator: `bool`, `on` or `ignoring`, `group_left` or `group_right`."""
        return_bool = self.accept("bool")
        matching = ast.Matching()
        if self.peek() in ("on", "ignoring"):
            matching.on = self.take().kind == "on"
            matching.labels = self.labels()
            if self.peek() in ("group_left", "group_right"):
                matching.group = self.take().kind.removeprefix("group_")
                matching.include = self.labels() if self.peek() == "(" else []
        if self.peek() in FILL_MODIFIERS:
            msg = "fill modifiers are experimental and not enabled"
            raise PromQLError(msg, self.take().offset)
        return return_bool, matching

    def labels(self) -> list[str]:
        """A list of label names in parentheses."""
        self.expect("(", "in a list of labels")
        found: list[str] = []
        while not self.accept(")"):
            found.append(self.label())
            if self.peek() != ")":
                self.expect(",", "in a list of labels")
        return found

    def label(self) -> str:
        token = self.take()
        if token.kind == STRING:
            name = _unquote(token)
        elif token.kind == IDENTIFIER or token.kind in _LABEL_KEYWORDS:
            name = token.text
        else:
            self.index -= 1
            raise self.unexpected("in a list of labels", "a label name")
        if not names.is_label_name(name, utf8=True):
            msg = f"{name!r} is no label name"
            raise PromQLError(msg, token.offset)
        return name

    # Operands.

    def primary(self) -> ast.Expr:
        token = self.take()
        kind = token.kind
        if kind == IDENTIFIER:
            return self.call(token) if self.peek() == "(" and ":" not in token.text else self.selector(token)
        if kind in (NUMBER, DURATION):
            return number(token)
        if kind == STRING:
            return ast.String(_unquote(token), token.offset)
        if kind == "(":
            expr = self.expression(0)
            self.expect(")", "after an expression in parentheses")
            return ast.Paren(expr, token.offset)
        if kind == "{":
            self.index -= 1
            return self.selector(None)
        return self.keyword(token)

    def keyword(self, token: Token) -> ast.Expr:
        """A keyword where an operand is due: an aggregation, a function or the name of a metric."""
        if token.kind in AGGREGATORS and self.peek() in ("(", "by", "without"):
            return self.aggregation(token)
        if token.kind in lexer.RANGE_FUNCTIONS and self.peek() == "(":
            return self.call(token)
        if token.kind not in RESERVED and token.kind in lexer.KEYWORDS:
            return self.selector(token)
        self.index -= 1
        raise self.unexpected("where an operand is due")

    def aggregation(self, operator: Token) -> ast.Expr:
        grouping, without, modified = self.grouping()
        args = self.arguments()
        if not modified:
            grouping, without, _ = self.grouping()
        if operator.kind in _EXPERIMENTAL_AGGREGATORS and not self.experimental:
            msg = f"{operator.kind}() is experimental and not enabled"
            raise PromQLError(msg, operator.offset)
        wanted = 2 if operator.kind in WITH_PARAM else 1
        if len(args) != wanted:
            msg = f"{operator.kind}() takes {wanted} argument(s), got {len(args)}"
            raise PromQLError(msg, operator.offset)
        param = args[0] if wanted > 1 else None
        return ast.Aggregation(operator.kind, args[-1], param, without, grouping, operator.offset)

    def grouping(self) -> tuple[list[str], bool, bool]:
        """The labels after `by` or `without`, whether it was `without`, and whether there was one at all."""
        if self.peek() not in ("by", "without"):
            return [], False, False
        without = self.take().kind == "without"
        return self.labels(), without, True

    def call(self, name: Token) -> ast.Expr:
        function = FUNCTIONS.get(name.text)
        if function is None:
            msg = f"unknown function {name.text!r}"
            raise PromQLError(msg, name.offset)
        if function.experimental and not self.experimental:
            msg = f"the function {name.text!r} is experimental and not enabled"
            raise PromQLError(msg, name.offset)
        return ast.Call(function, self.arguments(), name.offset)

    def arguments(self) -> list[ast.Expr]:
        self.expect("(", "before the arguments")
        if self.accept(")"):
            return []
        args = [self.expression(0)]
        while self.accept(","):
            args.append(self.expression(0))
        self.expect(")", "after the arguments")
        return args

    def selector(self, name: Token | None) -> ast.VectorSelector:
        offset = name.offset if name else self.tokens[self.index].offset
        matchers = self.matchers() if self.accept("{") else []
        if name is None:
            return ast.VectorSelector("", matchers, offset)
        matchers.append(ast.Matcher(names.METRIC_NAME_LABEL, "=", name.text))
        return ast.VectorSelector(name.text, matchers, offset)

    def matchers(self) -> list[ast.Matcher]:
        found: list[ast.Matcher] = []
        while not self.accept("}"):
            found.append(self.matcher())
            if self.peek() != "}":
                self.expect(",", "between label matchers")
        return found

    def matcher(self) -> ast.Matcher:
        token = self.take()
        if token.kind not in (IDENTIFIER, STRING):
            self.index -= 1
            raise self.unexpected("in label matchers", "a label name")
        name = _unquote(token) if token.kind == STRING else token.text
        if self.peek() not in _MATCH_OPERATORS:
            if token.kind == STRING:
                return ast.Matcher(names.METRIC_NAME_LABEL, "=", name)
            raise self.unexpected("in label matchers", "a label matching operator")
        op = self.take().kind
        value = _unquote(self.expect(STRING, "in label matchers"))
        if op in ("=~", "!~"):
            try:
                check_label_regex(value)
            except re2.RegexError as error:
                raise PromQLError(str(error), token.offset) from None
        return ast.Matcher(name, op, value)

    # What may follow an operand.

    def bracket(self, expr: ast.Expr) -> ast.Expr:
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
        if expr.placement.offset or isinstance(expr.placement.at, int):
            msg = "offset and @ go after the range, not before it"
            raise PromQLError(msg, offset)
        return ast.MatrixSelector(expr, length, offset)

    def positive_duration(self) -> int:
        """A duration within brackets, in nanoseconds. More than one sign may stand before it."""
        offset = self.tokens[self.index].offset
        seconds = self.signed_literal()
        if seconds <= 0:
            msg = "a duration must be greater than 0"
            raise PromQLError(msg, offset)
        return nanoseconds(seconds)

    def signed_literal(self) -> float:
        """A number or duration with any number of signs before it, in seconds."""
        sign = 1
        while self.peek() in ("+", "-"):
            sign = -sign if self.take().kind == "-" else sign
        if self.peek() not in (NUMBER, DURATION):
            raise self.unexpected("where a duration is due", "a number or a duration")
        token = self.take()
        seconds = sign * number(token).value
        if abs(seconds) > (MAX_INT64 + 1) / SECOND:
            msg = "duration out of range"
            raise PromQLError(msg, token.offset)
        return seconds

    def offset_modifier(self, expr: ast.Expr) -> ast.Expr:
        offset = self.take().offset
        seconds = self.offset_duration()
        placement = _placement(expr)
        if placement is None:
            msg = "offset is only possible after a selector or a subquery"
            raise PromQLError(msg, offset)
        if placement.offset:
            msg = "offset may not be set twice"
            raise PromQLError(msg, offset)
        placement.offset = nanoseconds(seconds)
        return expr

    def offset_duration(self) -> float:
        """What follows `offset`, in seconds: a literal with signs, or `-(5m)`. Arithmetic would need a flag."""
        start = self.index
        if self.peek() in ("+", "-") and self.tokens[self.index + 1].kind == "(":
            sign = -1 if self.take().kind == "-" else 1
            self.take()
            seconds = sign * self.signed_literal()
            self.expect(")", "after an offset in parentheses")
            return seconds
        seconds = self.signed_literal()
        if self.index - start > 2 and self.peek() in _ARITHMETIC:  # noqa: PLR2004 - two signs and a number
            raise self.unexpected("after an offset with several signs")
        return seconds

    def at_modifier(self, expr: ast.Expr) -> ast.Expr:
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
        sign = 1
        if self.peek() in ("+", "-"):
            sign = -1 if self.take().kind == "-" else 1
        if self.peek() not in (NUMBER, DURATION):
            raise self.unexpected("after @", "a timestamp, start() or end()")
        seconds = sign * number(self.take()).value
        if not abs(seconds) < MAX_INT64:  # true for NaN too
            msg = f"the timestamp {seconds} is out of bounds"
            raise PromQLError(msg, offset)
        return milliseconds(seconds)

    def extended_range(self, _expr: ast.Expr) -> ast.Expr:
        token = self.take()
        msg = f"the modifier {token.kind} is experimental and not enabled"
        raise PromQLError(msg, token.offset)


_SUFFIXES: dict[str, Callable[[_Parser, ast.Expr], ast.Expr]] = {
    "[": _Parser.bracket,
    "offset": _Parser.offset_modifier,
    "@": _Parser.at_modifier,
    "anchored": _Parser.extended_range,
    "smoothed": _Parser.extended_range,
}


def _signed(sign: Token, expr: ast.Expr) -> ast.Expr:
    """A number takes the sign in; anything else gets a node for it."""
    if isinstance(expr, ast.Number):
        return ast.Number(-expr.value if sign.kind == "-" else expr.value, expr.duration, sign.offset)
    return ast.Unary(sign.kind, expr, sign.offset)


def _placement(expr: ast.Expr) -> ast.Placement | None:
    if isinstance(expr, ast.MatrixSelector):
        return expr.selector.placement
    return expr.placement if isinstance(expr, ast.VectorSelector | ast.Subquery) else None


def _unquote(token: Token) -> str:
    try:
        return unquote(token.text)
    except LiteralError as error:
        raise PromQLError(str(error), token.offset) from None
