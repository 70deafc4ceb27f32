"""Certificates made for one test run: an authority, a server's pair for 127.0.0.1, a client's pair."""

from __future__ import annotations

import datetime as dt
import ipaddress
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path

Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def make(folder: Path, *more: str) -> None:
    """Write ca.crt, server.crt, server.key, client.crt, client.key and `more` pairs; a pair's name is its subject."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = _signed("authority", None)
    _write(folder, "ca", authority)
    for name in ("server", "client", *more):
        _write(folder, name, _signed(name, authority))


def _signed(name: str, authority: Pair | None) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority[0].subject if authority else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=authority is None, path_length=None), critical=True)
    )
    return built.sign(authority[1] if authority else key, hashes.SHA256()), key


def _write(folder: Path, name: str, pair: Pair) -> None:
    certificate, key = pair
    (folder / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    (folder / f"{name}.key").write_bytes(pem)
