"""Label and field selectors in the text form that Kubernetes' API takes: only whether they are valid.

Sources: `labels.Parse` and `fields.ParseSelector` of k8s.io/apimachinery; label names and values after the Kubernetes
documentation on labels (63 characters, prefix a DNS subdomain of at most 253).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SPACE = " \t\r\n"
_TOKEN = re.compile(rf"[{_SPACE}]*(?:(?P<symbol>==|!=|[=!(),<>])|(?P<word>[^=!(),<>{_SPACE}]+))")
_NAME = re.compile(r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_INT64 = range(-(1 << 63), 1 << 63)
MAX_NAME = 63
MAX_PREFIX = 253


class SelectorError(ValueError):
    """The text is no selector."""


class _Token(NamedTuple):
    symbol: str
    word: str


_END = _Token("", "")


def check_label_selector(text: str) -> None:
    """Raise SelectorError unless `text` is a label selector: `a=b,c!=d,e in (f,g),!h,i,j>1`; an empty one is."""
    tokens = _tokens(text)
    if tokens[0] is _END:
        return
    at = 0
    while True:
        at = _requirement(tokens, at, text)
        if tokens[at] is _END:
            return
        if tokens[at].symbol != ",":
            raise _unreadable(text, "a comma is missing")
        at += 1


def _tokens(text: str) -> list[_Token]:
    text = text.strip(_SPACE)
    found = [_Token(match["symbol"] or "", match["word"] or "") for match in _TOKEN.finditer(text)]
    return [*found, _END]


def _requirement(tokens: list[_Token], at: int, text: str) -> int:
    """Check the requirement that starts at a token; gives the position after it."""
    absent = tokens[at].symbol == "!"
    at += absent
    key = tokens[at].word
    if not key:
        raise _unreadable(text, "a label name is missing")
    _check_key(key)
    operator = tokens[at + 1]
    if absent or operator is _END or operator.symbol == ",":
        return at + 1
    if operator.word in ("in", "notin"):
        return _set(tokens, at + 2, text)
    if operator.symbol not in ("=", "==", "!=", "<", ">"):
        raise _unreadable(text, f"{operator.symbol or operator.word!r} is no operator")
    return _value(tokens, at + 2, text, numeric=operator.symbol in ("<", ">"))


def _value(tokens: list[_Token], at: int, text: str, *, numeric: bool) -> int:
    token = tokens[at]
    if token.symbol not in ("", ","):
        raise _unreadable(text, "a value is missing")
    _check_value(token.word)
    if numeric and not (re.fullmatch(r"[+-]?[0-9]+", token.word) and int(token.word) in _INT64):
        raise _unreadable(text, f"{token.word!r} is no whole number")
    return at + 1 if token.word else at


def _set(tokens: list[_Token], at: int, text: str) -> int:
    """Values in brackets; an empty place stands for the empty value."""
    if tokens[at].symbol != "(":
        raise _unreadable(text, "an opening bracket is missing")
    at += 1
    after_word = False
    while tokens[at].symbol != ")":
        token = tokens[at]
        if token is _END or token.symbol not in ("", ",") or (token.word and after_word):
            raise _unreadable(text, "the closing bracket is missing")
        _check_value(token.word)
        after_word = bool(token.word)
        at += 1
    return at + 1


def _check_key(key: str) -> None:
    prefix, slash, name = key.rpartition("/")
    if slash and not (len(prefix) <= MAX_PREFIX and _SUBDOMAIN.fullmatch(prefix)):
        message = f"{key!r} is no label name: its prefix is no DNS subdomain"
        raise SelectorError(message)
    if len(name) > MAX_NAME or not _NAME.fullmatch(name):
        message = f"{key!r} is no label name"
        raise SelectorError(message)


def _check_value(value: str) -> None:
    if value and (len(value) > MAX_NAME or not _NAME.fullmatch(value)):
        message = f"{value!r} is no label value"
        raise SelectorError(message)


def _unreadable(text: str, why: str) -> SelectorError:
    return SelectorError(f"the label selector {text!r} cannot be read: {why}")


_FIELD_OPERATOR = re.compile("!=|==|=")
_FIELD_TERM = re.compile(r"(?:\\.|[^,\\])+|\\$", re.DOTALL)
_FIELD_VALUE = re.compile(r"(?:[^\\,=]|\\[\\,=])*", re.DOTALL)


def check_field_selector(text: str) -> None:
    """Raise SelectorError unless `text` is a field selector: `a=b,c!=d`, literal comma, `=` and backslash escaped."""
    for term in _FIELD_TERM.findall(text):
        operator = _FIELD_OPERATOR.search(term)
        if operator is None:
            message = f"the field selector {text!r} cannot be read: {term!r} has no operator"
            raise SelectorError(message)
        if not _FIELD_VALUE.fullmatch(term[operator.end() :]):
            message = f"the field selector {text!r} cannot be read: escape comma, = and backslash in values"
            raise SelectorError(message)
