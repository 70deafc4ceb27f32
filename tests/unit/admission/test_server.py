"""What uvicorn is told, and the certificate that it serves."""

from __future__ import annotations

import asyncio
import os
import ssl
import time
from typing import TYPE_CHECKING

import pytest
import uvicorn
from cryptography.hazmat.primitives import serialization

from render.admission import Settings, server
from render.admission.application import Application
from render.admission.certificates import Certificates
from render.admission.metrics import Metrics
from tests.certificates import Pair, make_pair

if TYPE_CHECKING:
    from pathlib import Path

SOON = 0.3


def _files(folder: Path, pair: Pair) -> tuple[Path, Path]:
    certificate, key = folder / "tls.crt", folder / "tls.key"
    certificate.write_bytes(pair.certificate)
    key.write_bytes(pair.key)
    return certificate, key


def test_a_connection_on_which_nothing_is_asked_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", SOON)
    certificate, key = _files(tmp_path, make_pair())
    certificates = Certificates(certificate, key, Metrics())
    trusting = ssl.create_default_context(cafile=str(certificate))

    async def ask(port: int, text: bytes) -> tuple[bytes, float]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
        began = time.monotonic()
        writer.write(text)
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return answer, time.monotonic() - began

    async def both() -> None:
        listening = server.listen("127.0.0.1", 0)
        port = listening.getsockname()[1]
        running = uvicorn.Server(server.configuration(Application(Settings(), Metrics()), certificates))
        serving = asyncio.create_task(running.serve(sockets=[listening]))
        silent, waited = await ask(port, b"GET /healthz HTTP/1.1\r\n")
        assert silent == b""
        assert SOON * 0.5 < waited < 4
        answer, _ = await ask(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answer.endswith(b'{"status":"up"}')
        running.should_exit = True
        await serving

    asyncio.run(both())


def test_an_encrypted_key_is_refused_without_asking_anybody(tmp_path: Path) -> None:
    pair = make_pair()
    private = serialization.load_pem_private_key(pair.key, None)
    locked = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"a password"),
    )
    certificate, key = _files(tmp_path, Pair(pair.certificate, locked))
    with pytest.raises(ssl.SSLError):
        Certificates(certificate, key, Metrics())


def test_files_that_vanish_or_stay_as_they_are_change_nothing(tmp_path: Path) -> None:
    metrics = Metrics()
    certificate, key = _files(tmp_path, make_pair())
    certificates = Certificates(certificate, key, metrics)
    certificates.refresh()
    assert "certificate_reloads_total{" not in metrics.text().decode()
    key.unlink()
    certificates.refresh()
    assert 'certificate_reloads_total{result="failure"} 1.0' in metrics.text().decode()
    _files(tmp_path, make_pair())
    os.utime(key, (1, 1))
    certificates.refresh()
    assert 'certificate_reloads_total{result="success"} 1.0' in metrics.text().decode()
