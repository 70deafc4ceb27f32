"""The `runtime` block: settings of the Go runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation.fields import Block, Row, emit

if TYPE_CHECKING:
    from render.generation.prometheus.server import Server

SINCE = "2.53.0"
ROWS = (Row("gogc", of="goGC"),)


def block(server: Server) -> Block | None:
    """The `runtime` block; None when it is absent or the server does not know it."""
    settings = server.spec.runtime
    if settings is None or not server.scope.allows("runtime", SINCE):
        return None
    return emit(ROWS, settings, server.scope)
