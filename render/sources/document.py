"""What a source gives: raw documents and where they were read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Origin(NamedTuple):
    """Where an object stands: the file's name, its document's number in the file (from 0), its first line (from 1).

    `path` leads from the document to the object: empty, or `("items", 3)` for an entry of a List.
    """

    file: str
    document: int
    line: int
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One Kubernetes object as it was written.

    `has_null` is False when no null is anywhere in it (nothing to prune).
    """

    raw: dict[str, Any]
    origin: Origin
    has_null: bool = True
