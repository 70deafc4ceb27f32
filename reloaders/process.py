"""How a reloader ends."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

    from reloaders.logs import Logger

FAILED = 1  # exit status when it cannot run
USAGE = 2  # exit status for flags or a web configuration that cannot be used


def run(program: Callable[[], None]) -> NoReturn:
    """Run a program to its end; the process then ends at once.

    Its other threads are in the middle of something, and Python aborts when one writes while it takes itself apart.
    """
    status = FAILED
    try:
        program()
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 0
    except Exception:  # noqa: BLE001 - a fault of ours: shown, and the status says so
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def end_on_signals(log: Logger) -> None:
    """End with status 0 at SIGTERM or SIGINT, wherever the main thread is; files are written in one step."""

    def end(number: int, _: object) -> NoReturn:
        log.info("Ending", signal=signal.Signals(number).name)
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
