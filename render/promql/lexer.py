"""Texts to tokens.

Three modes, as in the server: a general one, one within braces (label matchers) and one within brackets (ranges), each with
its own pattern. Keywords are known in the general mode only, whatever their case.
Source: Prometheus 3.13, `promql/parser/lex.go`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from render.promql.errors import PromQLError

AGGREGATORS = frozenset(
    {"sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "topk", "bottomk", "count_values", "quantile", "limitk", "limit_ratio"}
)
FILL_MODIFIERS = frozenset({"fill", "fill_left", "fill_right"})
RANGE_FUNCTIONS = frozenset({"start", "end", "step", "range", "max_of", "min_of"})
KEYWORDS = (
    AGGREGATORS
    | RANGE_FUNCTIONS
    | {"and", "or", "unless", "atan2", "offset", "smoothed", "anchored", "by", "without"}
    | {"on", "ignoring", "group_left", "group_right", "bool"}
)
# Keywords that cannot be the name of a metric.
RESERVED = frozenset({"atan2", "bool", "on", "ignoring", "group_left", "group_right"})

IDENTIFIER, NUMBER, DURATION, STRING, END = "identifier", "number", "duration", "string", "end of input"


class Token(NamedTuple):
    """A token. `kind` is one of the constants above, or else the operator, punctuation mark or keyword itself, in lower case."""

    kind: str
    text: str
    offset: int


_SPACE = r"(?P<space>[ \t\r\n]+)"
_COMMENT = r"(?P<comment>\#[^\r\n]*)"
_STRING = r"""(?P<string>"(?:[^"\\\n\ufffd]|\\[^\ufffd])*"|'(?:[^'\\\n\ufffd]|\\[^\ufffd])*'|`[^`\ufffd]*`)"""
# The rest after a number decides whether it was one: nothing alphanumeric may follow, nor a second dot.
_DURATION = r"(?P<duration>(?:[0-9]+(?:ms|[smhdwy]))+(?![a-zA-Z0-9_]))"
_DECIMAL = r"(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?"
# In a hexadecimal number the server takes an `e` at a break for an exponent, once, and wants something harmless after it.
_HEX_DIGITS = r"(?:(?![eE])[0-9a-fA-F]+|_(?![_eE]|\Z))*"
_HEXADECIMAL = rf"0[xX]_?[0-9a-fA-F]?{_HEX_DIGITS}(?:[eE](?![._eE+-]|\Z){_HEX_DIGITS})?"
_NUMBER = rf"(?P<number>{_HEXADECIMAL}(?![a-zA-Z0-9_.])|{_DECIMAL}(?![a-zA-Z0-9_.]))"
_OPERATOR = r"(?P<operator>==|!=|<=|</|>=|>/|[-+*/%^<>@(),])"

_GENERAL = re.compile(
    "|".join(
        (_SPACE, _COMMENT, r"(?P<word>[a-zA-Z_:][a-zA-Z0-9_:]*)", _OPERATOR, r"(?P<open>[\[{])", _STRING, _DURATION, _NUMBER)
    )
)
_IN_BRACES = re.compile(
    "|".join(
        (_SPACE, _COMMENT, r"(?P<word>[a-zA-Z_][a-zA-Z0-9_]*)", r"(?P<operator>=~|!~|!=|=|,)", _STRING, r"(?P<close>\})")
    )
)
_IN_BRACKETS = re.compile("|".join((_SPACE, r"(?P<operator>[-+:])", _DURATION, _NUMBER, r"(?P<close>\])")))
_MODES = {"[": _IN_BRACKETS, "{": _IN_BRACES}
_PARENTHESIS = re.compile(r"[ \t\r\n]*\(")
# A comment may stand in brackets, but only after a number.
_IN_BRACKETS_LATER = re.compile(f"{_IN_BRACKETS.pattern}|{_COMMENT}")


def tokenize(text: str) -> list[Token]:
    """The tokens of an expression, the last one being END. Raises PromQLError."""
    tokens: list[Token] = []
    mode = _GENERAL
    position, length = 0, len(text)
    while position < length:
        match = mode.match(text, position)
        if match is None:
            raise _unexpected(text, position)
        kind = match.lastgroup
        if kind == "word":
            tokens.append(_word(text, match, keywords=mode is _GENERAL))
        elif kind == "open" or kind == "close" or kind == "operator":
            tokens.append(Token(match[0], match[0], position))
            if kind == "open":
                mode = _MODES[match[0]]
            elif kind == "close":
                mode = _GENERAL
        elif kind not in ("space", "comment"):
            tokens.append(Token(kind or "", match[0], position))
            if mode is _IN_BRACKETS:
                mode = _IN_BRACKETS_LATER
        position = match.end()
    tokens.append(Token(END, "", length))
    return tokens


def _word(text: str, match: re.Match[str], *, keywords: bool) -> Token:
    word, offset = match[0], match.start()
    lowered = word.lower()
    if not keywords:
        return Token(IDENTIFIER, word, offset)
    if lowered in ("inf", "nan"):
        return Token(NUMBER, word, offset)
    if lowered in KEYWORDS or (lowered in FILL_MODIFIERS and _PARENTHESIS.match(text, match.end())):
        return Token(lowered, word, offset)
    return Token(IDENTIFIER, word, offset)


def _unexpected(text: str, position: int) -> PromQLError:
    char = text[position]
    if char in "\"'`":
        return PromQLError("a string that does not end, or holds a broken character", position)
    if char.isdigit() or char == ".":
        return PromQLError("bad number or duration", position)
    return PromQLError(f"unexpected character {char!r}", position)
