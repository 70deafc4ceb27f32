"""Verdicts on certificates and keys as Go's `encoding/pem`, `crypto/x509` and `crypto/tls` give them.

No message holds anything of a certificate or a key. Results are cached by content: many objects share one pair.
"""

from __future__ import annotations

import binascii
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes, PrivateKeyTypes
    from cryptography.x509 import Certificate

_BEGIN, _END, _DASHES = "-----BEGIN ", "\n-----END ", "-----"
_CURVES = frozenset({"secp224r1", "secp256r1", "secp384r1", "secp521r1"})
_LINE_SPACE = " \t"


class X509Error(ValueError):
    """A certificate or a key that Go refuses."""


class Block(NamedTuple):
    """A PEM block: its type, such as `CERTIFICATE`, and the bytes in it."""

    type: str
    content: bytes


@lru_cache(maxsize=1024)
def check_ca(text: str) -> None:
    """Raise X509Error unless the first PEM block of a text is an X.509 certificate, whatever type the block names."""
    block = next(pem_blocks(text), None)
    if block is None:
        msg = "no PEM block was found"
        raise X509Error(msg)
    _certificate(block.content)


@lru_cache(maxsize=1024)
def check_key_pair(cert_text: str, key_text: str) -> None:
    """Raise X509Error unless the first certificate of one text goes with the first private key of the other.

    Source: Go's `tls.X509KeyPair`.
    """
    certificate = next((block for block in pem_blocks(cert_text) if block.type == "CERTIFICATE"), None)
    if certificate is None:
        msg = "no PEM block of type CERTIFICATE was found in the certificate"
        raise X509Error(msg)
    key = next((block for block in pem_blocks(key_text) if f" {block.type}".endswith(" PRIVATE KEY")), None)
    if key is None:
        msg = "no PEM block of a type that ends in PRIVATE KEY was found in the key"
        raise X509Error(msg)
    _check_match(_certificate(certificate.content), _private_key(key.content))


def _certificate(der: bytes) -> Certificate:
    from cryptography import x509

    try:
        certificate = x509.load_der_x509_certificate(der)
        # These are read on demand; Go reads them at once and refuses the certificate when they are broken.
        certificate.subject, certificate.issuer, certificate.extensions  # noqa: B018
        curve = getattr(_public_key(certificate), "curve", None)
    except Exception:  # noqa: BLE001 - the library raises several kinds; their texts may quote the content
        msg = "the PEM block holds no valid X.509 certificate"
        raise X509Error(msg) from None
    if curve is not None and curve.name not in _CURVES:
        msg = f"the elliptic curve {curve.name} of the certificate is not supported"
        raise X509Error(msg)
    return certificate


def _public_key(certificate: Certificate) -> CertificatePublicKeyTypes | None:
    """The public key, or None when it is of an unknown kind, which Go does not mind in a certificate as such."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return certificate.public_key()
    except UnsupportedAlgorithm:
        return None


def _private_key(der: bytes) -> PrivateKeyTypes:
    from cryptography.hazmat.primitives import serialization

    try:
        return serialization.load_der_private_key(der, password=None)
    except Exception:  # noqa: BLE001 - the library raises several kinds; their texts may quote the content
        msg = "the PEM block holds no valid private key"
        raise X509Error(msg) from None


def _check_match(certificate: Certificate, key: PrivateKeyTypes) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    public = _public_key(certificate)
    if not isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey):
        msg = "the certificate's key is neither RSA, ECDSA nor Ed25519"
        raise X509Error(msg)
    if key.public_key() != public:
        msg = "the private key does not belong to the certificate"
        raise X509Error(msg)


def pem_blocks(text: str) -> Iterator[Block]:
    """The PEM blocks of a text, in order; what is between them or broken is passed over, as Go's `pem.Decode` does."""
    position = 0
    while (end := text.find(_END, position)) >= 0:
        begin = text.rfind(_BEGIN, position, end)
        after = end + len(_END)
        if begin >= 0 and (begin == position or text[begin - 1] == "\n"):
            found = _block(text, begin, end)
            if found is not None:
                yield found
                after = _line(text, after)[1]
        position = after


def _block(text: str, begin: int, end: int) -> Block | None:
    """The block from the BEGIN line at `begin` to the END line after the newline at `end`; None when it is broken."""
    title, position = _line(text, begin + len(_BEGIN))
    kind = title.removesuffix(_DASHES)
    if kind == title or _line(text, end + len(_END))[0] != title:
        return None
    headers = False
    while ":" in (line := _line(text, position))[0]:
        headers = True
        position = line[1]
    if headers and position > end:
        return None
    encoded = re.sub(r"[ \t\r\n]", "", text[position:end])
    if len(encoded) % 4:
        return None
    try:
        return Block(kind, binascii.a2b_base64(encoded.encode("ascii"), strict_mode=True) if encoded else b"")
    except ValueError:
        return None


def _line(text: str, position: int) -> tuple[str, int]:
    """The line at a position, without trailing white space, and where the next one starts."""
    end = text.find("\n", position)
    end, following = (len(text), len(text)) if end < 0 else (end, end + 1)
    return text[position:end].removesuffix("\r").rstrip(_LINE_SPACE), following
