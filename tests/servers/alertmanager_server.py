"""A real Alertmanager on a free port of this machine, and what receives its notifications."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.servers.prometheus_server import free_port, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def running(program: Path, config: Path, data: Path) -> Iterator[str]:
    """Start Alertmanager alone with a configuration, yield its URL once it is ready, stop it in any case."""
    address = f"127.0.0.1:{free_port()}"
    command = [
        str(program),
        f"--config.file={config}",
        f"--storage.path={data}",
        f"--web.listen-address={address}",
        "--cluster.listen-address=",
    ]
    with serving(command, f"http://{address}", data.with_suffix(".log")) as url:
        yield url


class Notification(NamedTuple):
    """One webhook call: its path, its `Authorization` header, and its body."""

    path: str
    authorization: str
    body: dict[str, Any]


class Receiver(NamedTuple):
    """A small HTTP server that takes webhook calls."""

    url: str
    calls: SimpleQueue[Notification]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A server for webhook calls on a free port, stopped at the end."""
    calls: SimpleQueue[Notification] = SimpleQueue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            calls.put(Notification(self.path, self.headers.get("Authorization", ""), body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Receiver(f"http://127.0.0.1:{server.server_port}", calls)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
