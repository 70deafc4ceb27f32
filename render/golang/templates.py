"""Whether a text is a template that an alerting rule may hold: Go's text/template with Prometheus' functions.

Nothing is executed. Source: `text/template/parse/parse.go` of Go 1.26; Prometheus 3.13, `template/template.go` for the
functions and `model/rulefmt` for the variables that are in scope.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from render.golang import template_tokens as tokens
from render.golang.durations import MAX_INT64
from render.golang.literals import LiteralError, check_char, decimal_value, integer_value, unquote
from render.golang.template_tokens import TemplateError, Token, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["TemplateError", "check_alert_template", "check_plain_template"]

_BUILTIN = (
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf",
    "println", "slice", "urlquery",
)  # fmt: skip
_PROMETHEUS = (
    "args", "externalURL", "first", "graphLink", "humanize", "humanize1024", "humanizeDuration", "humanizePercentage",
    "humanizeTimestamp", "label", "match", "now", "parseDuration", "pathPrefix", "query", "reReplaceAll", "safeHtml",
    "sortByLabel", "stripDomain", "stripPort", "strvalue", "tableLink", "title", "toDuration", "toLower", "toTime",
    "toUpper", "urlQueryEscape", "value",
)  # fmt: skip
BUILTIN_FUNCTIONS = frozenset(_BUILTIN)
FUNCTIONS = BUILTIN_FUNCTIONS | frozenset(_PROMETHEUS)
_VARIABLES = ("$", "$labels", "$externalLabels", "$externalURL", "$value")
_LITERALS = frozenset({tokens.BOOL, tokens.CHAR, tokens.DOT, tokens.NUMBER, tokens.RAW, tokens.STRING, "nil"})
_OPERANDS = _LITERALS | {tokens.FIELD, tokens.IDENTIFIER, tokens.VARIABLE, "("}
_MAX_DEPTH = 1000
_HEX_FLOAT = re.compile(r"0[xX](?:_?[0-9a-fA-F])*\.?[0-9a-fA-F]*[pP][+-]?[0-9]+")

# Texts of plain actions only, as nearly all annotations are: no need to look closer.
_NAME = r"(?:\$value|(?:\$labels|\.Labels|\$externalLabels)\.[A-Za-z_][A-Za-z0-9_]*|\$externalURL|\.Value)"
_PIPE = r" *\| *(?:humanize(?:1024|Duration|Percentage|Timestamp)?|toUpper|toLower|title)"
_PLAIN_ACTION = rf"\{{\{{ *(?:printf \"[^\"\\\n]*\" +)?{_NAME}(?:{_PIPE})* *\}}\}}"
_PLAIN = re.compile(rf"[^{{]*(?:(?:{_PLAIN_ACTION}|\{{(?!\{{))[^{{]*)*")


@lru_cache(maxsize=65536)
def check_alert_template(text: str) -> None:
    """Raise TemplateError unless the text is a template that a label or an annotation of an alerting rule may hold."""
    if "{{" not in text or _PLAIN.fullmatch(text):
        return
    _check(text, FUNCTIONS, _VARIABLES)


@lru_cache(maxsize=4096)
def check_plain_template(text: str) -> None:
    """Raise TemplateError unless the text is a template without functions but Go's own, as for URLs of receivers."""
    _check(text, BUILTIN_FUNCTIONS, ("$",))


def _check(text: str, functions: frozenset[str], variables: tuple[str, ...]) -> None:
    try:
        _Parser(tokenize(text), functions, variables).parse()
    except RecursionError:
        msg = "the template is nested too deeply"
        raise TemplateError(msg) from None


class _Parser:
    """A cursor over the tokens of one template."""

    def __init__(self, found: list[Token], functions: frozenset[str], variables: tuple[str, ...]) -> None:
        self.tokens = found
        self.functions = functions
        self.index = 0
        self.variables = list(variables)
        self.ranges = 0
        self.depth = 0
        self.defined: set[str] = set()

    def parse(self) -> None:
        while (token := self.next()).kind != tokens.EOF:
            if token.kind == tokens.OPEN and self.peek() == "define":
                self.next()
                self.definition()
            elif token.kind == tokens.OPEN:
                keyword = self.action()
                if keyword in ("end", "else"):
                    msg = f"unexpected {{{{{keyword}}}}}"
                    raise TemplateError(msg)
            elif token.kind != tokens.TEXT:
                raise self.unexpected(token, "the text")

    # The cursor. Spaces count only between operands, so that most readers skip them.

    def next(self) -> Token:
        self.peek()
        self.index += 1
        return self.tokens[self.index - 1]

    def peek(self) -> str:
        while self.tokens[self.index].kind == tokens.SPACE:
            self.index += 1
        return self.tokens[self.index].kind

    def expect(self, kind: str, where: str) -> Token:
        token = self.next()
        if token.kind != kind:
            raise self.unexpected(token, where)
        return token

    @staticmethod
    def unexpected(token: Token, where: str) -> TemplateError:
        return TemplateError(f"unexpected {token.text or token.kind!r} in {where}")

    # Blocks of text and actions.

    def items(self) -> tuple[str, bool]:
        """Read to the next `end` or `else`: which it was, and whether something other than white space came before."""
        filled = False
        while (token := self.next()).kind != tokens.EOF:
            if token.kind == tokens.TEXT:
                filled = filled or bool(token.text.strip())
            elif token.kind != tokens.OPEN:
                raise self.unexpected(token, "the text")
            elif (keyword := self.action()) in ("end", "else"):
                return keyword, filled
            else:
                filled = True
        msg = "unexpected end of the text: an {{end}} is missing"
        raise TemplateError(msg)

    def action(self) -> str:
        """Read an action, after its opening braces, and the block that it opens. Gives `end`, `else` or nothing."""
        kind = self.peek()
        if kind in ("if", "range", "with"):
            self.next()
            self.control(kind)
        elif kind in ("end", "else"):
            self.next()
            # `else if` and `else with` stay to be read by the block that they continue.
            if kind == "end" or self.peek() not in ("if", "with"):
                self.expect(tokens.CLOSE, kind)
            return kind
        elif kind in ("break", "continue"):
            self.jump(kind)
        elif kind == "block":
            self.next()
            self.block()
        elif kind == "template":
            self.next()
            self.name("template")
            if self.peek() == tokens.CLOSE:
                self.next()
            else:
                self.pipeline("template", tokens.CLOSE)
        else:
            self.pipeline("a command", tokens.CLOSE)
        return ""

    def control(self, kind: str) -> None:
        """The rest of an `if`, `range` or `with` block."""
        scope = len(self.variables)
        self.pipeline(kind, tokens.CLOSE)
        inside = int(kind == "range")
        self.ranges += inside
        keyword, _ = self.items()
        self.ranges -= inside
        if keyword == "else":
            if kind != "range" and self.peek() == kind:
                self.next()
                self.control(kind)
            elif self.items()[0] != "end":
                msg = f"a second {{{{else}}}} in {{{{{kind}}}}}"
                raise TemplateError(msg)
        del self.variables[scope:]

    def jump(self, kind: str) -> None:
        self.next()
        self.expect(tokens.CLOSE, kind)
        if not self.ranges:
            msg = f"{{{{{kind}}}}} outside of {{{{range}}}}"
            raise TemplateError(msg)

    def definition(self) -> None:
        name = self.name("define")
        self.expect(tokens.CLOSE, "define")
        self.body(name)

    def block(self) -> None:
        name = self.name("block")
        self.pipeline("block", tokens.CLOSE)
        self.body(name)

    def body(self, name: str) -> None:
        """The body of a defined template, which sees no variables from outside. Only one of a name may be filled."""
        with self.own_scope():
            keyword, filled = self.items()
        if keyword != "end":
            msg = f"unexpected {{{{else}}}} in the template {name!r}"
            raise TemplateError(msg)
        if filled and name in self.defined:
            msg = f"the template {name!r} is defined twice"
            raise TemplateError(msg)
        if filled:
            self.defined.add(name)

    @contextmanager
    def own_scope(self) -> Iterator[None]:
        outer = self.variables, self.ranges
        self.variables, self.ranges = ["$"], 0
        yield
        self.variables, self.ranges = outer

    def name(self, where: str) -> str:
        token = self.next()
        if token.kind not in (tokens.STRING, tokens.RAW):
            raise self.unexpected(token, where)
        return _string(token)

    # Pipelines.

    def pipeline(self, where: str, end: str) -> None:
        """Declarations, then commands joined by `|`, to `end`."""
        self.declarations(where)
        commands = 0
        while (kind := self.peek()) != end:
            if kind not in _OPERANDS:
                raise self.unexpected(self.next(), where)
            if self.command() in _LITERALS and commands:
                msg = f"stage {commands + 1} of a pipeline cannot be called"
                raise TemplateError(msg)
            commands += 1
        self.next()
        if not commands:
            msg = f"a value is missing in {where}"
            raise TemplateError(msg)

    def declarations(self, where: str) -> None:
        """`$x :=`, `$x =`, and in a range also `$i, $x :=`."""
        count = 0
        while self.peek() == tokens.VARIABLE:
            mark = self.index
            variable = self.next()
            if self.peek() not in (":=", "=", ","):
                self.index = mark
                return
            self.variables.append(variable.text)
            count += 1
            if self.next().kind != ",":
                return
            if where != "range" or count > 1:
                msg = f"too many declarations in {where}"
                raise TemplateError(msg)
            if self.peek() not in (tokens.VARIABLE, tokens.CLOSE, ")"):
                msg = "range can only set variables"
                raise TemplateError(msg)

    def command(self) -> str:
        """Operands between spaces, to a `|`, which is taken, or an end, which is left. Gives the first one's kind."""
        first = ""
        while True:
            if self.peek() in _OPERANDS:
                kind = self.operand()
                first = first or kind
            token = self.tokens[self.index]
            if token.kind in (tokens.CLOSE, ")"):
                return first
            self.index += 1
            if token.kind == "|":
                return first
            if token.kind != tokens.SPACE:
                raise self.unexpected(token, "an operand")

    def operand(self) -> str:
        """A term and the fields after it. Gives its kind."""
        token = self.next()
        self.term(token)
        chained = False
        while self.tokens[self.index].kind == tokens.FIELD:
            chained = True
            self.index += 1
        if chained and token.kind in _LITERALS:
            msg = f"unexpected . after {token.text}"
            raise TemplateError(msg)
        return token.kind

    def term(self, token: Token) -> None:
        kind, text = token
        if kind == tokens.IDENTIFIER and text not in self.functions:
            msg = f"the function {text!r} does not exist"
            raise TemplateError(msg)
        if kind == tokens.VARIABLE and text not in self.variables:
            msg = f"the variable {text!r} is not defined"
            raise TemplateError(msg)
        if kind == tokens.NUMBER:
            _check_number(text)
        elif kind == tokens.CHAR:
            _check_char(text)
        elif kind in (tokens.STRING, tokens.RAW):
            _string(token)
        elif kind == "(":
            if self.depth >= _MAX_DEPTH:
                msg = "parentheses are nested too deeply"
                raise TemplateError(msg)
            self.depth += 1
            self.pipeline("parentheses", ")")
            self.depth -= 1


def _string(token: Token) -> str:
    try:
        return unquote(token.text)
    except LiteralError as error:
        raise TemplateError(str(error)) from None


def _check_char(literal: str) -> None:
    try:
        check_char(literal)
    except LiteralError as error:
        raise TemplateError(str(error)) from None


def _check_number(text: str) -> None:
    """Integers must fit in 64 bits; floating point numbers are told by their dot or exponent."""
    unsigned = text.lstrip("+-")
    integer = integer_value(unsigned)
    if integer is not None:
        limit = 2 * MAX_INT64 + 1 if text == unsigned else MAX_INT64 + (text[0] == "-")
        valid = integer <= limit
    elif unsigned.endswith("i"):
        valid = all(decimal_value(part) is not None for part in _parts(unsigned[:-1]))
    else:
        fraction = decimal_value(unsigned) is not None or _HEX_FLOAT.fullmatch(unsigned) is not None
        valid = fraction and not unsigned.replace("_", "").isdecimal()
    if not valid:
        msg = f"bad number {text!r}"
        raise TemplateError(msg)


def _parts(text: str) -> list[str]:
    """The real and the imaginary part of a complex number, or the one that is there."""
    return re.split(r"(?<![eE])[+-]", text)
