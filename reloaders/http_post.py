"""One HTTP request with a limit for the whole of it, credentials read for each request, and TLS."""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

SYSTEM = "system"  # as `ca_file`: the authorities that the system trusts

_REASON = 8192  # bytes of an answer that are read: a reason, not a page


class RequestFailed(Exception):  # noqa: N818 - a verdict about a server
    """No answer came; the text says why and holds no credential."""


@dataclass(frozen=True)
class Credentials:
    """How a request says who it comes from and whom it trusts; files are paths, all empty when not used."""

    username: str = ""
    username_file: str = ""
    password: str = field(default="", repr=False)
    password_file: str = ""
    bearer_token_file: str = ""
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    encoding: str = "utf-8"  # of user and password


@dataclass(frozen=True)
class Body:
    """What a request carries."""

    content: bytes = b""
    kind: str = ""


@dataclass(frozen=True)
class Answer:
    """A server's answer: status, the text that goes with it, the start of the body."""

    status: int
    phrase: str
    content: bytes

    @property
    def body(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace").strip()


def shown(url: str) -> str:
    """The URL without user, password and query (which may hold a token), for logs."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def send(
    method: str, url: str, credentials: Credentials, timeout: float, body: Body | None = None, longest: int = _REASON
) -> Answer:
    """Send a request; `timeout` (seconds) limits all of it, `longest` (bytes) its answer. Raises `RequestFailed`."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection: http.client.HTTPConnection | None = None
    expired = threading.Event()
    try:
        body = body or Body()
        headers = _headers(url, credentials) | ({"Content-Type": body.kind} if body.kind else {})
        connection = _connection(url, credentials, timeout)
        connection.connect()
        with _guarded(connection.sock, timeout, expired):
            connection.request(method, target, body.content, headers)
            response = connection.getresponse()
            content = response.read(longest)
        return Answer(response.status, response.reason, content)
    except (OSError, http.client.HTTPException, ValueError) as error:
        slow = expired.is_set() or isinstance(error, TimeoutError)
        reason = f"no answer within {timeout:g}s" if slow else _reason(error)
        raise RequestFailed(f"{method} {shown(url)}: {reason}") from None
    finally:
        if connection is not None:
            connection.close()


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    return f"broken answer ({type(error).__name__})"


@contextlib.contextmanager
def _guarded(connected: socket.socket, timeout: float, expired: threading.Event) -> Iterator[None]:
    """End a request that takes too long, wherever it waits; a timeout of 0 is none, as in Go."""

    def expire() -> None:
        expired.set()
        with contextlib.suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    guard = threading.Timer(timeout, expire)
    guard.daemon = True
    if timeout:
        guard.start()
    try:
        yield
        if expired.is_set():
            raise TimeoutError
    finally:
        guard.cancel()


def _connection(url: str, credentials: Credentials, timeout: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host = parts.hostname or ""
    limit = timeout or None  # no limit when it is 0, as in Go
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port, timeout=limit)
    return http.client.HTTPSConnection(host, parts.port, timeout=limit, context=_tls(credentials))


def _tls(credentials: Credentials) -> ssl.SSLContext:
    """TLS as the credentials say; without authorities nothing is verified, as prometheus-config-reloader does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if credentials.ca_file == SYSTEM:
        context.load_default_certs()
    elif credentials.ca_file:
        context.load_verify_locations(credentials.ca_file)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if credentials.cert_file:
        context.load_cert_chain(credentials.cert_file, credentials.key_file or None)
    return context


def _headers(url: str, credentials: Credentials) -> dict[str, str]:
    parts = urlsplit(url)
    headers = {"User-Agent": "promrender-reloader"}
    encoding = credentials.encoding
    username = _read(credentials.username_file) if credentials.username_file else credentials.username
    if credentials.bearer_token_file:
        headers["Authorization"] = f"Bearer {_read(credentials.bearer_token_file)}"
    elif username:
        password = _read(credentials.password_file) if credentials.password_file else credentials.password
        headers["Authorization"] = _basic(username, password, encoding)
    elif parts.username:
        headers["Authorization"] = _basic(unquote(parts.username), unquote(parts.password or ""), encoding)
    return headers


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8").strip()


def _basic(username: str, password: str, encoding: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode(encoding)).decode()
