"""Something between promrender and a real API server that does what networks and load balancers do: fail."""

from __future__ import annotations

import json
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.reloaders.api_server import ApiServer

DROP, LOSE, OVERLOADED, STARTING = "drop", "lose", "overloaded", "starting"
"""What may happen to a request: lost on the way there, its answer lost, too many of them, no Roles read yet."""
PAGE, REFUSED_PAGE = "page", "refused page"
"""A web page instead of an answer."""

_ANSWERS = {
    OVERLOADED: (429, b"{}"),
    STARTING: (403, b"{}"),
    PAGE: (200, b"<html>please log in</html>"),
    REFUSED_PAGE: (502, b"<html>bad gateway</html>"),
}


@dataclass
class Gateway:
    """Forwards requests to an API server; `disturb` says what happens to one, by its method and target."""

    api: ApiServer
    disturb: Callable[[str, str], str] = lambda _method, _target: ""
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def kubeconfig(self, folder: Path) -> Path:
        """A kubeconfig file for the way through the gateway."""
        content = json.loads(self.api.kubeconfig().read_text())
        content["clusters"][0]["cluster"]["server"] = self.url
        path = folder / "kubeconfig-gateway"
        path.write_text(json.dumps(content))
        return path

    def fail(self, what: str, *, after: int, times: float, writes: bool = True) -> None:
        """Let `after` requests pass (those that change something, with `writes`), then fail all, `times` times."""
        passed, failed = 0, 0

        def disturb(method: str, target: str) -> str:
            nonlocal passed, failed
            counts = not writes or (method != "GET" and "dryRun" not in target)
            if failed >= times or (passed < after and not counts):
                return ""
            if passed < after:
                passed += 1
                return ""
            failed += 1
            return what if failed == 1 or what != LOSE else DROP

        self.disturb = disturb


def is_write(entry: str) -> bool:
    """Whether an entry of `asked` is a change."""
    return not entry.startswith("GET ") and "dryRun" not in entry


@contextmanager
def gateway(api: ApiServer, pair: Path | None = None) -> Iterator[Gateway]:
    """Run a gateway before an API server, on a port of its own; `pair`: its certificate and key, in one file."""
    made = Gateway(api)
    with requests.Session() as session:
        session.trust_env = False
        session.verify = f"{api.folder}/pairs/ca.crt"
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made, session))
        server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*([pair] if pair else [f"{api.folder}/pairs/server.{end}" for end in ("crt", "key")]))
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        made.url = f"https://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _handler(made: Gateway, session: requests.Session) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            made.asked.append(f"{self.command} {self.path}")
            what = made.disturb(self.command, self.path)
            if what == DROP:
                self.close_connection = True
                return
            status, content = _ANSWERS.get(what) or self.passed_on(body)
            if what == LOSE:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def passed_on(self, body: bytes) -> tuple[int, bytes]:
            kept = {
                name: value for name, value in self.headers.items() if name.title() in ("Authorization", "Content-Type")
            }
            answer = session.request(self.command, made.api.url + self.path, data=body, headers=kept, timeout=20)
            return answer.status_code, answer.content

        do_GET = do_PATCH = do_DELETE = forward  # noqa: N815 - the names that the base class wants

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's
            """Say nothing."""

    return Handler
