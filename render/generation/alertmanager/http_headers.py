"""`http_headers`: headers that a client adds to each request."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.alertmanager.kinds import TEXTS
from render.generation.alertmanager.shape import Field, Kind, Shape, arrange, decode, decode_entries
from render.output.goyaml import sort_keys

if TYPE_CHECKING:
    from render.generation.fields import Block

RESERVED = frozenset(
    {
        "Accept-Encoding", "Authorization", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Host",
        "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "User-Agent", "Www-Authenticate",
        "X-Amz-Content-Sha256", "X-Amz-Date", "X-Amz-Security-Token", "X-Prometheus-Remote-Read-Version",
        "X-Prometheus-Remote-Write-Version", "X-Prometheus-Scrape-Timeout-Seconds",
    }
)  # fmt: skip
"""Headers that the server sets itself. Source: `reservedHeaders` of prometheus/common."""

HEADER = Shape((Field("values", TEXTS), Field("secrets", TEXTS), Field("files", TEXTS)))


def _decode(raw: Any) -> Block:  # noqa: ANN401 - what the user wrote
    headers = decode_entries(raw, partial(decode, HEADER))
    for name in headers:
        if _canonical(name) in RESERVED:
            raise Rejection("the server sets this header itself", name, hint="remove it")
    return headers


def _canonical(name: str) -> str:
    """The name as Go writes it: `content-type` is `Content-Type`."""
    return "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))


def _arrange(headers: Block) -> Block:
    return {name: arrange(HEADER, header) for name, header in sort_keys(headers).items()}


HEADERS = Kind(_decode, arrange=_arrange, empty=lambda value: value is None)
