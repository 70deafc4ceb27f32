"""Relabel configs."""

from typing import Literal

from render.api.model import Model
from render.api.scalars import UInt64


class RelabelConfig(Model, kw_only=True, frozen=True):
    """One step that rewrites, keeps or drops a label set."""

    action: Literal[
        "replace",
        "Replace",
        "keep",
        "Keep",
        "drop",
        "Drop",
        "hashmod",
        "HashMod",
        "labelmap",
        "LabelMap",
        "labeldrop",
        "LabelDrop",
        "labelkeep",
        "LabelKeep",
        "lowercase",
        "Lowercase",
        "uppercase",
        "Uppercase",
        "keepequal",
        "KeepEqual",
        "dropequal",
        "DropEqual",
    ] = "replace"
    modulus: UInt64 | None = None
    regex: str | None = None
    replacement: str | None = None
    separator: str | None = None
    sourceLabels: list[str] | None = None
    targetLabel: str | None = None
