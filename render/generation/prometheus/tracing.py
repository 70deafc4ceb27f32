"""The `tracing` block: where the server sends its own traces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation import http_client
from render.generation.fields import Block, Row, emit
from render.golang.quantities import approximate_float
from render.selection.credentials import check_tls

if TYPE_CHECKING:
    from render.generation.prometheus.server import Server
    from render.generation.scope import Scope


def _lower(value: str, _scope: Scope) -> str:
    return value.lower()


def _fraction(value: int | str, _scope: Scope) -> float:
    return approximate_float(value)


ROWS = (
    Row("endpoint", keep_empty=True),
    Row("client_type", convert=_lower),
    Row("sampling_fraction", convert=_fraction),
    Row("insecure"),
    Row("headers", convert=http_client.text_map),
    Row("compression", convert=_lower),
    Row("timeout", keep_empty=True),
    http_client.TLS,
)


def block(server: Server) -> Block | None:
    """The `tracing` block; None when it is absent."""
    settings = server.spec.tracingConfig
    return emit(ROWS, settings, server.scope) if settings is not None else None


def check(server: Server) -> None:
    """The TLS part is consistent and its references are there. Raises Rejection."""
    settings = server.spec.tracingConfig
    if settings is not None:
        check_tls(server.key.namespace, settings.tlsConfig, server.references, "spec.tracingConfig.tlsConfig")
