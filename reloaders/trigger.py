"""Makes the server load its files again: by a POST, or by SIGHUP and a look at what the server then says."""

from __future__ import annotations

import json
import os
import signal
import time
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from reloaders.http_post import Credentials, RequestFailed, send, shown

_POLL = 0.1  # seconds between two looks at the runtime information
_COMM = 15  # the kernel keeps that many characters of a program's name

_HINTS = {
    401: "the server wants credentials (--reload-username, --reload-bearer-token-file)",
    403: "is --web.enable-lifecycle set?",
    404: "is the path of --reload-url right?",
}


class ReloadFailed(Exception):  # noqa: N818 - a verdict about a server
    """The server did not load its files; the text is the reason as far as the server tells it."""


class Trigger(Protocol):
    """A way to reload a server."""

    def reload(self) -> None:
        """Have the server load its files; raises `ReloadFailed`."""


class HttpTrigger:
    """Posts to the server's reload address; a status of 200, and that alone, is success."""

    def __init__(self, url: str, credentials: Credentials, timeout: float) -> None:
        self._url = url
        self._credentials = credentials
        self._timeout = timeout

    def reload(self) -> None:
        """Post; the reason of a failure is what the server wrote into its answer."""
        try:
            answer = send("POST", self._url, self._credentials, self._timeout)
        except RequestFailed as error:
            raise ReloadFailed(str(error)) from None
        if answer.status != HTTPStatus.OK:
            hint = _HINTS.get(answer.status, "")
            said = " ".join(answer.body.split())
            raise ReloadFailed(f"POST {shown(self._url)}: {answer.status} {answer.phrase}: {said or hint}".rstrip(": "))


class SignalTrigger:
    """Sends SIGHUP to a process by its name and waits until the server's runtime information shows the reload."""

    def __init__(self, process_name: str, runtimeinfo_url: str, credentials: Credentials, timeout: float) -> None:
        self._process_name = process_name
        self._url = runtimeinfo_url
        self._credentials = credentials
        self._timeout = timeout

    def reload(self) -> None:
        """Signal and wait; the times that the server tells are whole seconds, so two reloads never share one."""
        ends = time.monotonic() + self._timeout
        process = find_process(self._process_name)
        loaded_at, fine = self._runtime_info()
        time.sleep(max(0.0, min(loaded_at + 1 - time.time(), 1.0)))
        try:
            os.kill(process, signal.SIGHUP)
        except OSError as error:
            raise ReloadFailed(f"SIGHUP to {self._process_name} ({process}): {error.strerror}") from None
        while time.monotonic() < ends:
            time.sleep(_POLL)
            now_loaded_at, now_fine = self._runtime_info()
            if now_fine and now_loaded_at > loaded_at:
                return
            if fine and not now_fine:
                raise ReloadFailed(f"{self._process_name} ({process}) refused its configuration; its log says why")
        raise ReloadFailed(f"{shown(self._url)} shows no successful reload {self._timeout:g}s after SIGHUP")

    def _runtime_info(self) -> tuple[float, bool]:
        """When the server last loaded its configuration (seconds since 1970) and whether the last try went well."""
        try:
            answer = send("GET", self._url, self._credentials, self._timeout)
            told = json.loads(answer.body)["data"]
            loaded_at = datetime.fromisoformat(told["lastConfigTime"]).timestamp()
            return loaded_at, bool(told["reloadConfigSuccess"])
        except RequestFailed as error:
            raise ReloadFailed(str(error)) from None
        except (ValueError, KeyError, TypeError):
            raise ReloadFailed(f"GET {shown(self._url)}: {answer.status}: no runtime information") from None


def find_process(name: str) -> int:
    """Id of the first process whose program has that name; raises `ReloadFailed`."""
    numbers = sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    for number in numbers:
        try:
            running = Path(f"/proc/{number}/comm").read_text().rstrip("\n")
        except OSError:
            continue
        if running == name[:_COMM] and number != os.getpid():
            return number
    raise ReloadFailed(f"no process is called {name}; do the containers share the process namespace?")
