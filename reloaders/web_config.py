"""TLS and basic auth of a reloader's own web server, from a file in the format of Prometheus' exporters.

Format: https://prometheus.io/docs/prometheus/latest/configuration/https/. Files are read again when they change.
"""

from __future__ import annotations

import base64
import binascii
import ssl
import threading
from pathlib import Path
from typing import Any

_TLS_VERSIONS = {
    "TLS10": ssl.TLSVersion.TLSv1,
    "TLS11": ssl.TLSVersion.TLSv1_1,
    "TLS12": ssl.TLSVersion.TLSv1_2,
    "TLS13": ssl.TLSVersion.TLSv1_3,
}
_CLIENT_AUTH = {
    "": ssl.CERT_NONE,
    "NoClientCert": ssl.CERT_NONE,
    "RequestClientCert": ssl.CERT_NONE,
    "VerifyClientCertIfGiven": ssl.CERT_OPTIONAL,
    "RequireAndVerifyClientCert": ssl.CERT_REQUIRED,
}
# OpenSSL's names of Go's suites for TLS 1.2; those of TLS 1.3 cannot be chosen, in Go neither.
_CIPHERS = {
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": "ECDHE-ECDSA-AES128-GCM-SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": "ECDHE-ECDSA-AES256-GCM-SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305": "ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "ECDHE-RSA-AES128-GCM-SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "ECDHE-RSA-AES256-GCM-SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-RSA-CHACHA20-POLY1305",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305": "ECDHE-RSA-CHACHA20-POLY1305",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA": "ECDHE-RSA-AES128-SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA": "ECDHE-RSA-AES256-SHA",
    "TLS_RSA_WITH_AES_128_GCM_SHA256": "AES128-GCM-SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384": "AES256-GCM-SHA384",
}
_TLS13 = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}
_CURVES = {"X25519": "X25519", "CurveP256": "prime256v1", "CurveP384": "secp384r1", "CurveP521": "secp521r1"}

_BLOCKS = {
    "": {"tls_server_config", "http_server_config", "basic_auth_users"},
    "tls_server_config": {
        "cert_file", "key_file", "cert", "key", "client_ca_file", "client_ca", "client_auth_type",
        "client_allowed_sans", "min_version", "max_version", "cipher_suites", "curve_preferences",
        "prefer_server_cipher_suites",
    },
    "http_server_config": {"http2", "headers"},
}  # fmt: skip


class BadWebConfig(Exception):  # noqa: N818 - a verdict about a file
    """The web configuration cannot be used; the text names the file and the field."""


class WebConfig:
    """Who may connect and how. An unusable change of the files leaves what was."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._lock = threading.Lock()
        self._admitted: set[bytes] = set()
        self._stamp: tuple[object, ...] = ()
        self._load()

    def wrapped(self, connection: Any) -> Any:  # noqa: ANN401 - a socket, plain or with TLS
        """The connection with TLS when the file asks for it; raises OSError when the client fails."""
        with self._lock:
            if self._stamp != self._stamp_now():
                self._reload()
        return self._context.wrap_socket(connection, server_side=True) if self._context else connection

    def admits(self, authorization: str) -> bool:
        """Whether a request with this Authorization header may see the pages."""
        if not self._users:
            return True
        scheme, _, encoded = authorization.partition(" ")
        try:
            username, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return False
        return scheme.lower() == "basic" and self._matches(username, password)

    def _matches(self, username: str, password: str) -> bool:
        """Compare with the bcrypt hash; a pair that was right once is remembered as a digest, bcrypt is slow."""
        import hashlib

        import bcrypt

        stored = self._users.get(username, _NOBODY)
        pair = hashlib.sha256(f"{username}\0{stored}\0{password}".encode()).digest()
        if pair in self._admitted:
            return True
        # Also for an unknown user, so that the time does not tell which users there are.
        right = bcrypt.checkpw(password.encode()[:72], stored.encode()) and username in self._users
        if right:
            self._admitted.add(pair)
        return right

    def _reload(self) -> None:
        try:
            self._load()
        except BadWebConfig:
            self._stamp = self._stamp_now()

    def _load(self) -> None:
        stored = _read(self._path)
        tls = stored.get("tls_server_config") or {}
        names = (tls.get(key) for key in ("cert_file", "key_file", "client_ca_file"))
        self._files = [self._beside(name) for name in names if name]
        self._users = _users(self._path, stored.get("basic_auth_users") or {})
        server = stored.get("http_server_config") or {}
        self.headers = {str(name): str(value) for name, value in (server.get("headers") or {}).items()}
        self._context = self._tls(tls) if tls else None
        self._admitted.clear()
        self._stamp = self._stamp_now()

    def _beside(self, name: str) -> Path:
        """A path of the file is relative to the file's folder."""
        return self._path.parent / name

    def _stamp_now(self) -> tuple[object, ...]:
        def one(path: Path) -> tuple[int, ...]:
            try:
                found = path.stat()
            except OSError:
                return ()
            return found.st_ino, found.st_mtime_ns, found.st_size

        return tuple(one(path) for path in (self._path, *self._files))

    def _tls(self, tls: dict[str, Any]) -> ssl.SSLContext:
        auth = tls.get("client_auth_type") or ""
        if auth not in _CLIENT_AUTH:
            raise BadWebConfig(f"{self._path}: client_auth_type {auth!r} is not supported")
        for inline in ("cert", "key", "client_ca", "client_allowed_sans"):
            if tls.get(inline):
                raise BadWebConfig(f"{self._path}: {inline} is not supported, name a file")
        if not tls.get("cert_file") or not tls.get("key_file"):
            raise BadWebConfig(f"{self._path}: tls_server_config needs cert_file and key_file")
        if _CLIENT_AUTH[auth] != ssl.CERT_NONE and not tls.get("client_ca_file"):
            raise BadWebConfig(f"{self._path}: client_auth_type {auth} needs client_ca_file")
        if _CLIENT_AUTH[auth] == ssl.CERT_NONE and tls.get("client_ca_file"):
            raise BadWebConfig(f"{self._path}: client_ca_file needs a client_auth_type that verifies")
        try:
            return self._context_of(tls, _CLIENT_AUTH[auth])
        except (OSError, ValueError, KeyError) as error:
            raise BadWebConfig(f"{self._path}: tls_server_config cannot be used: {error}") from None

    def _context_of(self, tls: dict[str, Any], verify: ssl.VerifyMode) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = _TLS_VERSIONS[tls.get("min_version") or "TLS12"]
        context.maximum_version = _TLS_VERSIONS[tls.get("max_version") or "TLS13"]
        context.load_cert_chain(self._beside(tls["cert_file"]), self._beside(tls["key_file"]))
        if tls.get("client_ca_file"):
            context.load_verify_locations(self._beside(tls["client_ca_file"]))
        context.verify_mode = verify
        suites = [_CIPHERS[name] for name in tls.get("cipher_suites") or [] if name not in _TLS13]
        if suites:
            context.set_ciphers(":".join(suites))
        curves = [_CURVES[name] for name in tls.get("curve_preferences") or []]
        if len(curves) == 1:  # OpenSSL through Python takes one or its own list
            context.set_ecdh_curve(curves[0])
        return context


_NOBODY = "$2b$10$" + "." * 53


def _read(path: Path) -> dict[str, Any]:
    """The file's content, its fields known; raises `BadWebConfig`."""
    import yaml

    try:
        stored = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except OSError as error:
        raise BadWebConfig(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, ValueError):
        raise BadWebConfig(f"{path}: not YAML") from None
    for block, known in _BLOCKS.items():
        fields = (stored.get(block) or {}) if block and isinstance(stored, dict) else stored
        if not isinstance(fields, dict):
            raise BadWebConfig(f"{path}: {block or 'the whole'} must be a mapping")
        unknown = sorted(str(name) for name in set(fields) - known)
        if unknown:
            raise BadWebConfig(f"{path}: unknown field {block + '.' if block else ''}{unknown[0]}")
    assert isinstance(stored, dict)  # noqa: S101 - the loop above has seen to it
    return stored


def _users(path: Path, users: object) -> dict[str, str]:
    if not isinstance(users, dict):
        raise BadWebConfig(f"{path}: basic_auth_users must be a mapping")
    for name, stored in users.items():
        if not (isinstance(stored, str) and stored.startswith("$2") and len(stored) == len(_NOBODY)):
            raise BadWebConfig(f"{path}: basic_auth_users: the password of {name!s} is not a bcrypt hash")
    return {str(name): stored for name, stored in users.items()}
