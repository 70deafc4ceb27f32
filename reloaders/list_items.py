"""A list that a Secret or ConfigMap holds as YAML, as items of another list.

Types, tags, anchors with their aliases, and merge keys stay; comments, flow style and block scalars (`|`, which get
quotes) do not. Nothing is loaded, so nothing can change its type on the way.
"""

from __future__ import annotations

from typing import Any

import yaml

_LOADER = getattr(yaml, "CLoader", yaml.Loader)
_DUMPERS = (getattr(yaml, "CDumper", yaml.Dumper), yaml.Dumper)
"""The fast one takes characters beyond U+FFFF for unprintable, and would put what is plain into quotes."""
_UNFOLDED = 1 << 30
_OPENING = (yaml.SequenceStartEvent, yaml.MappingStartEvent)
_CLOSING = (yaml.SequenceEndEvent, yaml.MappingEndEvent)


def items(text: str, indentation: int) -> str:
    """The items of the list in a YAML text, each behind `- ` after so many spaces; empty for no text and no items.

    Raises ValueError, which says why without a value, for YAML that is no list or cannot be moved.
    """
    events = _document(text)
    if not events or _is_null(events):
        return ""
    if not isinstance(events[0], yaml.SequenceStartEvent):
        raise ValueError("the value is no list")  # noqa: TRY004 - of the text, not of an argument
    _check_aliases(events[1:-1])
    if len(events) == 2:  # noqa: PLR2004 - start and end: no items
        return ""
    _to_block_style(events)
    for dumper in _DUMPERS:
        moved = _indented(_written(events, dumper), indentation)
        if _same(moved, events):
            return moved
    raise ValueError("the list cannot be written in block style")


def scalars(text: str) -> set[str]:
    """Every scalar of a YAML text but mapping keys; raises ValueError where it is not YAML."""
    found: set[str] = set()
    keys: list[bool | None] = []  # for each open collection: whether a key comes next, None in a list
    for event in _document(text):
        if isinstance(event, _CLOSING):
            keys.pop()
            continue
        if isinstance(event, yaml.ScalarEvent) and not (keys and keys[-1]):
            found.add(event.value)
        if keys and keys[-1] is not None:
            keys[-1] = not keys[-1]
        if isinstance(event, _OPENING):
            keys.append(True if isinstance(event, yaml.MappingStartEvent) else None)
    return found


def _document(text: str) -> list[Any]:
    """The events of the first document's node; raises ValueError where that is not YAML."""
    found: list[Any] = []
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.DocumentEndEvent):
                break
            if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
                found.append(event)
    except yaml.YAMLError:
        raise ValueError("the value is not YAML") from None
    return found


def _is_null(events: list[Any]) -> bool:
    first = events[0]
    plain = isinstance(first, yaml.ScalarEvent) and first.implicit[0] and first.tag is None
    return plain and first.value in {"", "~", "null", "Null", "NULL"}


def _check_aliases(events: list[Any]) -> None:
    """Every alias names an anchor before it in the items: elsewhere it might name another list's."""
    anchors: set[str] = set()
    for event in events:
        if isinstance(event, yaml.AliasEvent) and event.anchor not in anchors:
            raise ValueError("an alias in the list has no anchor before it in the list")
        if not isinstance(event, yaml.AliasEvent) and getattr(event, "anchor", None):
            anchors.add(event.anchor)


def _to_block_style(events: list[Any]) -> None:
    for event in events:
        if isinstance(event, _OPENING):
            event.flow_style = False
        elif isinstance(event, yaml.ScalarEvent) and event.style in {"|", ">"}:
            event.style = '"'
    events[0].anchor = events[0].tag = None
    events[0].implicit = True


def _written(events: list[Any], dumper: Any) -> str:  # noqa: ANN401 - a class of PyYAML
    """The list as text; nothing where it cannot be written."""
    whole = [
        yaml.StreamStartEvent(),
        yaml.DocumentStartEvent(explicit=False),
        *events,
        yaml.DocumentEndEvent(explicit=False),
        yaml.StreamEndEvent(),
    ]
    try:
        return str(yaml.emit(whole, Dumper=dumper, allow_unicode=True, width=_UNFOLDED))
    except yaml.YAMLError:
        return ""


def _indented(text: str, indentation: int) -> str:
    pad = " " * indentation
    return "\n".join(pad + line if line else line for line in text.removesuffix("\n").split("\n"))


def _same(text: str, events: list[Any]) -> bool:
    try:
        return _meaning(_document(text)) == _meaning(events)
    except ValueError:
        return False


def _meaning(events: list[Any]) -> list[tuple[Any, ...]]:
    """What of each event has a meaning."""
    return [
        (type(event), getattr(event, "anchor", None), getattr(event, "tag", None), *_content(event)) for event in events
    ]


def _content(event: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any event
    return (event.value, event.implicit[0]) if isinstance(event, yaml.ScalarEvent) else ()
