"""What the user wants to hear nothing of: codes in annotations of objects, in comments, on the command line.

An annotation `promrender.dev/ignore: code,code` speaks of its object. A comment `# promrender: ignore code,code` speaks
of the findings on its line or, when it stands alone, of those on the line below. A reason may follow: `-- reason`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from render.findings import Finding, Severity
from render.objects.load import OWN_DOMAIN
from render.validation.check import check

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from render.objects.index import Objects

ANNOTATION = f"{OWN_DOMAIN}ignore"
NEVER = frozenset({"source-missing", "source-unreadable", "ignore-unknown"})
"""What cannot be ignored: nothing was read, or the wish itself is mistaken."""

UNKNOWN = check(
    Severity.WARNING,
    "ignore-unknown",
    "A wish to ignore a code that there is none of",
    description="""An annotation promrender.dev/ignore or a comment `# promrender: ignore` names a code that
        does not exist, or none at all: probably a typo, and nothing is ignored.""",
    fix="Write a code of the list of checks, or remove the wish.",
    example="""
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata:
          name: shop
          namespace: web
          annotations: {promrender.dev/ignore: monitor-not-selectd}
        spec:
          selector: {matchLabels: {app: shop}}
          endpoints: [{port: metrics}]
        """,
)
CHECKS = (UNKNOWN,)

_COMMENT = re.compile(rb"^(?P<before>[^\n]*?)#[ \t]*promrender:[ \t]*ignore\b:?[ \t]*(?P<codes>[^\n#]*)", re.MULTILINE)
_MARK = b"promrender:"


class Comments:
    """The comments of a tree: by file and line, the codes that are to be ignored there."""

    def __init__(self, objects: Objects) -> None:
        self.codes: dict[tuple[str, int], list[str]] = {}
        self.places: list[tuple[str, int, list[str]]] = []
        for tree in objects.trees:
            for file, text in zip(tree.files, tree.contents(tree.files), strict=True):
                self._read(file.path, text)
        elsewhere = {file.path for tree in objects.trees for file in tree.files}
        for name in (name for name in objects.files if name not in elsewhere):
            self._read(name, objects.texts[name] if name in objects.texts else _content(name))

    def _read(self, file: str, text: bytes) -> None:
        if _MARK not in text:
            return
        for found in _COMMENT.finditer(text):
            line = text.count(b"\n", 0, found.start()) + 1
            codes = _codes(found["codes"].decode("utf-8", "replace"))
            self.places.append((file, line, codes))
            alone = not found["before"].strip()
            self.codes.setdefault((file, line + 1 if alone else line), []).extend(codes)


def remaining(findings: Iterable[Finding], objects: Objects, comments: Comments) -> list[Finding]:
    """The findings that nobody wants to ignore; they must have been located."""
    return [finding for finding in findings if not _ignored(finding, objects, comments)]


def mistaken(objects: Objects, comments: Comments, known: Collection[str]) -> Iterator[Finding]:
    """A finding for each wish that names no known code."""
    for key, own in objects.annotations.items():
        if ANNOTATION in own and (unknown := _unknown(_codes(own[ANNOTATION]), known)):
            yield UNKNOWN.finding(key, unknown, field=f'metadata.annotations["{ANNOTATION}"]', hint=_HINT)
    for file, line, codes in comments.places:
        if unknown := _unknown(codes, known):
            yield Finding(UNKNOWN.severity, UNKNOWN.code, unknown, file=file, line=line, hint=_HINT)


_HINT = "promrender explain lists the codes"


def _unknown(codes: list[str], known: Collection[str]) -> str:
    if not codes:
        return "no code to ignore is named"
    unknown = [code for code in codes if code not in known]
    return f"there is no code {', '.join(unknown)} to ignore" if unknown else ""


def _ignored(finding: Finding, objects: Objects, comments: Comments) -> bool:
    if finding.code in NEVER:
        return False
    annotations = objects.annotations.get(finding.object, {}) if finding.object is not None else {}
    at_object = _codes(annotations.get(ANNOTATION, ""))
    return finding.code in at_object or finding.code in comments.codes.get((finding.file, finding.line), ())


def _codes(text: str) -> list[str]:
    """The codes before a reason, which begins with a bracket or two dashes."""
    return [code for code in re.split(r"[,\s]+", re.split(r"\(|--", text, maxsplit=1)[0]) if code]


def _content(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError:  # reading has told that already
        return b""
