"""A source that cannot be used at all: a repository, a ref, a cluster."""

from __future__ import annotations


class UnusableSourceError(Exception):
    """Nothing can be read from a source. `message` says why, `hint` what to do; neither holds a credential."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message
