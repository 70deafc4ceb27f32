"""A progress line on standard error, for a person who waits longer than a second."""

from __future__ import annotations

import sys
import threading
import time
from itertools import cycle
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

PATIENCE = 1.0
"""Seconds before the line appears."""
TICK = 0.1
FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
CLEAR = "\r\x1b[K"


class Progress:
    """Shows the stage that is running and the seconds so far; says nothing unless standard error is a terminal."""

    def __init__(self) -> None:
        self._stage = ""
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._draw, daemon=True) if sys.stderr.isatty() else None

    def stage(self, name: str) -> None:
        """Name the stage that begins."""
        self._stage = name

    def __enter__(self) -> Self:
        if self._thread is not None:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def _draw(self) -> None:
        began = time.monotonic()
        if self._done.wait(PATIENCE):
            return
        for frame in cycle(FRAMES):
            sys.stderr.write(f"{CLEAR}{frame} {self._stage}, {time.monotonic() - began:.0f} s")
            sys.stderr.flush()
            if self._done.wait(TICK):
                break
        sys.stderr.write(CLEAR)
        sys.stderr.flush()
