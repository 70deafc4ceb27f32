"""The certificate that the webhook serves: read at start, and again whenever its files change."""

from __future__ import annotations

import asyncio
import logging
import ssl
from typing import TYPE_CHECKING

from cryptography import x509

if TYPE_CHECKING:
    from pathlib import Path

    from render.admission.metrics import Metrics

INTERVAL = 1.0
"""Seconds between two looks at the files: a Secret's volume changes by the swap of a link, unseen by a watch."""

Stamp = tuple[tuple[int, int, int], ...]

log = logging.getLogger(__name__)


class Certificates:
    """A TLS context that follows a certificate and its key on disk; a pair that cannot be used leaves the old one."""

    def __init__(self, certificate: Path, key: Path, metrics: Metrics) -> None:
        """Read the pair. Raises OSError (ssl.SSLError among them) or ValueError when it cannot be used."""
        self._certificate, self._key, self._metrics = certificate, key, metrics
        self._stamp = self._look()
        self.context = self._loaded()

    async def watch(self) -> None:
        """Read the pair again after each change, until cancelled."""
        while True:
            await asyncio.sleep(INTERVAL)
            self.refresh()

    def refresh(self) -> None:
        """Read the pair again if its files changed. New connections get it; open ones stay as they are."""
        try:
            stamp = self._look()
            if stamp == self._stamp:
                return
            self._loaded()
            self._load_into(self.context)
        except (OSError, ValueError) as error:
            self._metrics.certificate_read(good=False)
            log.warning("the changed certificate cannot be used, the old one stays: %s", type(error).__name__)
            return
        self._stamp = stamp
        self._metrics.certificate_read(good=True)
        log.info("the certificate was read again")

    def _loaded(self) -> ssl.SSLContext:
        """A context of its own with the pair as it is on disk now: proof that it can be used."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._load_into(context)
        expires = x509.load_pem_x509_certificate(self._certificate.read_bytes()).not_valid_after_utc
        self._metrics.certificate_expires(expires.timestamp())
        return context

    def _load_into(self, context: ssl.SSLContext) -> None:
        """An encrypted key is refused: nobody is there to be asked for its password."""
        context.load_cert_chain(self._certificate, self._key, password="")

    def _look(self) -> Stamp:
        found = (path.stat() for path in (self._certificate, self._key))
        return tuple((status.st_ino, status.st_size, status.st_mtime_ns) for status in found)
