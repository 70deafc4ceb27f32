"""Texts of Go's text/template to tokens. Source: `text/template/parse/lex.go` of Go 1.26."""

from __future__ import annotations

import re
from typing import NamedTuple

KEYWORDS = frozenset({"block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with"})

TEXT, OPEN, CLOSE, SPACE, EOF = "text", "{{", "}}", "space", "end of the text"
VARIABLE, FIELD, DOT, BOOL, IDENTIFIER = "variable", "field", "dot", "bool", "identifier"
NUMBER, CHAR, STRING, RAW = "number", "character constant", "string", "raw string"


class TemplateError(ValueError):
    """The text is no template."""


class Token(NamedTuple):
    """A token. `kind` is a constant of this module, a keyword, or one of the marks `= := | ( ) ,`."""

    kind: str
    text: str


# What must follow a word, so that `$x+2` is refused instead of read as two things.
_AFTER_WORD = r"(?=[ \t\r\n.,|:()]|\}\}|\Z)"
_LEFT_DELIMITER = re.compile(r"\{\{(?:-[ \t\r\n])?")
_COMMENT_END = re.compile(r"\*/(?:[ \t\r\n]-)?\}\}")
_NUMERAL = (
    r"(?>0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oObB][0-9_]+"
    r"|(?=\.?[0-9])[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)"
)
_TOKEN = re.compile(
    "|".join(
        (
            r"(?P<close>[ \t\r\n]+-\}\}|\}\})",
            r"(?P<space>[ \t\r\n]+)",
            rf"(?P<variable>\$\w*){_AFTER_WORD}",
            rf"(?P<field>\.(?![0-9])\w+){_AFTER_WORD}",
            rf"(?P<dot>\.)(?![0-9]){_AFTER_WORD}",
            rf"(?P<number>(?>[+-]?{_NUMERAL}i?)(?!\w)(?:[+-]{_NUMERAL}i(?!\w))?)",
            rf"(?P<word>\w+){_AFTER_WORD}",
            r"(?P<mark>:=|=|\||\(|\)|,)",
            r'(?P<string>"(?:[^"\\\n]|\\[^\n])*")',
            r"(?P<raw>`[^`]*`)",
            r"(?P<char>'(?:[^'\\\n]|\\[^\n])*')",
        )
    )
)
_NAMED = {"raw": RAW, "char": CHAR}


def tokenize(text: str) -> list[Token]:
    """The tokens of a template, the last one being EOF; comments are left out. Raises TemplateError."""
    tokens: list[Token] = []
    position = 0
    while (delimiter := _LEFT_DELIMITER.search(text, position)) is not None:
        if delimiter.start() > position:
            tokens.append(Token(TEXT, text[position : delimiter.start()]))
        if text.startswith("/*", delimiter.end()):
            position = _skip_comment(text, delimiter.end() + 2)
        else:
            tokens.append(Token(OPEN, OPEN))
            position = _action(text, delimiter.end(), tokens)
    if position < len(text):
        tokens.append(Token(TEXT, text[position:]))
    tokens.append(Token(EOF, ""))
    return tokens


def _skip_comment(text: str, position: int) -> int:
    """Where the text goes on after a comment."""
    end = text.find("*/", position)
    if end < 0:
        msg = "a comment does not end"
        raise TemplateError(msg)
    match = _COMMENT_END.match(text, end)
    if match is None:
        msg = "a comment must end right before the closing braces"
        raise TemplateError(msg)
    return match.end()


def _action(text: str, position: int, tokens: list[Token]) -> int:
    """Read one action, to its closing braces, and tell where the text goes on."""
    depth = 0
    while (match := _TOKEN.match(text, position)) is not None:
        group = match.lastgroup
        position = match.end()
        if group == "close":
            if depth:
                msg = "a left parenthesis is not closed"
                raise TemplateError(msg)
            tokens.append(Token(CLOSE, CLOSE))
            return position
        if group == "mark":
            depth += {"(": 1, ")": -1}.get(match[0], 0)
            if depth < 0:
                msg = "unexpected right parenthesis"
                raise TemplateError(msg)
        tokens.append(_token(group or "", match[0]))
    raise TemplateError(_trouble(text, position))


def _token(group: str, text: str) -> Token:
    if group == "space":
        return Token(SPACE, text)
    if group == "mark":
        return Token(text, text)
    if not text.isascii() and group in ("variable", "field", "word"):
        _check_letters(text)
    if group != "word":
        return Token(_NAMED.get(group, group), text)
    if text in KEYWORDS:
        return Token(text, text)
    return Token(BOOL if text in ("true", "false") else IDENTIFIER, text)


def _check_letters(word: str) -> None:
    """Python counts some characters as parts of words that Go does not, such as a superscript two."""
    for char in word.lstrip(".$"):
        if not (char == "_" or char.isalpha() or char.isdecimal()):
            msg = f"bad character {char!r} in {word!r}"
            raise TemplateError(msg)


def _trouble(text: str, position: int) -> str:
    """Why no token starts here."""
    if position == len(text):
        return "an action is not closed"
    char = text[position]
    if char in "\"`'":
        return "a string or character constant does not end"
    return f"unexpected {text[position : position + 12]!r} in an action"
