"""Runs the application on uvicorn, over TLS."""

from __future__ import annotations

import asyncio
import signal
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from render.admission.application import Application
    from render.admission.certificates import Certificates

MOST_CONNECTIONS = 512
HEAD_SIZE = 64 << 10
"""Bytes of a request's head at most."""
HEAD_SECONDS = 10
"""Seconds that a new connection has to send its first request's head."""
IDLE_SECONDS = 75
STOP_SECONDS = 20
"""Seconds that open requests have to end when the server is told to stop."""


class PatientProtocol(H11Protocol):
    """Closes a connection on which nothing is asked."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn types it
        """Start the wait for the first request."""
        super().connection_made(transport)
        self.loop.call_later(HEAD_SECONDS, self._close_unused)

    def _close_unused(self) -> None:
        cycle: Any = self.cycle  # None until the first request, whatever uvicorn's types say
        if cycle is None:
            self.transport.close()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; no host means every address, in IPv6 and IPv4. Raises OSError."""
    if host:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    if socket.has_dualstack_ipv6():
        return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=1024)
    return socket.create_server(("", port), backlog=1024)


def serve(application: Application, certificates: Certificates, listening: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT; then requests under way are answered, and the function returns."""
    for asked in (signal.SIGTERM, signal.SIGINT):
        # uvicorn takes both over while it serves and raises them again at its end, when they mean nothing any more.
        signal.signal(asked, signal.SIG_IGN)
    server = uvicorn.Server(configuration(application, certificates))
    asyncio.run(_serve(server, certificates, listening))


def configuration(application: Application, certificates: Certificates) -> uvicorn.Config:
    """How uvicorn serves the application."""
    return uvicorn.Config(
        application,
        http=PatientProtocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=HEAD_SIZE,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        ssl_context_factory=lambda _config, _default: certificates.context,
    )


async def _serve(server: uvicorn.Server, certificates: Certificates, listening: socket.socket) -> None:
    watching = asyncio.create_task(certificates.watch())
    try:
        await server.serve(sockets=[listening])
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
