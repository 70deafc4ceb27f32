"""One HTTP request with a limit for the whole of it, credentials read for each request, and TLS."""

from __future__ import annotations

import base64
import http.client
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LONGEST_ANSWER = 8192  # bytes of the answer that are read: a reason, not a page


class RequestFailed(Exception):  # noqa: N818 - a verdict about a server
    """No answer came; the text says why and holds no credential."""


@dataclass(frozen=True)
class Credentials:
    """How a request says who it comes from and whom it trusts; paths, empty when not used."""

    username: str = ""
    password_file: str = ""
    bearer_token_file: str = ""
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""


@dataclass(frozen=True)
class Answer:
    """A server's answer: status, the text that goes with it, the start of the body."""

    status: int
    phrase: str
    body: str


def shown(url: str) -> str:
    """The URL without user and password, for logs."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def send(method: str, url: str, credentials: Credentials, timeout: float) -> Answer:
    """Send a request with an empty body; `timeout` (seconds) limits all of it. Raises `RequestFailed`."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection: http.client.HTTPConnection | None = None
    expired = threading.Event()
    try:
        headers = _headers(url, credentials)
        connection = _connection(url, credentials, timeout)
        connection.connect()
        guard = threading.Timer(timeout, _expire, (connection, expired))
        guard.daemon = True
        guard.start()
        try:
            connection.request(method, target, headers=headers)
            response = connection.getresponse()
            body = response.read(_LONGEST_ANSWER)
        finally:
            guard.cancel()
        return Answer(response.status, response.reason, body.decode("utf-8", "replace").strip())
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


def _expire(connection: http.client.HTTPConnection, expired: threading.Event) -> None:
    """End a request that takes too long, wherever it waits."""
    expired.set()
    connection.sock.shutdown(2)


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
    if credentials.ca_file:
        context.load_verify_locations(credentials.ca_file)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if credentials.cert_file:
        context.load_cert_chain(credentials.cert_file, credentials.key_file or None)
    return context


def _headers(url: str, credentials: Credentials) -> dict[str, str]:
    parts = urlsplit(url)
    headers = {"Content-Length": "0", "User-Agent": "promrender-reloader"}
    if credentials.bearer_token_file:
        headers["Authorization"] = f"Bearer {_read(credentials.bearer_token_file)}"
    elif credentials.username:
        headers["Authorization"] = _basic(credentials.username, _read(credentials.password_file))
    elif parts.username:
        headers["Authorization"] = _basic(unquote(parts.username), unquote(parts.password or ""))
    return headers


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8").strip()


def _basic(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
