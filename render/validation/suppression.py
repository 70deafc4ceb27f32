"""What the user wants to hear nothing of: codes in annotations of objects, in comments, on the command line.

An annotation `promrender.dev/ignore: code,code` speaks of its object. A comment `# promrender: ignore code,code` speaks
of the findings on its line or, when it stands alone, of those on the line below. A reason may follow: `-- reason`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from render.findings import Finding, Severity
from render.objects.load import OWN_DOMAIN
from render.objects.locate import located
from render.validation.check import check

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from render.findings import ObjectKey
    from render.objects.index import Objects
    from render.validation.check import Check

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
UNUSED = check(
    Severity.WARNING,
    "ignore-unused",
    "A wish to ignore a finding that there is not",
    description="""An annotation promrender.dev/ignore or a comment `# promrender: ignore` names a code that is not
        found at its object, or on its line: what was wrong has been corrected, or the wish stands in the wrong
        place. Only `validate` tells, since `lint` does not know all that there is to find.""",
    fix="Remove the wish, or move it to the line of the finding.",
    example="""
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata:
          name: shop
          namespace: web
          annotations: {promrender.dev/ignore: no-endpoints}
        spec:
          selector: {matchLabels: {app: shop}}
          endpoints: [{port: metrics}]
        """,
)
CHECKS = (UNKNOWN, UNUSED)

_COMMENT = re.compile(
    rb"^(?P<before>[^\n]*?)#[ \t]*promrender:[ \t]*ignore\b:?[ \t]*(?P<codes>[^\n#]*)(?P<more>(?:\n[ \t]*#[^\n]*)*)",
    re.MULTILINE,
)
_MARK = b"promrender:"
_HINT = "promrender explain lists the codes"


def remaining(
    findings: Iterable[Finding], objects: Objects, known: Collection[str], *, whole: bool
) -> tuple[list[Finding], int]:
    """The located findings that nobody wants to ignore, mistaken wishes among them; and how many are ignored.

    `known` are the codes that there are. Of a `whole` tree wishes that ignore nothing are told, too.
    """
    wishes = _wishes(objects)
    mistaken = [finding for wish in wishes for finding in wish.mistaken(known)]
    every = located([*findings, *mistaken], objects)
    at: dict[ObjectKey | tuple[str, int] | None, list[_Wish]] = {}
    for wish in wishes:
        at.setdefault(wish.key or (wish.file, wish.target), []).append(wish)
    left = [finding for finding in every if not _ignored(finding, at)]
    unused = [finding for wish in wishes for finding in wish.unused(known)] if whole else []
    return [*left, *located(unused, objects)], len(every) - len(left)


@dataclass(slots=True)
class _Wish:
    """What an annotation of the object `key`, or a comment in a file, says.

    The comment stands on `line` and speaks of the line `target`. `used`: the codes that it kept from being told.
    """

    codes: list[str]
    key: ObjectKey | None = None
    file: str = ""
    line: int = 0
    target: int = 0
    used: set[str] = field(default_factory=set)

    def mistaken(self, known: Collection[str]) -> Iterator[Finding]:
        """A finding when it names no code, or one that there is none of."""
        unknown = [code for code in self.codes if code not in known]
        if not self.codes:
            yield self._finding(UNKNOWN, "no code to ignore is named", _HINT)
        elif unknown:
            yield self._finding(UNKNOWN, f"there is no code {', '.join(unknown)} to ignore", _HINT)

    def unused(self, known: Collection[str]) -> Iterator[Finding]:
        """A finding when it names known codes that are not found there."""
        unused = [code for code in self.codes if code in known and code not in self.used]
        if unused:
            what = "of the object" if self.key is not None else "of the line" if self.line == self.target else "below"
            yield self._finding(UNUSED, f"nothing {what} is {' or '.join(unused)}: nothing is ignored", "remove it")

    def _finding(self, check: Check, message: str, hint: str) -> Finding:
        if self.key is not None:
            return check.finding(self.key, message, field=f'metadata.annotations["{ANNOTATION}"]', hint=hint)
        return Finding(check.severity, check.code, message, file=self.file, line=self.line, hint=hint)


def _ignored(finding: Finding, at: dict[ObjectKey | tuple[str, int] | None, list[_Wish]]) -> bool:
    if finding.code in NEVER:
        return False
    wishes = [*at.get(finding.object, ()), *at.get((finding.file, finding.line), ())]
    asking = [wish for wish in wishes if finding.code in wish.codes]
    for wish in asking:
        wish.used.add(finding.code)
    return bool(asking)


def _wishes(objects: Objects) -> list[_Wish]:
    annotations = ((key, own[ANNOTATION]) for key, own in objects.annotations.items() if ANNOTATION in own)
    return [*(_Wish(_codes(text), key) for key, text in annotations), *_comments(objects)]


def _comments(objects: Objects) -> Iterator[_Wish]:
    for tree in objects.trees:
        for file, text in zip(tree.files, tree.contents(tree.files), strict=True):
            yield from _comments_in(file.path, text)
    elsewhere = {file.path for tree in objects.trees for file in tree.files}
    for name in (name for name in objects.files if name not in elsewhere):
        yield from _comments_in(name, objects.texts[name] if name in objects.texts else _content(name))


def _comments_in(file: str, text: bytes) -> Iterator[_Wish]:
    """A comment beside something speaks of its line, one that stands alone of the next line that is no comment."""
    at = 0
    while _MARK in text and (found := _COMMENT.search(text, at)) is not None:
        line = text.count(b"\n", 0, found.start()) + 1
        alone = not found["before"].strip()
        target = line + 1 + found["more"].count(b"\n") if alone else line
        yield _Wish(_codes(found["codes"].decode("utf-8", "replace")), None, file, line, target)
        at = found.end("codes")


def _codes(text: str) -> list[str]:
    """The codes before a reason, which begins with a bracket or two dashes."""
    return [code for code in re.split(r"[,\s]+", re.split(r"\(|--", text, maxsplit=1)[0]) if code]


def _content(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError:  # reading has told that already
        return b""
