"""Gives findings their place: the line and column of the field that they speak of."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from render.sources.kyaml import Positions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from render.findings import Finding
    from render.objects.index import Objects

_STEP = re.compile(r"\[(\d+)\]|\[\"((?:[^\"\\]|\\.)*)\"\]|([^.\[\]]+)")

MOST = 2_000
"""So many findings get a line of their field; the others keep the line of their object. Finding a line parses the file again, once."""


def located(findings: Iterable[Finding], objects: Objects) -> list[Finding]:
    """The findings with file, line and column where these can be known; reads the files again that they name."""
    files: dict[str, Positions | None] = {name: Positions(text) for name, text in objects.texts.items()}
    return [_located(finding, objects, files) if number < MOST else finding for number, finding in enumerate(findings)]


def _located(finding: Finding, objects: Objects, files: dict[str, Positions | None]) -> Finding:
    if finding.object is None or finding.column:
        return finding
    origin = objects.origin(finding.object)
    if origin is None or (finding.file and finding.file != origin.file):
        return finding
    if not finding.field:
        return replace(finding, file=origin.file, line=origin.line)
    if origin.file not in files:
        files[origin.file] = _read(origin.file)
    positions = files[origin.file]
    if positions is None:
        return replace(finding, file=origin.file, line=origin.line)
    line, column = positions.find(origin.document, (*origin.path, *path_steps(finding.field)))
    return replace(finding, file=origin.file, line=line, column=column)


def path_steps(field: str) -> tuple[str | int, ...]:
    """`spec.endpoints[0].port` to its steps; a key with dots is written `labels["a.b"]`."""
    return tuple(int(index) if index else quoted or name for index, quoted, name in _STEP.findall(field))


def _read(file: str) -> Positions | None:
    try:
        return Positions(Path(file).read_bytes())
    except OSError:
        return None
