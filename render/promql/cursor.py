"""A place in a list of tokens, and the ways to move on from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.promql.errors import PromQLError
from render.promql.lexer import END

if TYPE_CHECKING:
    from render.promql.lexer import Token


class Cursor:
    """The tokens of one expression and the index of the next one."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.index = 0

    def peek(self) -> str:
        """The kind of the next token."""
        return self.tokens[self.index].kind

    def take(self) -> Token:
        """Move past the next token."""
        token = self.tokens[self.index]
        self.index += 1
        return token

    def accept(self, kind: str) -> bool:
        """Move past the next token if it is of a kind, and tell whether it was."""
        if self.tokens[self.index].kind == kind:
            self.index += 1
            return True
        return False

    def expect(self, kind: str, where: str) -> Token:
        """Move past the next token, which must be of a kind. Raises PromQLError."""
        token = self.tokens[self.index]
        if token.kind != kind:
            raise self.unexpected(where, kind)
        self.index += 1
        return token

    def unexpected(self, where: str, expected: str = "") -> PromQLError:
        """The error that the next token is."""
        token = self.tokens[self.index]
        found = token.kind if token.kind in (END, token.text.lower()) else f"{token.kind} {token.text!r}"
        return PromQLError(f"unexpected {found} {where}" + (f", expected {expected}" if expected else ""), token.offset)
