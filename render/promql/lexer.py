"""Texts to tokens.

Three modes, as in the server: a general one, one within braces (label matchers) and one within brackets (ranges), each
with its own pattern. Keywords are known in the general mode only, whatever their case.
Source: Prometheus 3.13, `promql/parser/lex.go`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from render.promql.errors import PromQLError

AGGREGATORS = frozenset(
    {"sum", "avg", "count", "min", "max", "group", "stddev", "stdvar"}
    | {"topk", "bottomk", "count_values", "quantile", "limitk", "limit_ratio"}
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
    """A token. `kind` is one of the constants above, or the operator, mark or keyword itself, in lower case."""

    kind: str
    text: str
    offset: int


_SPACE = r"[ \t\r\n]*"
_COMMENT = r"(?P<comment>\#[^\r\n]*)"
_END = r"(?P<end>\Z)"
_STRING = r"""(?P<string>"(?:[^"\\\n\ufffd]|\\[^\ufffd])*"|'(?:[^'\\\n\ufffd]|\\[^\ufffd])*'|`[^`\ufffd]*`)"""
# The rest after a number decides whether it was one: nothing alphanumeric may follow, nor a second dot.
_DURATION = r"(?P<duration>(?:[0-9]+(?:ms|[smhdwy]))+(?![a-zA-Z0-9_]))"
_DECIMAL = r"(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?"
# In a hexadecimal number the server takes an `e` at a break for an exponent, once, and wants something harmless after.
_HEX_DIGITS = r"(?:(?![eE])[0-9a-fA-F]+|_(?![_eE]|\Z))*"
_HEXADECIMAL = rf"0[xX]_?+[0-9a-fA-F]?+{_HEX_DIGITS}(?:[eE](?![._eE+-]|\Z){_HEX_DIGITS})?"
_NUMBER = rf"(?P<number>{_HEXADECIMAL}(?![a-zA-Z0-9_.])|{_DECIMAL}(?![a-zA-Z0-9_.]))"
_OPERATOR = r"(?P<operator>==|!=|<=|</|>=|>/|[-+*/%^<>@(),])"


def _mode(*tokens: str) -> re.Pattern[str]:
    return re.compile(f"{_SPACE}(?:{'|'.join(tokens)})")


_GENERAL = _mode(
    r"(?P<word>[a-zA-Z_:][a-zA-Z0-9_:]*)", _OPERATOR, r"(?P<open>[\[{])", _STRING, _DURATION, _NUMBER, _COMMENT, _END
)
_IN_BRACES = _mode(
    r"(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)", r"(?P<operator>=~|!~|!=|=|,)", _STRING, r"(?P<close>\})", _COMMENT, _END
)
_RANGE_TOKENS = (r"(?P<range>[a-zA-Z_]+)", _DURATION, _NUMBER, r"(?P<close>\])", _END)
_IN_BRACKETS = _mode(r"(?P<operator>[-+*/%^(),])", *_RANGE_TOKENS)
# A colon may stand in brackets once a number stood in these or in earlier ones, a comment after a number in these.
_IN_BRACKETS_AGAIN = _mode(r"(?P<operator>[-+*/%^(),:])", *_RANGE_TOKENS)
_IN_BRACKETS_LATER = _mode(r"(?P<operator>[-+*/%^(),:])", _COMMENT, *_RANGE_TOKENS)
_MODES = {"{": _IN_BRACES, "]": _GENERAL, "}": _GENERAL}
_KINDS = {"name": IDENTIFIER, "string": STRING, "duration": DURATION, "number": NUMBER}
_RANGE_WORDS = frozenset({"step", "range", "max_of", "min_of"})
_PARENTHESIS = re.compile(r"[ \t\r\n]*\(")


def tokenize(text: str) -> list[Token]:
    """The tokens of an expression, the last one being END. Raises PromQLError."""
    tokens: list[Token] = []
    append, match_at = tokens.append, _GENERAL.match
    brackets = _IN_BRACKETS
    position = 0
    while match := match_at(text, position):
        group = match.lastgroup or ""
        word, position = match[group], match.end()
        offset = position - len(word)
        if group == "word":
            append(Token(_word_kind(text, word, position), word, offset))
        elif group == "operator":
            append(Token(word, word, offset))
        elif group in ("open", "close"):
            append(Token(word, word, offset))
            match_at = brackets.match if word == "[" else _MODES[word].match
        elif group == "end":
            append(Token(END, "", offset))
            return tokens
        elif group == "range":
            append(Token(word.lower() if word.lower() in _RANGE_WORDS else IDENTIFIER, word, offset))
        elif group != "comment":
            append(Token(_KINDS[group], word, offset))
            if match_at == brackets.match:
                match_at, brackets = _IN_BRACKETS_LATER.match, _IN_BRACKETS_AGAIN
    raise _unexpected(text, position)


def _word_kind(text: str, word: str, position: int) -> str:
    """The kind of a word that ends at a position. `fill` and its like are keywords only before a parenthesis."""
    if word in KEYWORDS:
        return word
    lowered = word.lower()
    if lowered in KEYWORDS:
        return lowered
    if lowered in ("inf", "nan"):
        return NUMBER
    if lowered in FILL_MODIFIERS and _PARENTHESIS.match(text, position):
        return lowered
    return IDENTIFIER


def _unexpected(text: str, position: int) -> PromQLError:
    """Why no token starts at a position, white space aside."""
    position = len(text) - len(text[position:].lstrip(" \t\r\n"))
    char = text[position]
    if char in "\"'`":
        return PromQLError("a string that does not end, or holds a broken character", position)
    if char.isdigit() or char == ".":
        return PromQLError("bad number or duration", position)
    return PromQLError(f"unexpected character {char!r}", position)
