"""Tokens to a tree: precedence climbing over the grammar of Prometheus 3.13 (`promql/parser/generated_parser.y`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from render.golang import names, re2
from render.golang.literals import LiteralError, unquote
from render.promql import ast, lexer
from render.promql.errors import PromQLError
from render.promql.functions import FUNCTIONS
from render.promql.label_regex import check_label_regex
from render.promql.lexer import AGGREGATORS, DURATION, END, FILL_MODIFIERS, IDENTIFIER, NUMBER, RESERVED, STRING, Token
from render.promql.modifiers import ModifierReader
from render.promql.quantities import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.promql.syntax import Syntax


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


def parse(text: str, syntax: Syntax) -> ast.Expr:
    """Read an expression; its types are not checked yet. Raises PromQLError."""
    return _Parser(lexer.tokenize(text), syntax).parse()


class _Parser(ModifierReader):
    """The rules of the grammar for expressions, one method each."""

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
            matching.fill = self.fill()
        return return_bool, matching

    def fill(self) -> tuple[float | None, float | None]:
        """`fill(0)`, or `fill_left(0)` and `fill_right(0)` in any order: the values for the left and the right side."""
        modifier = self.take()
        if not self.syntax.fill_modifiers:
            msg = "fill modifiers are experimental and not enabled"
            raise PromQLError(msg, modifier.offset)
        value = self.fill_value()
        if modifier.kind == "fill":
            return value, value
        other = "fill_right" if modifier.kind == "fill_left" else "fill_left"
        other_value = self.fill_value() if self.accept(other) else None
        return (value, other_value) if modifier.kind == "fill_left" else (other_value, value)

    def fill_value(self) -> float:
        self.expect("(", "after a fill modifier")
        sign = self.sign()
        if self.peek() not in (NUMBER, DURATION):
            raise self.unexpected("in a fill modifier", "a number")
        value = sign * number(self.take()).value
        self.expect(")", "after a fill modifier")
        return value

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
        if operator.kind in _EXPERIMENTAL_AGGREGATORS and not self.syntax.experimental_functions:
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
        if function.experimental and not self.syntax.experimental_functions:
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


def _unquote(token: Token) -> str:
    try:
        return unquote(token.text)
    except LiteralError as error:
        raise PromQLError(str(error), token.offset) from None
