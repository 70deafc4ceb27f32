"""References to Secrets and ConfigMaps in a configuration, and their replacement by values.

A placeholder `$(secret:namespace/name/key)` or `$(configmap:namespace/name/key)` is always a whole double-quoted
scalar; after the key `#/…` may follow, a JSON pointer into the YAML document that the key holds. `$$(` is a literal
`$(`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_OPENING = re.compile(r"(?<!\$)\$\((?:secret|configmap):")
_WHOLE = re.compile(r"\$\((secret|configmap):([^/#]+)/([^/#]+)/([-._a-zA-Z0-9]+)(?:#((?:/[\s\S]*)?))?\)")
_TEXT = re.compile(r"(?P<literal>\$\$\()|\$\((?P<name>[a-zA-Z_0-9]+)\)")
# Printable for JSON but not for YAML, where they would be refused or read as a line break.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class Reference(NamedTuple):
    """A key of a Secret or ConfigMap, with a JSON pointer into its value or none."""

    kind: str
    namespace: str
    name: str
    key: str
    pointer: str | None = None

    def __str__(self) -> str:
        pointer = "" if self.pointer is None else f"#{self.pointer}"
        return f"{self.kind} {self.namespace}/{self.name}: key {self.key}{pointer}"


class Unresolved(Exception):  # noqa: N818 - a verdict about references
    """References without a value; `faults` says of each which one and why, and holds no value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def resolve(
    content: bytes, environment: Mapping[str, str], lookup: Callable[[Reference], bytes]
) -> tuple[bytes, tuple[str, ...]]:
    """Replace placeholders and `$(NAME)`; gives the content and the names of the variables that are not set.

    `lookup` gives the value of a reference without its pointer. Raises `Unresolved` with every fault found.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise Unresolved(["the configuration is not UTF-8"]) from None
    unset: dict[str, None] = {}
    pieces: list[str] = []
    faults: list[str] = []
    done = 0
    for start, end, reference in _placeholders(text):
        pieces.append(_expanded(text[done:start], environment, unset))
        done = end
        try:
            pieces.append(quoted(value_of(reference, lookup(reference))))
        except Unresolved as error:
            faults.extend(fault for fault in error.faults if fault not in faults)
    if faults:
        raise Unresolved(faults)
    pieces.append(_expanded(text[done:], environment, unset))
    return "".join(pieces).encode(), tuple(unset)


def value_of(reference: Reference, stored: bytes) -> str:
    """What a reference stands for, given what its key holds; raises `Unresolved`."""
    try:
        text = stored.decode()
    except UnicodeDecodeError:
        raise Unresolved([f"{reference}: the value is not UTF-8 text"]) from None
    return text if reference.pointer is None else _pointed(reference, text)


def quoted(value: str) -> str:
    """The value as a double-quoted scalar that JSON and YAML read alike."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(value, ensure_ascii=False))


def _expanded(text: str, environment: Mapping[str, str], unset: dict[str, None]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None:
            return "$("
        if name not in environment:
            unset[name] = None
            return match.group()
        return environment[name]

    return _TEXT.sub(value, text)


def _placeholders(text: str) -> Iterator[tuple[int, int, Reference]]:
    """Every placeholder's place in the text; raises `Unresolved` for one that is not a whole double-quoted scalar."""
    if not _OPENING.search(text):
        return
    import yaml

    loader = getattr(yaml, "CLoader", yaml.Loader)
    try:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.ScalarEvent) and _OPENING.search(event.value):
                start, end = event.start_mark, event.end_mark
                if start and end:
                    yield start.index, end.index, _reference(event.value, event.style, start.line + 1)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unresolved([f"line {line} of the configuration: not YAML: {error.problem}"]) from None


def _reference(value: str, style: str | None, line: int) -> Reference:
    found = _WHOLE.fullmatch(value)
    if style != '"' or found is None:
        form = 'a placeholder must be a whole double-quoted scalar: "$(secret:namespace/name/key)"'
        raise Unresolved([f"line {line} of the configuration: {form}"])
    return Reference(*found.groups())


def _pointed(reference: Reference, text: str) -> str:
    """The scalar that the pointer leads to (RFC 6901), as it is written in the YAML document."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        found = yaml.load(text, Loader=loader)  # noqa: S506 - the base loader makes nothing but strings
    except yaml.YAMLError:
        raise Unresolved([f"{reference}: the value is not YAML"]) from None
    for token in (reference.pointer or "").split("/")[1:]:
        step = token.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            raise Unresolved([f"{reference}: the pointer leads nowhere at {step!r}"])
    if not isinstance(found, str):
        raise Unresolved([f"{reference}: the pointer does not lead to a scalar"])
    return found
