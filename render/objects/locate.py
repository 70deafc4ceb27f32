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
    from render.sources.reading import Tree

_STEP = re.compile(r"\[(\d+)\]|\[\"((?:[^\"\\]|\\.)*)\"\]|([^.\[\]]+)")

MOST = 2_000
"""So many findings get the line of their field, the others that of their object: to find one is to parse its file."""


def located(findings: Iterable[Finding], objects: Objects) -> list[Finding]:
    """The findings with file, line and column where these can be known; reads the files again that they name."""
    files: dict[str, Positions | None] = {name: Positions(text) for name, text in objects.texts.items()}
    return [_located(finding, objects, files) if number < MOST else finding for number, finding in enumerate(findings)]


def with_files(findings: Iterable[Finding], objects: Objects) -> list[Finding]:
    """The findings with the file of their object, for sources whose texts are not there to look into."""
    return [_with_file(finding, objects) for finding in findings]


def _with_file(finding: Finding, objects: Objects) -> Finding:
    origin = objects.origin(finding.object) if finding.object and not finding.file else None
    return replace(finding, file=origin.file) if origin else finding


def _located(finding: Finding, objects: Objects, files: dict[str, Positions | None]) -> Finding:
    if finding.object is None or finding.column:
        return finding
    origin = objects.origin(finding.object)
    if origin is not None and finding.file in ("", origin.file) and finding.line in (0, origin.line):
        finding = replace(finding, file=origin.file, line=origin.line)
    elif finding.file:
        origin = None  # an object that is not in the index: an invalid one, or the second of two
    positions = _positions(finding.file, files, objects.trees) if finding.field and finding.file else None
    if positions is None:
        return finding
    steps = path_steps(finding.field)
    if origin is not None:
        line, column = positions.find(origin.document, (*origin.path, *steps))
    else:
        line, column = positions.find_below(finding.line, steps)
    return replace(finding, line=line, column=column) if line else finding


def _positions(file: str, files: dict[str, Positions | None], trees: Iterable[Tree]) -> Positions | None:
    if file not in files:
        text = next((text for tree in trees if (text := tree.text(file)) is not None), None)
        files[file] = _read(file) if text is None else Positions(text)
    return files[file]


def path_steps(field: str) -> tuple[str | int, ...]:
    """`spec.endpoints[0].port` to its steps; a key with dots is written `labels["a.b"]`."""
    return tuple(int(index) if index else quoted or name for index, quoted, name in _STEP.findall(field))


def _read(file: str) -> Positions | None:
    try:
        return Positions(Path(file).read_bytes())
    except OSError:
        return None
