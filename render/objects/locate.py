"""Gives findings their place: the line and column of the field that they speak of."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from render.sources import kyaml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from render.findings import Finding
    from render.objects.index import Objects

_STEP = re.compile(r"\[(\d+)\]|\[\"((?:[^\"\\]|\\.)*)\"\]|([^.\[\]]+)")

MOST = 2_000
"""So many findings get a line of their field; the others keep the line of their object. Finding a line parses the document again."""


def located(findings: Iterable[Finding], objects: Objects) -> list[Finding]:
    """The findings with file, line and column where these can be known; reads the files again that they name."""
    texts: dict[str, bytes | None] = dict(objects.texts)
    return [_located(finding, objects, texts) if number < MOST else finding for number, finding in enumerate(findings)]


def _located(finding: Finding, objects: Objects, texts: dict[str, bytes | None]) -> Finding:
    if finding.object is None or finding.column:
        return finding
    origin = objects.origin(finding.object)
    if origin is None or (finding.file and finding.file != origin.file):
        return finding
    if origin.file not in texts:
        texts[origin.file] = _read(origin.file)
    text = texts[origin.file]
    if text is None or not finding.field:
        return replace(finding, file=origin.file, line=origin.line)
    line, column = kyaml.locate(text, origin.document, path_steps(finding.field))
    return replace(finding, file=origin.file, line=line, column=column)


def path_steps(field: str) -> tuple[str | int, ...]:
    """`spec.endpoints[0].port` to its steps; a key with dots is written `labels["a.b"]`."""
    return tuple(int(index) if index else quoted or name for index, quoted, name in _STEP.findall(field))


def _read(file: str) -> bytes | None:
    try:
        return Path(file).read_bytes()
    except OSError:
        return None
