"""What a source gives: raw documents and where they were read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Origin(NamedTuple):
    """Where a document stands: the file's name, its number in the file (from 0) and its first line (from 1)."""

    file: str
    document: int
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """One Kubernetes object as it was written."""

    raw: dict[str, Any]
    origin: Origin
