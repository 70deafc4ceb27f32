"""Kinds of values in Alertmanager's configuration file, read as go-yaml v2 reads them into Go's types.

Text takes any scalar as it stands in the file; `KEPT_...` are written whenever they are there (pointers in Go),
`SHOWN_...` always. Messages never quote a value: the file may hold credentials.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.alertmanager import shape
from render.generation.alertmanager.shape import Kind
from render.golang import durations, urls
from render.golang.hosts import join_host_port, split_host_port
from render.output.goyaml import sort_keys
from render.selection.placeholders import Placeholder, known
from render.sources.kyaml import Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.generation.alertmanager.shape import Shape
    from render.generation.fields import Block


def _never(_value: object) -> bool:
    return False


def _absent(value: object) -> bool:
    return value is None


def _text(raw: Any) -> str:  # noqa: ANN401 - what the user wrote
    if not isinstance(raw, str):
        raise Rejection("is no text")
    return raw if isinstance(raw, Placeholder) else str(raw)


def _flag(raw: Any) -> bool:  # noqa: ANN401 - what the user wrote
    value = raw.value if isinstance(raw, Literal) else raw
    if not isinstance(value, bool):
        raise Rejection("is neither true nor false")
    return value


def _whole(raw: Any) -> int:  # noqa: ANN401 - what the user wrote
    value = raw.value if isinstance(raw, Literal) else raw
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Rejection("is no number")
    return int(value)


def duration(text: str) -> str:
    """A duration as the server writes it: `90s` is `1m30s`. Raises Rejection."""
    try:
        return durations.format_duration(durations.parse_duration(text))
    except ValueError:
        raise Rejection("is no duration", hint="write one such as 5m") from None


def _duration(raw: Any) -> str:  # noqa: ANN401 - what the user wrote
    return duration(_text(raw))


def _go_duration(raw: Any) -> str:  # noqa: ANN401 - what the user wrote
    """A duration that both the server (as Go reads it, no days) and the operator (as Prometheus does) take."""
    text = _text(raw)
    try:
        durations.parse_go_duration(text)
    except ValueError:
        raise Rejection("is no duration of Go", hint="write one such as 5m; days are not known here") from None
    return duration(text)


def _go_duration_text(raw: Any) -> str:  # noqa: ANN401 - what the user wrote
    _go_duration(raw)
    return _text(raw)


def _url(raw: Any) -> str:  # noqa: ANN401 - what the user wrote
    """An http URL as Go's net/url writes it."""
    text = _http_url(raw)
    return text if isinstance(text, Placeholder) else urls.normalize_url(text)


def _http_url(raw: Any) -> str:  # noqa: ANN401 - what the user wrote
    text = _text(raw)
    value = known(text)
    if value is None:
        return text
    try:
        urls.check_alertmanager_url(value)
    except ValueError:
        raise Rejection("is no http or https URL with a host", hint="write https://host/path") from None
    return text


def _host_port(raw: Any) -> str:  # noqa: ANN401 - what the user wrote
    text = _text(raw)
    if not text:
        return ""
    try:
        host, port = split_host_port(text)
    except ValueError:
        raise Rejection("is no host and port", hint="write host:port") from None
    if not port:
        raise Rejection("has no port", hint="write host:port")
    return join_host_port(host, port)


def _text_or_null(raw: Any) -> str:  # noqa: ANN401 - what the user wrote
    return "" if raw is None else _text(raw)


def _texts(raw: Any) -> list[str]:  # noqa: ANN401 - what the user wrote
    return shape.decode_items(raw, _text_or_null)


def _text_map(raw: Any) -> dict[str, str]:  # noqa: ANN401 - what the user wrote
    return shape.decode_entries(raw, _text_or_null)


def _lists_map(raw: Any) -> dict[str, list[str]]:  # noqa: ANN401 - what the user wrote
    return shape.decode_entries(raw, _texts)


def _anything(raw: Any) -> Any:  # noqa: ANN401 - plain values of any shape
    if isinstance(raw, Literal):
        return raw.value
    if isinstance(raw, dict):
        return {str(key): _anything(value) for key, value in raw.items()}
    return [_anything(item) for item in raw] if isinstance(raw, list) else raw


def _sorted_deeply(value: Any) -> Any:  # noqa: ANN401 - plain values of any shape
    if isinstance(value, dict):
        return {key: _sorted_deeply(entry) for key, entry in sort_keys(value).items()}
    return [_sorted_deeply(item) for item in value] if isinstance(value, list) else value


TEXT = Kind(_text)
KEPT_TEXT = Kind(_text, empty=_absent)
SHOWN_TEXT = Kind(_text, empty=_never, absent="")
FLAG = Kind(_flag)
KEPT_FLAG = Kind(_flag, empty=_absent)
SHOWN_FLAG = Kind(_flag, empty=_never, absent=False)
WHOLE = Kind(_whole)
KEPT_WHOLE = Kind(_whole, empty=_absent)
DURATION = Kind(_duration)
NONZERO_DURATION = Kind(_duration, empty=lambda value: value in (None, "0s"))
GO_DURATION = Kind(_go_duration)
GO_DURATION_TEXT = Kind(_go_duration_text)
URL = Kind(_url)
URL_TEXT = Kind(_http_url)
HOST_PORT = Kind(_host_port)
TEXTS = Kind(_texts)
SHOWN_TEXTS = Kind(_texts, empty=_never, absent=[])
TEXT_MAP = Kind(_text_map, arrange=sort_keys)
LISTS_MAP = Kind(_lists_map, arrange=sort_keys)
ANY_MAP = Kind(lambda raw: shape.decode_entries(raw, _anything), arrange=_sorted_deeply)
ANYTHING = Kind(_anything, arrange=_sorted_deeply, empty=_absent)


def block(of: Shape) -> Kind:
    """A block of a shape, written even when nothing is in it."""
    return Kind(partial(shape.decode, of), arrange=partial(shape.arrange, of), empty=_absent)


def filled_block(of: Shape) -> Kind:
    """A block of a shape that is left out when nothing is in it."""
    return Kind(partial(shape.decode, of), arrange=partial(shape.arrange, of))


def blocks(of: Callable[[], Shape]) -> Kind:
    """A list of blocks; `of` gives their shape, which may be the shape that the list is part of."""

    def item(raw: Any) -> Block:  # noqa: ANN401 - what the user wrote
        if raw is None:
            raise Rejection("an entry is empty", hint="fill it in, or remove it")
        return shape.decode(of(), raw)

    return Kind(
        lambda raw: shape.decode_items(raw, item), lambda value: [shape.arrange(of(), entry) for entry in value]
    )
