"""Reloaders and servers as real processes, for the length of a test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from tests.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCRIPTS = Path(sys.executable).parent
DEADLINE = 15.0


def eventually(check: Callable[[], Any], what: str, seconds: float = DEADLINE) -> Any:  # noqa: ANN401 - what check gives
    """The first true value that `check` gives; fails after some seconds, naming what was waited for."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            found = check()
        except (requests.ConnectionError, OSError):
            found = None
        if found:
            return found
        time.sleep(0.02)
    message = f"not within {seconds:g}s: {what}"
    raise AssertionError(message)


@dataclass
class Daemon:
    """A running reloader: its process, its log, the address that it serves."""

    process: subprocess.Popen[bytes]
    log_file: Path
    ports: list[int] = field(default_factory=list)

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self.log_file.read_text()

    @property
    def url(self) -> str:
        """Its web server, once it serves."""
        if not self.ports:
            found = eventually(lambda: re.search(r"msg=Serving .*port=(\d+)", self.log), f"serving: {self.log}")
            self.ports.append(int(found[1]))
        return f"http://127.0.0.1:{self.ports[0]}"

    def page(self, path: str) -> requests.Response:
        """A page of its web server."""
        return requests.get(self.url + path, timeout=10)

    def metric(self, name: str) -> float:
        """A metric without labels; NaN when it is not there."""
        found = re.search(rf"^{name} (\S+)$", self.page("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else float("nan")

    def memory(self) -> float:
        """Resident memory in MB (1,000,000 bytes)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1.024e-3

    def cpu_seconds(self) -> float:
        """Processor time used so far."""
        numbers = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> int:
        """Send SIGTERM; gives the exit status, fails when the end takes more than a second."""
        self.process.terminate()
        return self.process.wait(timeout=1)


@contextmanager
def daemon(
    program: str,
    *flags: str,
    log: Path,
    env: dict[str, str] | None = None,
    prefix: tuple[str, ...] = (),
    installed: bool = False,
) -> Iterator[Daemon]:
    """Run a console script of this project, through the command `prefix` if given; it is ended in any case.

    With `installed` it runs as from an image: without what an editable install loads into every process.
    """
    command = [*prefix, *_program(program, installed=installed), *flags]
    with log.open("wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT, env=env)
    try:
        yield Daemon(process, log)
    finally:
        process.kill()
        process.wait()


def _program(name: str, *, installed: bool) -> list[str]:
    if not installed:
        return [str(SCRIPTS / name)]
    (entry,) = entry_points(group="console_scripts", name=name)
    paths = f"sys.path += {[str(ROOT), sysconfig.get_path('purelib')]}"
    call = f"from {entry.module} import {entry.attr}; {entry.attr}()"
    return [sys.executable, "-S", "-c", f"import sys; {paths}; {call}"]


@contextmanager
def server(*command: str, ready: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the end of the block, once an address answers with 200 (at once when there is none)."""
    with log.open("wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT)
    try:
        if ready:
            eventually(lambda: process.poll() is not None or requests.get(ready, timeout=5).ok, ready, 60)
        assert process.poll() is None, log.read_text()[-2000:]
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
