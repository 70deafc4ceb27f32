"""The real `promrender webhook` in a process of its own, and certificates for it."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVING = re.compile(r"serving on 127\.0\.0\.1 port (\d+)")
PATIENCE = 20.0


class Pair(NamedTuple):
    """A certificate and its key, in PEM."""

    certificate: bytes
    key: bytes


def make_pair(name: str = "webhook") -> Pair:
    """A new certificate for 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Pair(certificate.public_bytes(serialization.Encoding.PEM), plain)


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
