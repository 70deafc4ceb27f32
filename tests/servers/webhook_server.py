"""The real `promrender webhook` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from tests.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVING = re.compile(r"serving on 127\.0\.0\.1 port (\d+)")
PATIENCE = 20.0


class Webhook(NamedTuple):
    """A running webhook: its URL, its process, and the file that all its output goes to."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    output: Path

    def stop(self) -> int:
        """Ask it to stop, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def webhook(folder: Path, certificate: Path, key: Path, *flags: str) -> Iterator[Webhook]:
    """A webhook that serves the certificate; killed at the end if it still runs."""
    output = folder / "webhook.log"
    command = [sys.executable, "-m", "render", "webhook", "--listen", "127.0.0.1:0", "-v"]
    command += ["--tls-cert", str(certificate), "--tls-key", str(key), *flags]
    with output.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
    try:
        port = _port(process, output)
        yield Webhook(f"https://127.0.0.1:{port}", port, process, output)
    finally:
        process.kill()
        process.wait()


def _port(process: subprocess.Popen[bytes], output: Path) -> int:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        found = SERVING.search(output.read_text())
        if found:
            return int(found[1])
        time.sleep(0.05)
    raise AssertionError(f"the webhook does not serve: {output.read_text()}")
