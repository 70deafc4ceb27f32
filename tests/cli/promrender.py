"""Runs the real command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parents[2]


class Ran(NamedTuple):
    """How a run ended."""

    status: int
    out: str
    err: str


def promrender(*arguments: str | Path, stdin: bytes = b"", cwd: Path = PROJECT, **environment: str) -> Ran:
    """Run `promrender` with `arguments`; a traceback in its output fails the test at once."""
    ran = subprocess.run(
        [sys.executable, "-m", "render", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(PROJECT), **environment},
        timeout=60,
        check=False,
    )
    result = Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())
    assert "Traceback" not in result.err
    assert "internal error" not in result.err
    return result
