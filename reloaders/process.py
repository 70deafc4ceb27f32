"""How a reloader ends."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from reloaders.logs import Logger

FAILED = 1  # exit status when it cannot run
USAGE = 2  # exit status for flags or a web configuration that cannot be used


def end_on_signals(log: Logger) -> None:
    """End with status 0 at SIGTERM or SIGINT, wherever the main thread is; files are written in one step."""

    def end(number: int, _: object) -> NoReturn:
        log.info("Ending", signal=signal.Signals(number).name)
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
