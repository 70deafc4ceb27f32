"""The web server of a reloader: /metrics, /healthz, /readyz and /status."""

from __future__ import annotations

import json
import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reloaders.web_config import WebConfig

_JSON = "application/json"
_SLOWEST = 10.0  # seconds that a client may be silent
_TEXT = "text/plain; version=0.0.4; charset=utf-8"

Page = tuple[int, str, bytes]


def json_page(status: int, content: object) -> Page:
    """An answer in JSON."""
    return status, _JSON, json.dumps(content).encode()


def text_page(content: bytes) -> Page:
    """An answer in Prometheus' text format."""
    return HTTPStatus.OK, _TEXT, content


def alive() -> Page:
    """What /healthz says as long as the process serves."""
    return HTTPStatus.OK, _JSON, b'{"status":"up"}'


def readiness(ready: bool) -> Page:  # noqa: FBT001 - the state is the argument
    """What /readyz says: 200 when ready, else 503."""
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return json_page(status, {"status": "ready" if ready else "starting"})


def serve(address: str, pages: Mapping[str, Callable[[], Page]], web_config: WebConfig | None = None) -> int:
    """Serve the pages (path to what makes it) in the background and give the port; raises OSError.

    The address is `host:port`, `:port` (all addresses) or `[v6]:port`, as Go programs take it.
    """
    host, _, port = address.rpartition(":")
    server = _Server((host.strip("[]"), int(port)), _handler(pages, web_config))
    server.web_config = web_config
    threading.Thread(target=server.serve_forever, name="web", kwargs={"poll_interval": 3600}, daemon=True).start()
    return int(server.server_address[1])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    web_config: WebConfig | None = None

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        host, port = address
        if host:
            family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
            self.address_family, address = family, (host, int(place[1]))
        elif socket.has_dualstack_ipv6():
            self.address_family, address = socket.AF_INET6, ("::", port)
        super().__init__(address, handler)

    def server_bind(self) -> None:
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        request.settimeout(_SLOWEST)
        if self.web_config is not None:
            request = self.web_config.wrapped(request)
        super().finish_request(request, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up or cannot do TLS is no fault of ours."""


def _handler(pages: Mapping[str, Callable[[], Page]], web_config: WebConfig | None) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version = "promrender-reloader"
        sys_version = ""

        def do_GET(self) -> None:
            self._answer(*self._page())

        do_HEAD = do_GET  # noqa: N815 - names that http.server calls

        def log_message(self, *_: object) -> None:
            """Requests are not logged."""

        def _page(self) -> Page:
            if web_config is not None and not web_config.admits(self.headers.get("Authorization", "")):
                return HTTPStatus.UNAUTHORIZED, "text/plain; charset=utf-8", b"Unauthorized\n"
            page = pages.get(self.path.partition("?")[0])
            return page() if page else json_page(HTTPStatus.NOT_FOUND, {"pages": sorted(pages)})

        def _answer(self, status: int, kind: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            if status == HTTPStatus.UNAUTHORIZED:
                self.send_header("WWW-Authenticate", "Basic")
            for name, value in (web_config.headers if web_config else {}).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

    return Handler
