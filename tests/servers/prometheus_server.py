"""A real server, Prometheus above all, on a free port of this machine, for the length of a test."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START_SECONDS = 60.0


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(program: Path, config: Path, data: Path) -> Iterator[str]:
    """Start Prometheus with a configuration, yield its address once it is ready, stop it in any case."""
    address = f"127.0.0.1:{free_port()}"
    command = [
        str(program),
        f"--config.file={config}",
        f"--storage.tsdb.path={data}",
        f"--web.listen-address={address}",
    ]
    with serving(command, f"http://{address}", data.with_suffix(".log")) as url:
        yield url


@contextmanager
def serving(command: list[str], url: str, log: Path) -> Iterator[str]:
    """Start a server that answers at `<url>/-/ready`, yield the URL once it is ready, stop it in any case."""
    with log.open("wb") as sink:
        server = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(server, url, log)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_until_ready(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and server.poll() is None:
        try:
            if requests.get(f"{url}/-/ready", timeout=5).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    message = f"the server did not get ready:\n{log.read_text()[-4000:]}"
    raise AssertionError(message)


def ask(url: str, path: str) -> Any:  # noqa: ANN401 - the API's JSON
    """`data` of an answer of the server's HTTP API."""
    answer = requests.get(f"{url}/api/v1/{path}", timeout=30)
    answer.raise_for_status()
    return answer.json()["data"]
