"""Alertmanager's matchers, `name="value"` with `=`, `!=`, `=~` or `!~`, as the server reads them from its file.

Since 0.27 the server tries a grammar with any UTF-8 in names first and falls back to the classic one. Sources:
`matcher/parse` and `pkg/labels` of Alertmanager.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from render.golang.literals import LiteralError, unquote
from render.golang.names import is_utf8
from render.golang.re2 import RegexError, compile_regex

_CLASSIC = re.compile(r"[\s]*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*(.*?)\s*", re.DOTALL)
_TOKEN = re.compile(r'\s*(?:(=~|!~|!=|[=,{}])|("(?:[^"\\]|\\.)*")|([^\s{}!=~,\\"\'`]+))')
_BACKSLASHES = re.compile(r'(?<!\\)\\(?:\\\\)*"$')
"""Before the last quote, an odd number of them, so that it closes nothing."""
_OPERATORS = frozenset({"=", "!=", "=~", "!~"})
_SIGNS = _OPERATORS | {",", "{", "}"}


class MatcherError(ValueError):
    """The text is no list of matchers."""


class Matcher(NamedTuple):
    """One condition on a label."""

    name: str
    operator: str
    value: str


@lru_cache(maxsize=4096)
def parse_matchers(text: str, *, utf8: bool = True) -> tuple[Matcher, ...]:
    """The matchers of a text, separated by commas, in braces or not; without `utf8` as servers below 0.27 read them.

    Raises MatcherError, which does not quote the text.
    """
    try:
        found = _parse_utf8(text) if utf8 else _parse_classic(text)
    except MatcherError:
        found = _parse_classic(text)
    for matcher in found:
        if matcher.operator in ("=~", "!~"):
            _check_regex(matcher)
    return tuple(found)


def _check_regex(matcher: Matcher) -> None:
    try:
        compile_regex(f"^(?:{matcher.value})$")
    except RegexError:
        message = f"the value for {matcher.name!r} is no regular expression"
        raise MatcherError(message) from None


def _parse_utf8(text: str) -> list[Matcher]:
    tokens = _tokens(text)
    if tokens[:1] == ["{"]:
        if tokens[-1:] != ["}"]:
            raise MatcherError("a closing brace is missing")
        tokens = tokens[1:-1]
    found: list[Matcher] = []
    while tokens:
        name, operator, value, *rest = *tokens, "", "", ""
        if operator not in _OPERATORS or not value or {name, value} & _SIGNS:
            raise MatcherError("a matcher is a name, an operator and a value")
        found.append(Matcher(_word(name), operator, _word(value)))
        if len(tokens) > 3 and rest[0] != ",":  # noqa: PLR2004 - a matcher has three parts
            raise MatcherError("a comma is missing between matchers")
        tokens = tokens[4:]
    return found


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise MatcherError("a character stands where none is allowed")
        tokens.append(found[1] or found[2] or found[3])
        at = found.end()
    return tokens


def _word(token: str) -> str:
    if not token.startswith('"'):
        return token
    try:
        return unquote(token)
    except LiteralError:
        raise MatcherError("a quoted text cannot be read") from None


def _parse_classic(text: str) -> list[Matcher]:
    return [_classic_matcher(part) for part in _split(text.removeprefix("{").removesuffix("}"))]


def _split(text: str) -> list[str]:
    """The pieces between commas that stand outside of quotes; a last piece without text is none."""
    pieces, quoted, escaped = [""], False, False
    for char in text:
        if char == "," and not quoted:
            pieces.append("")
            continue
        if char == '"' and not escaped:
            quoted = not quoted
        escaped = char == "\\" and not escaped
        pieces[-1] += char
    return pieces if pieces[-1].strip() else pieces[:-1]


def _classic_matcher(text: str) -> Matcher:
    found = _CLASSIC.fullmatch(text)
    if found is None or not is_utf8(text):
        raise MatcherError("a matcher is a name, an operator and a value")
    name, operator, value = found.groups()
    if value.startswith('"'):
        if len(value) == 1 or not value.endswith('"') or _BACKSLASHES.search(value):
            raise MatcherError("a double quote is not closed")
        value = value[1:-1]
    if re.search(r'(?<!\\)(?:\\\\)*"', value):
        raise MatcherError("a double quote stands within a value")
    return Matcher(name, operator, re.sub(r'\\([n"\\])', lambda match: "\n" if match[1] == "n" else match[1], value))
