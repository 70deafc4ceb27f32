"""What Prometheus scrapes and writes to: a small HTTP server that lets nobody in without the credential of the day."""

from __future__ import annotations

import json
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKENS = "/token"  # where OAuth 2.0 clients get the token that /oauth2 demands


@dataclass
class Demand:
    """What each path demands: a value of `Authorization`, or the subject of a client certificate."""

    credentials: dict[str, str] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    @property
    def unmet(self) -> set[str]:
        """The paths that nobody has asked for with what they demand."""
        return set(self.credentials) - self.met

    def lets_in(self, path: str, credential: str) -> bool:
        """Whether the credential is what the path demands."""
        if self.credentials.get(path) != credential:
            return False
        self.met.add(path)
        return True

    def answer(self, path: str) -> bytes:
        """A token for who may have one, else a metric."""
        if path != TOKENS:
            return b"guarded 1\n"
        token = self.credentials["/oauth2"].removeprefix("Bearer ")
        return json.dumps({"access_token": token, "token_type": "Bearer", "expires_in": 3600}).encode()


@dataclass
class Guard:
    """What is demanded now; another demand takes its place at once."""

    demand: Demand = field(default_factory=Demand)


@contextmanager
def standing(guard: Guard, pairs: Path | None = None) -> Iterator[str]:
    """Serve on a free port of 127.0.0.1 and give `host:port`; with certificates by HTTPS, to known clients."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            credential = self.headers.get("Authorization") or _subject(self.connection)
            demand = guard.demand
            welcome = demand.lets_in(self.path, credential)
            body = demand.answer(self.path) if welcome else b""
            self.send_response(200 if welcome else 401)
            self.send_header("Content-Type", "application/json" if self.path == TOKENS else "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_arguments: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if pairs:
        server.socket = _context(pairs).wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _context(pairs: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(pairs / "ca.crt"))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(pairs / "server.crt", pairs / "server.key")
    return context


def _subject(connection: object) -> str:
    """The common name in the client's certificate; empty without one."""
    shown: Any = connection.getpeercert() if isinstance(connection, ssl.SSLSocket) else None
    return str(dict(part[0] for part in shown["subject"])["commonName"]) if shown else ""
