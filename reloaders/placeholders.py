"""References to Secrets and ConfigMaps in a configuration, and their replacement by values.

A placeholder `$(secret:namespace/name/key)` or `$(configmap:namespace/name/key)` is always a whole double-quoted
scalar; after the key `#/…` may follow, a JSON pointer into the YAML document that the key holds. With `#` alone, the
pointer to the whole document, an item of a block list stands for all items of the list that the key holds. `$$(` is a
literal `$(`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from reloaders import materialize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_OPENING = re.compile(r"(?<!\$)\$\((?:secret|configmap):")
_WHOLE = re.compile(r"\$\((secret|configmap):([^/#]+)/([^/#]+)/([-._a-zA-Z0-9]+)(?:#((?:/[\s\S]*)?))?\)")
_TEXT = re.compile(r"(?P<literal>\$\$\()|\$\((?P<name>[a-zA-Z_0-9]+)\)")
_WHOLE_DOCUMENT = ""
_BEFORE_ITEM, _AFTER_ITEM = re.compile(r"( *)- +"), re.compile(r"[ \t\r]*(?:#.*)?$", re.MULTILINE)
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


@dataclass
class _Collection:
    """A list or mapping of the configuration: its number of nodes, and what stands for lists in it, by place."""

    block_list: bool = False
    nodes: int = 0
    lists: list[int] = field(default_factory=list)


class _Place(NamedTuple):
    """Where a placeholder stands; for one that stands for a list its whole line, and the spaces before its `-`."""

    start: int
    end: int
    reference: Reference
    indentation: int | None = None


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
    texts: list[str] = []
    faults: list[str] = []
    places, collections = _placeholders(text)
    for place in places:
        try:
            texts.append(_replacement(place, lookup(place.reference), environment, unset))
        except Unresolved as error:
            faults.extend(fault for fault in error.faults if fault not in faults)
    if faults:
        raise Unresolved(faults)
    _keep_empty_lists(places, collections, texts)
    pieces: list[str] = []
    done = 0
    for place, replacement in zip(places, texts, strict=True):
        pieces += [_expanded(text[done : place.start], environment, unset), replacement]
        done = place.end
    pieces.append(_expanded(text[done:], environment, unset))
    return "".join(pieces).encode(), tuple(unset)


def _replacement(place: _Place, stored: bytes, environment: Mapping[str, str], unset: dict[str, None]) -> str:
    """What comes in the place; in a list `$(NAME)` is replaced as if it had been in the configuration all along."""
    if place.indentation is None:
        return quoted(value_of(place.reference, stored))
    from reloaders import list_items

    try:
        items = list_items.items(_text(place.reference, stored), place.indentation)
    except ValueError as error:
        raise Unresolved([f"{place.reference}: {error}"]) from None
    content, names = materialize.expand(items.encode(), environment)
    unset.update(dict.fromkeys(names))
    return content.decode()


def _keep_empty_lists(places: list[_Place], collections: list[_Collection], texts: list[str]) -> None:
    """A list whose every item stood for an empty list is written as an empty one, not as nothing."""
    for collection in collections:
        if len(collection.lists) == collection.nodes and not any(texts[number] for number in collection.lists):
            first = collection.lists[0]
            texts[first] = " " * ((places[first].indentation or 0) + 2) + "[]"


def value_of(reference: Reference, stored: bytes) -> str:
    """What a reference stands for, given what its key holds; raises `Unresolved`."""
    text = _text(reference, stored)
    return text if reference.pointer is None else _pointed(reference, text)


def texts_of(reference: Reference, stored: bytes) -> set[str]:
    """Every value that comes in for a reference, those in a list one by one; raises `Unresolved`."""
    if reference.pointer != _WHOLE_DOCUMENT:
        return {value_of(reference, stored)}
    from reloaders import list_items

    try:
        return list_items.scalars(_text(reference, stored))
    except ValueError as error:
        raise Unresolved([f"{reference}: {error}"]) from None


def _text(reference: Reference, stored: bytes) -> str:
    try:
        return stored.decode()
    except UnicodeDecodeError:
        raise Unresolved([f"{reference}: the value is not UTF-8 text"]) from None


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


def _placeholders(text: str) -> tuple[list[_Place], list[_Collection]]:
    """Every placeholder's place in the text, and the block lists with items that stand for lists.

    Raises `Unresolved` for a placeholder that is not a whole double-quoted scalar.
    """
    if not _OPENING.search(text):
        return [], []
    import yaml

    loader = getattr(yaml, "CLoader", yaml.Loader)
    places: list[_Place] = []
    collections: list[_Collection] = []
    around = [_Collection()]
    try:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.CollectionEndEvent):
                ended = around.pop()
                collections += [ended] if ended.lists else []
                continue
            if isinstance(event, yaml.NodeEvent):
                around[-1].nodes += 1
            if isinstance(event, yaml.CollectionStartEvent):
                around.append(_Collection(isinstance(event, yaml.SequenceStartEvent) and not event.flow_style))
            elif isinstance(event, yaml.ScalarEvent) and _OPENING.search(event.value):
                places.append(_place(event, text, around[-1], len(places)))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unresolved([f"line {line} of the configuration: not YAML: {error.problem}"]) from None
    return places, collections


def _place(event: Any, text: str, within: _Collection, number: int) -> _Place:  # noqa: ANN401 - PyYAML is loaded late
    start, end, line = event.start_mark.index, event.end_mark.index, event.start_mark.line + 1
    reference = _reference(event.value, event.style, line)
    if reference.pointer != _WHOLE_DOCUMENT or not within.block_list:
        return _Place(start, end, reference)
    first = text.rfind("\n", 0, start) + 1
    before, after = _BEFORE_ITEM.fullmatch(text, first, start), _AFTER_ITEM.match(text, end)
    if before is None or after is None:
        form = "what stands for a list must be alone on its line behind a dash"
        raise Unresolved([f"line {line} of the configuration: {form}"])
    within.lists.append(number)
    return _Place(first, after.end(), reference, len(before[1]))


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
