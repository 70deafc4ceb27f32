"""The work of `config-reloader`: look at the files, write the configuration, reload the server."""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING, NoReturn

from reloaders import materialize, snapshot
from reloaders.materialize import CannotMaterialize
from reloaders.placeholders import Unresolved
from reloaders.snapshot import Unreadable
from reloaders.trigger import ReloadFailed

if TYPE_CHECKING:
    from reloaders.logs import Logger
    from reloaders.metrics import Metrics
    from reloaders.resolver import Resolver
    from reloaders.settings import Settings
    from reloaders.status import Status
    from reloaders.trigger import Trigger
    from reloaders.wake import Wake
    from reloaders.watch import Watcher


class ConfigReloader:
    """Brings the server to what the files say; a failure leaves everything as it was and is tried again."""

    def __init__(
        self,
        settings: Settings,
        trigger: Trigger,
        resolver: Resolver | None,
        *,
        metrics: Metrics,
        status: Status,
        log: Logger,
    ) -> None:
        self._settings = settings
        self._trigger = trigger
        self._resolver = resolver
        self._metrics = metrics
        self._status = status
        self._log = log
        self._loaded: bytes | None = None
        self._changed_at: float | None = None
        self._unset: tuple[str, ...] = ()

    def run(self, wake: Wake, watcher: Watcher) -> NoReturn:
        """Apply now, and again at every change, poll or retry, until the program is told to end."""
        settings = self._settings
        while True:
            self._renew(watcher)
            applied = self.apply()
            pause = settings.watch_interval if applied else min(settings.retry_interval, settings.watch_interval)
            changed_at = wake.wait(pause, settings.delay_interval)
            if self._changed_at is None:
                self._changed_at = changed_at

    def apply(self) -> bool:
        """Write the configuration and reload the server if anything changed since the last reload; False on failure."""
        self._metrics.applies.inc()
        try:
            digest = self.materialize()
            if digest != self._loaded:
                self._reload(digest)
            if self._resolver is not None:
                self._resolver.remove_others()
        except (CannotMaterialize, Unreadable, Unresolved, ReloadFailed) as error:
            self._fail(error)
            return False
        self._changed_at = None
        self._status.apply.succeed()
        return True

    def materialize(self) -> bytes:
        """Write the configuration; gives the digest of everything that the server reads.

        Raises `CannotMaterialize`, `Unreadable` or `Unresolved`.
        """
        settings = self._settings
        digest = hashlib.sha256(snapshot.of_folders(settings.watched_dir))
        if settings.config_file and settings.config_envsubst_file:
            self._write_config(digest)
        elif settings.config_file:
            digest.update(snapshot.of_file(settings.config_file))
        return digest.digest()

    def _write_config(self, digest: hashlib._Hash) -> None:
        settings = self._settings
        content = materialize.read(settings.config_file)
        mode = materialize.PUBLIC_MODE
        if self._resolver is None:
            content, unset = materialize.expand(content, os.environ)
        else:
            mode = materialize.SECRET_MODE
            resolved = self._resolver.resolve(content, os.environ)
            self._metrics.secrets_failed.set(0)
            self._resolver.write_files(resolved.files)
            content, unset = resolved.content, resolved.unset
            for name in sorted(resolved.files):
                digest.update(name.encode() + hashlib.sha256(resolved.files[name]).digest())
        self._note_unset(unset)
        materialize.write(settings.config_envsubst_file, content, mode)
        digest.update(content)

    def _note_unset(self, unset: tuple[str, ...]) -> None:
        self._metrics.expansion_errors.set(len(unset))
        self._status.details["unsetVariables"] = list(unset)
        if unset != self._unset:
            for name in unset:
                self._log.warning(
                    "Variable is not set, left as written", variable=name, file=self._settings.config_file
                )
        self._unset = unset

    def _reload(self, digest: bytes) -> None:
        self._metrics.reloads.inc()
        try:
            self._trigger.reload()
        except ReloadFailed as error:
            reason = self._resolver.redacted(str(error)) if self._resolver else str(error)
            self._metrics.reloads_failed.inc()
            self._metrics.successful.set(0)
            self._status.reload.fail(reason)
            raise ReloadFailed(reason) from None
        self._loaded = digest
        self._metrics.successful.set(1)
        self._metrics.succeeded_at.set_to_current_time()
        if self._changed_at is not None:
            self._metrics.latency.observe(time.monotonic() - self._changed_at)
        self._status.reload.succeed()
        self._status.set_ready()
        settings = self._settings
        dirs = ", ".join(settings.watched_dir)
        out = settings.config_envsubst_file
        self._log.info("Reload triggered", cfg_in=settings.config_file, cfg_out=out, watched_dirs=dirs)

    def _fail(self, error: Exception) -> None:
        self._metrics.applies_failed.inc()
        self._status.apply.fail(str(error))
        if isinstance(error, Unresolved):
            self._metrics.secrets_failed.set(len(error.faults))
        what = "Reload failed" if isinstance(error, ReloadFailed) else "Files cannot be applied, the last good stay"
        self._log.error(what, reason=str(error), retry=f"{self._settings.retry_interval:g}s")

    def _renew(self, watcher: Watcher) -> None:
        for fault in watcher.renew():
            self._metrics.watch_errors.inc()
            self._log.error("Folder cannot be watched, it is polled", reason=fault)
        self._metrics.watches.set(watcher.count)
