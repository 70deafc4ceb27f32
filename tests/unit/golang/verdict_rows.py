r"""The rows that Go's standard library is asked about, and how it is asked.

`python -m tests.unit.golang.verdict_rows` writes the answers to `verdicts/answers.json` anew (Go must be on PATH).
Texts are in `verdicts/rows.json`. The rows of certificates are made here, with fresh keys; their answers go by name.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import NameOID

from render.golang.templates import FUNCTIONS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

PROGRAM = Path(__file__).parent / "verdicts"
ANSWERS = PROGRAM / "answers.json"


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(key: CertificateIssuerPrivateKeyTypes, *, expired: bool = False) -> x509.Certificate:
    start = dt.datetime(2020 if expired else 2025, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder().subject_name(_name("row")).issuer_name(_name("row")).serial_number(1)
    builder = (
        builder.public_key(key.public_key()).not_valid_before(start).not_valid_after(start + dt.timedelta(days=365))
    )
    hashed = None if isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey) else hashes.SHA256()
    return builder.sign(key, hashed)


def _block(der: bytes) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(der).decode()}\n-----END CERTIFICATE-----\n"


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _key(key: CertificateIssuerPrivateKeyTypes, *, traditional: bool = False, password: bytes | None = None) -> str:
    kind = serialization.PrivateFormat.TraditionalOpenSSL if traditional else serialization.PrivateFormat.PKCS8
    cipher = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, kind, cipher).decode()


@cache
def certificates() -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """The rows of authorities and of pairs, by name."""
    curve, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    edwards = ed25519.Ed25519PrivateKey.generate()
    odd, large = ec.generate_private_key(ec.SECP256K1()), ec.generate_private_key(ec.SECP521R1())
    modulus = rsa.generate_private_key(65537, 2048)
    good, key = _pem(_certificate(curve)), _key(curve)
    broken = good.replace("MI", "MJ", 1)
    authorities = {
        "good": good,
        "empty": "",
        "no PEM": "certificate",
        "text around": f"junk\n{good}junk",
        "indented": " " + good,
        "two": good + _pem(_certificate(other)),
        "broken first": broken + good,
        "key first": key + good,
        "type does not matter": good.replace("CERTIFICATE", "ANYTHING"),
        "types differ": good.replace("END CERTIFICATE", "END ANYTHING"),
        "end missing": good.replace("-----END CERTIFICATE-----", ""),
        "bad base64 first": good.replace("MI", "M!", 1) + good,
        "carriage returns": good.replace("\n", "\r\n"),
        "no last newline": good.rstrip("\n"),
        "empty block": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "headers": good.replace("-----\nMI", "-----\nA: b\n\nMI", 1),
        "expired": _pem(_certificate(curve, expired=True)),
        "unknown curve": _pem(_certificate(odd)),
        "dsa": _pem(_certificate(dsa.generate_private_key(2048))),
        "ed448": _pem(_certificate(ed448.Ed448PrivateKey.generate())),
        "trailing bytes": _block(_certificate(curve).public_bytes(serialization.Encoding.DER) + b"x"),
    }
    pairs = {
        "elliptic curve": (good, key),
        "elliptic curve, traditional": (good, _key(curve, traditional=True)),
        "rsa": (_pem(_certificate(modulus)), _key(modulus)),
        "rsa, traditional": (_pem(_certificate(modulus)), _key(modulus, traditional=True)),
        "edwards": (_pem(_certificate(edwards)), _key(edwards)),
        "p521": (_pem(_certificate(large)), _key(large)),
        "unknown curve": (_pem(_certificate(odd)), _key(odd)),
        "other key": (good, _key(other)),
        "other kind of key": (good, _key(modulus)),
        "switched": (key, good),
        "one file for both": (good + key, good + key),
        "key before certificate": (key + good, good + key),
        "chain": (good + _pem(_certificate(other)), key),
        "chain in the wrong order": (_pem(_certificate(other)) + good, key),
        "encrypted": (good, _key(curve, password=b"secret")),
        "expired": (_pem(_certificate(curve, expired=True)), key),
        "empty": ("", ""),
        "no key": (good, ""),
        "broken certificate": (broken, key),
        "broken key": (good, key.replace("MI", "MJ", 1)),
        "type of the key": (good, key.replace("PRIVATE KEY", "MY PRIVATE KEY")),
        "type of the key without space": (good, key.replace("PRIVATE KEY", "MYPRIVATE KEY")),
        "type of the certificate": (good.replace("CERTIFICATE", "TRUSTED CERTIFICATE"), key),
    }
    return authorities, pairs


ROWS: dict[str, list[str]] = {
    **json.loads((PROGRAM / "rows.json").read_text()),
    "ca": list(certificates()[0]),
    "pair": list(certificates()[1]),
}


def ask_go() -> dict[str, dict[str, Any]]:
    """Go's answers, by kind and row. Needs `go` on PATH."""
    authorities, pairs = certificates()
    question = {**ROWS, "ca": list(authorities.values()), "pair": list(pairs.values()), "functions": sorted(FUNCTIONS)}
    command = ["go", "run", "."]
    answers = json.loads(subprocess.check_output(command, cwd=PROGRAM, input=json.dumps(question), text=True))
    return {kind: dict(zip(rows, answers[kind], strict=True)) for kind, rows in ROWS.items()}


if __name__ == "__main__":
    ANSWERS.write_text(json.dumps(ask_go(), indent=1, ensure_ascii=True) + "\n")
