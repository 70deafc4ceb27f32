"""The error that every stage of reading an expression raises."""

from __future__ import annotations


class PromQLError(ValueError):
    """An expression that the server refuses. `offset` is where in the text, counted in characters from 0."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset

    def located(self, text: str) -> str:
        """The message with line and column, both counted from 1: `1:7: unexpected ")"`."""
        before = text[: self.offset]
        line = before.count("\n") + 1
        column = self.offset - before.rfind("\n")
        return f"{line}:{column}: {self}"
