"""The command `rules-reloader`."""

from __future__ import annotations

import sys
from typing import NoReturn

from reloaders import health, process
from reloaders.logs import Logger
from reloaders.rules import settings
from reloaders.rules.loop import RulesReloader
from reloaders.rules.metrics import Metrics
from reloaders.status import Status
from reloaders.wake import Wake
from reloaders.watch import Watcher


def main() -> NoReturn:
    """Run `rules-reloader`; status 0 at a signal, 1 when it cannot run, 2 for wrong flags."""
    process.run(_rules_reloader)


def _rules_reloader() -> None:
    chosen = settings.parse(sys.argv[1:])
    log = Logger(chosen.log_format, chosen.log_level)
    process.end_on_signals(log)
    metrics, status, wake = Metrics(), Status(), Wake()
    if chosen.listen_address:
        pages = {
            chosen.telemetry_path: lambda: health.text_page(metrics.text()),
            "/healthz": health.alive,
            "/readyz": lambda: health.readiness(status.ready),
            "/status": lambda: health.json_page(200, status.shown()),
        }
        try:
            port = health.serve(chosen.listen_address, pages)
        except (OSError, ValueError) as error:
            log.error("Failed to run", listen=chosen.listen_address, reason=str(error))
            sys.exit(process.FAILED)
        log.info("Serving", listen=chosen.listen_address, port=port)
    log.info("Watching", dirs=",".join(chosen.volume_dir), validate=chosen.validate)
    RulesReloader(chosen, metrics, status, log).run(wake, Watcher(chosen.volume_dir, wake.tell))
