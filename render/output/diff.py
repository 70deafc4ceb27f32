"""What differs between two sets of final objects, as text that can be pasted into a pull request.

Entries are shown decoded and gunzipped. A value of a Secret never is: where it stands, `<secret ns/name:key>` does, so
that a line of which only such a value changed is shown with the same text before and after.
"""

from __future__ import annotations

import base64
import binascii
import difflib
import gzip
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from render.findings import ObjectKey
from render.output.writers import ordered, to_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Manifest = Mapping[str, Any]

LONG = 8
"""A value of so many characters is masked wherever it stands.

A shorter one, or a plain word (a user's name), is masked where it is all that a line says.
"""

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*\Z")

HIDDEN = "<not shown>"
_STRUCTURE = re.compile(
    r" *(?:- )*(?:[a-z_]+:|job_name: [a-zA-Z]+/[-a-z0-9.]+/[-a-z0-9.]+(?:/\d+)?)\Z"
    r"| *[a-z]+_(?:interval|timeout): \d+m?[smhd]\Z"
    r"|(?:data|stringData|binaryData)\[[-\w.]+\]:\Z"
)
"""What no value of a Secret looks like: a key alone, the name of a job, a time under a key that says so."""
_KEY = re.compile(r" *(?:- )*[a-z_]+:(?= )")
_GZIP = b"\x1f\x8b"
_ENTRIES = ("data", "stringData", "binaryData")
_CONTEXT = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """An object that is not the same: what happened to it, and a unified diff without values of Secrets."""

    key: ObjectKey
    what: str
    lines: list[str]


class Mask:
    """Hides the values of Secrets. `values` are entries of Secrets with their labels, `<secret ns/name:key>`."""

    def __init__(self, values: Iterable[tuple[str, bytes]]) -> None:
        self._labels: dict[str, str] = {}
        for label, value in values:
            for form in _forms(value.decode("utf-8", "replace")):
                self._labels.setdefault(form, label)
        telling = (form for form in self._labels if len(form) >= LONG and not _WORD.match(form))
        self._longest_first = sorted(telling, key=len, reverse=True)

    def secret_line(self, line: str) -> str:
        """A line of a Secret without values of other Secrets."""
        return self.line(line)

    def line(self, line: str) -> str:
        """A line without values of Secrets."""
        head, separator, scalar = _scalar(line)
        label = self._labels.get(scalar) or self._labels.get(_unquoted(scalar))
        if label:
            return f"{head}{separator}{label}"
        for form in self._longest_first:
            if form in line:
                line = line.replace(form, self._labels[form])
        return line


class StrictMask(Mask):
    """Hides in Secrets, besides, each value that `made`, the objects that are rendered now, does not show, too.

    For objects that something else made: nobody knows which Secrets their values came from.
    """

    def __init__(self, values: Iterable[tuple[str, bytes]], made: Iterable[Manifest]) -> None:
        super().__init__(values)
        self._shown = {_bare(self.line(line)) for manifest in made for line in _text(manifest)}

    def secret_line(self, line: str) -> str:
        """A line of a Secret: as it is where what is rendered has it, too; else its key alone."""
        masked = self.line(line)
        if _bare(masked) in self._shown or _STRUCTURE.match(masked):
            return masked
        key = _KEY.match(masked)
        return f"{key[0]} {HIDDEN}" if key else f"{masked[: len(masked) - len(masked.lstrip())]}{HIDDEN}"


def _bare(line: str) -> str:
    return line.strip(" -")


def _unquoted(scalar: str) -> str:
    quoted = len(scalar) > 1 and scalar[0] == scalar[-1] and scalar[0] in "'\""
    return scalar[1:-1] if quoted else scalar


def _forms(value: str) -> Iterator[str]:
    """How a value may stand in a line of YAML: plain or in quotes; of a longer text, each line."""
    for line in value.splitlines():
        form = line.strip()
        if form:
            yield from {
                form,
                form.replace("'", "''"),
                json.dumps(form)[1:-1],
                json.dumps(form, ensure_ascii=False)[1:-1],
            }


def _scalar(line: str) -> tuple[str, str, str]:
    """What a line says, behind its key or the dash of a list."""
    for separator in (": ", "- "):
        head, found, scalar = line.partition(separator)
        if found:
            return head, found, scalar.strip()
    return "", "", line.strip()


def differences(before: Iterable[Manifest], after: Iterable[Manifest], mask: Mask) -> Iterator[Difference]:
    """The objects that are not the same, by namespace, kind and name."""
    old, new = _by_key(before), _by_key(after)
    for key in sorted({*old, *new}, key=lambda key: (key.namespace, key.kind, key.name)):
        first, second = old.get(key), new.get(key)
        if first == second:
            continue
        what = "added" if first is None else "removed" if second is None else "changed"
        yield Difference(key, what, _unified(_text(first), _text(second), _line_of(key.kind, mask)))


def _by_key(manifests: Iterable[Manifest]) -> dict[ObjectKey, Manifest]:
    metadata = [(manifest, manifest["metadata"]) for manifest in manifests]
    return {ObjectKey(m["kind"], about.get("namespace") or "", about["name"]): m for m, about in metadata}


def _line_of(kind: str, mask: Mask) -> Callable[[str], str]:
    return mask.secret_line if kind == "Secret" else mask.line


def _unified(before: Sequence[str], after: Sequence[str], masked: Callable[[str], str]) -> list[str]:
    lines = list(difflib.unified_diff(before, after, n=_CONTEXT, lineterm=""))[2:]
    return [line if line.startswith("@@") else line[:1] + masked(line[1:]) for line in lines]


def _text(manifest: Manifest | None) -> list[str]:
    """The object as lines: without its entries, then each of these under its name."""
    if manifest is None:
        return []
    lines = to_yaml([{key: value for key, value in manifest.items() if key not in _ENTRIES}]).splitlines()
    for field in _ENTRIES:
        for name, value in (ordered(manifest).get(field) or {}).items():
            encoded = field == "binaryData" or (field == "data" and manifest["kind"] == "Secret")
            lines += [f"{field}[{name}]:", *(f"  {line}" for line in _entry(value, encoded=encoded))]
    return lines


def _entry(value: str, *, encoded: bool) -> list[str]:
    if not encoded:
        return value.splitlines()
    try:
        raw = base64.b64decode(value)
        return (gzip.decompress(raw) if raw.startswith(_GZIP) else raw).decode().splitlines()
    except (binascii.Error, OSError, EOFError, UnicodeDecodeError):
        return [f"<{len(value)} characters of base64, no text>"]
