"""A server that answers as a test tells it: the faults that no real server shows on request."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Request:
    """A request as it came in."""

    at: float  # monotonic seconds
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class FaultyServer:
    """What it answers next (status, body, how many seconds late) and what it was asked."""

    url: str = ""
    status: int = 200
    body: str = ""
    late: float = 0.0
    requests: list[Request] = field(default_factory=list)
    on_request: Callable[[], None] = lambda: None

    def answer(self, status: int = 200, body: str = "", late: float = 0.0) -> None:
        """Choose the answers from now on."""
        self.status, self.body, self.late = status, body, late


@contextmanager
def faulty_server(port: int = 0, context: ssl.SSLContext | None = None) -> Iterator[FaultyServer]:
    """Serve on 127.0.0.1 (a free port when 0), with TLS when a context is given."""
    told = FaultyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.requests.append(Request(time.monotonic(), self.command, self.path, dict(self.headers.items()), body))
            status, text = told.status, told.body
            if status == 200:
                told.on_request()
            time.sleep(told.late)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_PUT = do_POST  # noqa: N815 - names that http.server calls

        def log_message(self, *_: object) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *_: object) -> None: ...

    served = Server(("127.0.0.1", port), Handler)
    if context:
        served.socket = context.wrap_socket(served.socket, server_side=True)
    told.url = f"{'https' if context else 'http'}://127.0.0.1:{served.server_address[1]}"
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        served.shutdown()
        served.server_close()
