"""What a report is made of, and what all forms need: paths, fingerprints."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from render.findings import Finding, Severity
    from render.validation.checks.sizes import Size

NO_FILE = "."
"""The path of a finding about no file, where a form insists on one."""


@dataclass(frozen=True, slots=True)
class Report:
    """The findings to report, the severities that let the run fail, how many findings were ignored, and the version.

    `sizes`: how full the Secrets and rule files are that were made.
    """

    findings: list[Finding]
    failing: frozenset[Severity]
    ignored: int
    version: str
    sizes: Sequence[Size] = ()


def relative(file: str) -> str:
    """The path from the working folder, with slashes; the path itself for a file elsewhere."""
    path = Path(os.path.normpath(file))
    if not path.is_absolute() and path.parts[:1] != ("..",):
        return path.as_posix()
    here = Path.cwd()
    for one in (Path(os.path.normpath(here / path)), path.resolve()):  # the working folder is known by its real path
        if one.is_relative_to(here):
            return one.relative_to(here).as_posix()
    return path.as_posix()


def text_of(finding: Finding, *, place: bool = False) -> str:
    """What a finding says, in one line: the object, the field (with `place`), the message and what to do."""
    object_name = f"{finding.object}: " if finding.object is not None else ""
    field = f"{finding.field}: " if place and finding.field else ""
    return f"{object_name}{field}{finding.message}" + (f" ({finding.hint})" if finding.hint else "")


def with_fingerprints(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Each finding with a text that is its own, and the same when lines are added above it.

    64 hexadecimal digits of what is said about which field of which object, without numbers and without what stands
    after a semicolon (what there is instead): these change with other objects. Of those that would share one, the
    second and later ones carry their number.
    """
    seen: Counter[str] = Counter()
    for finding in findings:
        where = str(finding.object) if finding.object is not None else relative(finding.file)
        said = _NUMBERS.sub("", finding.message.partition("; ")[0])
        base = f"{finding.code}\n{where}\n{finding.field}\n{said}"
        seen[base] += 1
        number = f"\n{seen[base]}" if seen[base] > 1 else ""
        yield finding, hashlib.sha256((base + number).encode("utf-8", "surrogateescape")).hexdigest()


_NUMBERS = re.compile(r"\b\d[\d,]*\b")
