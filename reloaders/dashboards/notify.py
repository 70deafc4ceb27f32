"""Tells the server that files changed: the script first, then the request."""

from __future__ import annotations

import os
import subprocess
import time
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reloaders.dashboards.tree import CannotFetch
from reloaders.http_post import SYSTEM, Answer, Credentials, RequestFailed, send, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from reloaders.dashboards.metrics import Metrics
    from reloaders.dashboards.settings import Request, Settings
    from reloaders.logs import Logger

LONGEST_PAUSE = 120.0
LARGEST_FILE = 64 * 1024 * 1024  # bytes that a `.url` key may bring


class NotTold(Exception):  # noqa: N818 - a verdict about a server
    """The server was not told; the text says why."""


class Notifier:
    """Runs the script and sends the request, as the settings say."""

    def __init__(self, settings: Settings, metrics: Metrics, log: Logger) -> None:
        self._settings = settings
        self._metrics = metrics
        self._log = log

    def tell(self, *, first: bool) -> None:
        """Tell the server; raises `NotTold` when every try of the request failed. A failed script is only logged."""
        if self._settings.script:
            self._run_script(self._settings.script)
        request = self._settings.request
        if not request.url or (first and request.skip_first):
            return
        try:
            self._request(request)
        except RequestFailed as error:
            self._metrics.successful.set(0)
            raise NotTold(str(error)) from None
        self._metrics.successful.set(1)
        self._log.info("Request sent", url=shown(request.url))

    def _request(self, request: Request) -> None:
        def once() -> Answer:
            self._metrics.requests.inc()
            try:
                answer = send(request.method, request.url, request.credentials, request.timeout, request.body)
                _check(answer, request, request.url)
            except RequestFailed:
                self._metrics.requests_failed.inc()
                raise
            return answer

        _tried(request, once, self._log)

    def _run_script(self, script: str) -> None:
        command = [script] if os.access(script, os.X_OK) else ["sh", script]
        try:
            done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - what SCRIPT names
        except OSError as error:
            self._metrics.scripts_failed.inc()
            self._log.error("Script cannot be run", script=script, reason=str(error.strerror))
            return
        if done.returncode:
            self._metrics.scripts_failed.inc()
            said = done.stderr.decode("utf-8", "replace").strip()[-500:]
            self._log.error("Script failed", script=script, status=done.returncode, stderr=said)


def fetcher(request: Request, log: Logger) -> Callable[[str], bytes]:
    """What gets the content behind a URL in a `.url` key; raises `CannotFetch`.

    The credentials of the request are for its own server: they are not sent along.
    """
    credentials = Credentials(ca_file=SYSTEM if request.credentials.ca_file else "")

    def fetch(url: str) -> bytes:
        def once() -> Answer:
            try:
                answer = send("GET", url, credentials, request.timeout, None, LARGEST_FILE)
                _check(answer, request, url)
            except RequestFailed as error:
                raise RequestFailed(str(error).replace(shown(url), _server(url))) from None
            return answer

        if not url.startswith(("http://", "https://")):
            raise CannotFetch("the key ends in .url and holds no http:// or https:// address")
        try:
            return _tried(request, once, log).content
        except RequestFailed as error:
            raise CannotFetch(str(error)) from None

    return fetch


def _server(url: str) -> str:
    """The server alone: the rest of an address may be the secret of the Secret that it stands in."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/…"


def _check(answer: Answer, request: Request, url: str) -> None:
    """Success is 2xx, and 5xx where that was asked for; else raises `RequestFailed`."""
    server_fault = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES or (server_fault and request.accept_5xx):
        return
    said = " ".join(answer.body.split())[:500]
    raise RequestFailed(f"{shown(url)}: {answer.status} {answer.phrase}: {said}".rstrip(": "))


def _tried(request: Request, once: Callable[[], Answer], log: Logger) -> Answer:
    """Try until it goes well, waiting longer each time; raises the last `RequestFailed`."""
    for number in range(1, request.tries):
        try:
            return once()
        except RequestFailed as error:
            pause = min(request.backoff * 2 ** (number - 1), LONGEST_PAUSE)
            log.warning("Request failed, trying again", reason=str(error), pause=f"{pause:g}s")
            time.sleep(pause)
    return once()
