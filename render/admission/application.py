"""The webhook as an ASGI application: paths, limits of size and time, health and metrics."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import msgspec

from render import admission
from render.admission import metrics as measured

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from render.admission.metrics import Metrics
    from render.admission.review import Settings

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
OTHER_PATH = "other"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of a request's body, and seconds to send it and to answer it, at most."""

    body: int = 32 << 20
    receiving: float = 10.0
    answering: float = 25.0


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, content and its type."""

    status: int
    body: bytes
    content_type: str = TEXT


class Refused(Exception):  # noqa: N818 - a reply, not a fault of the program
    """A request that gets no review back; the text is what the client is told."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.reply = Reply(status, f"{message}\n".encode())


class Application:
    """Answers reviews. It holds no state but its metrics, so requests are independent of each other."""

    def __init__(self, settings: Settings, metrics: Metrics, limits: Limits | None = None) -> None:
        self._settings, self._metrics, self._limits = settings, metrics, limits or Limits()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        path, began = scope["path"], time.perf_counter()
        try:
            reply = await self._reply(scope, receive)
        except Refused as refused:
            reply = refused.reply
            log.info("path=%s code=%d %s", path, reply.status, refused)
        except Exception as error:  # noqa: BLE001 - the boundary of a request: the next one shall be served
            reply = Reply(500, b"internal error\n")
            log.error("path=%s code=500 %s", path, _place(error))  # noqa: TRY400 - a traceback could carry a value
        known = path in admission.PATHS or path in READABLE
        self._metrics.answered(path if known else OTHER_PATH, reply.status, time.perf_counter() - began)
        await _send(reply, send)

    async def _reply(self, scope: Message, receive: Receive) -> Reply:
        path, method = scope["path"], scope["method"]
        if path in READABLE:
            if method not in {"GET", "HEAD"}:
                raise Refused(405, "GET is expected")
            return READABLE[path](self._metrics)
        if path not in admission.PATHS:
            raise Refused(404, f"nothing is served here; there are {', '.join((*admission.PATHS, *READABLE))}")
        if method != "POST":
            raise Refused(405, "POST is expected")
        _check_headers(scope, self._limits)
        body = await self._body(receive)
        return await self._answer(path, body)

    async def _body(self, receive: Receive) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(self._limits.receiving):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Refused(400, "the request ended before its body")
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > self._limits.body:
                        raise _too_large(self._limits)
        except TimeoutError:
            raise Refused(408, f"the body took longer than {self._limits.receiving:g} s") from None
        return bytes(body)

    async def _answer(self, path: str, body: bytes) -> Reply:
        """The answer is made in a thread, so that a large review does not hold up health checks."""
        try:
            async with asyncio.timeout(self._limits.answering):
                answer = await asyncio.to_thread(_answered, path, body, self._settings)
        except TimeoutError:
            raise Refused(503, f"no answer within {self._limits.answering:g} s") from None
        verdict, why = _verdict(answer["response"])
        self._metrics.verdict(path, verdict)
        log.info("path=%s code=200 verdict=%s %s", path, verdict, why)
        return Reply(200, msgspec.json.encode(answer), JSON)


def _answered(path: str, body: bytes, settings: Settings) -> dict[str, Any]:
    """Raises Refused when the body is no review for the path; its text never repeats the body."""
    try:
        review = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "the body is no JSON") from None
    try:
        return admission.answer(path, review, settings)
    except admission.Unusable as unusable:
        raise Refused(400, str(unusable)) from None


def _verdict(response: dict[str, Any]) -> tuple[str, str]:
    """The verdict in a word, and why."""
    if "result" in response:
        result = response["result"]
        return ("converted", "") if result["status"] == "Success" else ("failed", result["message"])
    return ("allowed", "") if response["allowed"] else ("refused", response["status"]["message"])


def _check_headers(scope: Message, limits: Limits) -> None:
    headers = {name.lower(): value for name, value in scope["headers"]}
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != JSON.encode():
        raise Refused(415, f"the Content-Type must be {JSON}")
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > limits.body:
        raise _too_large(limits)


def _too_large(limits: Limits) -> Refused:
    return Refused(413, f"the body has more than {limits.body} bytes")


def _place(error: Exception) -> str:
    """Where an unforeseen exception came from, without its text, which might hold a value."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {PurePath(frame.filename).name}:{frame.lineno} ({frame.name})"


def _health(metrics: Metrics) -> Reply:
    _ = metrics
    return Reply(200, b'{"status":"up"}', JSON)


def _metrics(metrics: Metrics) -> Reply:
    return Reply(200, metrics.text(), measured.CONTENT_TYPE)


READABLE: dict[str, Callable[[Metrics], Reply]] = {"/healthz": _health, "/metrics": _metrics}
"""What is read with GET."""


async def _send(reply: Reply, send: Send) -> None:
    headers = [
        (b"content-type", reply.content_type.encode()),
        (b"content-length", str(len(reply.body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
