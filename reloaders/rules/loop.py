"""The work of `rules-reloader`: look at the folders, check the rule files, tell every server that lacks the change."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NoReturn

from reloaders import snapshot
from reloaders.http_post import Credentials, RequestFailed, send, shown
from reloaders.rules import check
from reloaders.snapshot import Unreadable

if TYPE_CHECKING:
    from reloaders.logs import Logger
    from reloaders.rules.metrics import Metrics
    from reloaders.rules.settings import Settings
    from reloaders.status import Status
    from reloaders.wake import Wake
    from reloaders.watch import Watcher


class RulesReloader:
    """Tells the servers about changes; what failed is tried again after a while, after a change and at every poll."""

    def __init__(self, settings: Settings, metrics: Metrics, status: Status, log: Logger) -> None:
        self._settings = settings
        self._metrics = metrics
        self._status = status
        self._log = log
        self._told: bytes | None = None  # what the servers were told about, or need not be
        self._checked: bytes | None = None
        self._faults: list[str] = []
        self._waiting: list[str] = []  # webhooks that still have to hear of the change
        self._tries = 0
        self._changed_at: float | None = None

    def run(self, wake: Wake, watcher: Watcher) -> NoReturn:
        """Look now, and again at every change, poll or retry, until the program is told to end."""
        settings = self._settings
        self._renew(watcher)
        self.begin()
        while True:
            again = bool(self._waiting) and self._tries < settings.webhook_retries
            changed_at = wake.wait(
                settings.retry_interval if again else settings.watch_interval, settings.delay_interval
            )
            due = changed_at is None
            if due and not again:
                self._tries = 0
            if self._changed_at is None:
                self._changed_at = changed_at
            self._renew(watcher)
            self.look(due=due)

    def begin(self) -> None:
        """Check what is there; as configmap-reload, tell nobody unless asked to."""
        if not self._settings.reload_at_start:
            digest = self._digest()
            if digest is not None:
                self._check(digest)
                self._told = digest
                self._status.set_ready()
            return
        self.look(due=True)

    def look(self, *, due: bool) -> None:
        """Tell the servers when something changed, unless the rule files are wrong and held back.

        What failed before is tried again only when it is due: one change makes several events.
        """
        digest = self._digest()
        if digest is None:
            return
        if digest != self._told:
            self._told, self._waiting, self._tries = digest, list(self._settings.webhook_url), 0
            due = True
        self._check(digest)
        held = bool(self._faults) and self._settings.validate == "hold" and bool(self._waiting)
        self._metrics.held.set(held)
        self._status.details["held"] = held
        if due and not held:
            self._tell()
        if not self._waiting:
            self._changed_at = None

    def _digest(self) -> bytes | None:
        try:
            digest = snapshot.of_folders(self._settings.volume_dir)
        except Unreadable as error:
            self._metrics.unreadable.inc()
            self._status.apply.fail(str(error))
            self._log.error("Folders cannot be read, nothing is reloaded", reason=str(error))
            return None
        self._status.apply.succeed()
        return digest

    def _check(self, digest: bytes) -> None:
        settings = self._settings
        if settings.validate == "off" or digest == self._checked:
            return
        try:
            self._faults = check.faults(settings.volume_dir, promql=settings.promql == "auto")
        except Unreadable as error:
            self._faults = [str(error)]
        self._checked = digest
        self._metrics.faults.set(len(self._faults))
        self._status.details["faults"] = self._faults
        outcome = "reload held back" if settings.validate == "hold" else "reloaded all the same"
        for fault in self._faults:
            self._log.warning("Rule file is wrong", reason=fault, outcome=outcome)

    def _tell(self) -> None:
        self._tries += bool(self._waiting)
        failed = [url for url in self._waiting if not self._send(url)]
        if self._waiting and not failed:
            self._status.set_ready()
            if self._changed_at is not None:
                self._metrics.latency.observe(time.monotonic() - self._changed_at)
        self._waiting = failed

    def _send(self, url: str) -> bool:
        settings, metrics, name = self._settings, self._metrics, shown(url)
        started = time.monotonic()
        try:
            answer = send(settings.webhook_method, url, Credentials(), settings.reload_timeout)
        except RequestFailed as error:
            return self._failed(name, "client_request_do", str(error))
        metrics.requests.labels(name, str(answer.status)).inc()
        if answer.status != settings.webhook_status_code:
            said = " ".join(answer.body.split())
            return self._failed(
                name, "client_response", f"{name}: {answer.status} {answer.phrase}: {said}".rstrip(": ")
            )
        metrics.duration.labels(name).set(time.monotonic() - started)
        metrics.successes.labels(name).inc()
        metrics.last_error.labels(name).set(0)
        self._status.reload.succeed()
        self._log.info("Reload triggered", webhook=name)
        return True

    def _failed(self, name: str, kind: str, reason: str) -> bool:
        self._metrics.errors.labels(name, kind).inc()
        self._metrics.last_error.labels(name).set(1)
        self._status.reload.fail(reason)
        self._log.error("Reload failed", webhook=name, reason=reason)
        return False

    def _renew(self, watcher: Watcher) -> None:
        for fault in watcher.renew():
            self._metrics.watch_errors.inc()
            self._log.error("Folder cannot be watched, it is polled", reason=fault)
