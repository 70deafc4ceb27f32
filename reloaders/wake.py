"""What wakes a reloader: changes told by other threads, gathered until it is quiet."""

from __future__ import annotations

import threading
import time

_LONGEST_DELAYS = 10  # a folder that never gets quiet is read after this many delays all the same


class Wake:
    """Gathers changes; one thread waits for them, any thread tells them."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._first: float | None = None
        self._latest = 0.0

    def tell(self) -> None:
        """Something changed just now."""
        with self._condition:
            self._latest = time.monotonic()
            if self._first is None:
                self._first = self._latest
            self._condition.notify_all()

    def wait(self, timeout: float, delay: float) -> float | None:
        """When the first change happened (monotonic seconds), or None after `timeout` seconds without one.

        After a change it waits until there was none for `delay` seconds, so that a burst is one change.
        """
        with self._condition:
            self._condition.wait_for(lambda: self._first is not None, timeout)
            while self._first is not None:
                ends = min(self._latest + delay, self._first + _LONGEST_DELAYS * delay)
                rest = ends - time.monotonic()
                if rest <= 0:
                    break
                self._condition.wait(rest)
            first, self._first = self._first, None
            return first
