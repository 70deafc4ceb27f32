"""The webhook as an API server meets it: a real client, TLS, many requests at once, and what goes wrong."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.certificates import Pair, make_pair
from tests.places import ROOT
from tests.servers.webhook_server import PATIENCE, Webhook, webhook
from tests.unit.admission.reviews import (
    ALERTMANAGER_CONFIGS,
    CONVERT,
    MUTATE,
    RULES,
    admission_review,
    alertmanager_config,
    conversion_review,
    rule,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PARALLEL = 200


class Files:
    """The certificate and key on disk, swapped as the kubelet swaps a Secret's volume."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._number = folder, 0
        self.certificate, self.key = folder / "tls" / "tls.crt", folder / "tls" / "tls.key"
        self.put(make_pair())

    def put(self, pair: Pair) -> None:
        """Replace both files in one step."""
        self._number += 1
        fresh = self._folder / f"generation-{self._number}"
        fresh.mkdir()
        (fresh / "tls.crt").write_bytes(pair.certificate)
        (fresh / "tls.key").write_bytes(pair.key)
        link = self._folder / "next"
        link.symlink_to(fresh)
        link.rename(self._folder / "tls")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
def running(tmp_path: Path, files: Files) -> Iterator[Webhook]:
    with webhook(tmp_path, files.certificate, files.key) as server:
        yield server


def _post(server: Webhook, files: Files, path: str, review: Any) -> dict[str, Any]:  # noqa: ANN401 - any value of JSON
    answer = requests.post(server.url + path, json=review, verify=str(files.certificate), timeout=PATIENCE)
    assert answer.status_code == 200, answer.text
    response: dict[str, Any] = answer.json()["response"]
    return response


def _healthy(server: Webhook, certificate: Path) -> bool:
    answer = requests.get(f"{server.url}/healthz", verify=str(certificate), timeout=PATIENCE)
    return bool(answer.json() == {"status": "up"})


def test_two_hundred_reviews_at_once_each_get_their_own_answer(running: Webhook, files: Files) -> None:
    def ask(number: int) -> tuple[str, bool]:
        expression = "sum(up)" if number % 2 else "sum(up"
        review = admission_review(rule({"record": "a", "expr": expression}), "prometheusrules")
        review["request"]["uid"] = f"uid-{number}"
        response = _post(running, files, RULES, review)
        return response["uid"], response["allowed"]

    with ThreadPoolExecutor(PARALLEL) as pool:
        answers = list(pool.map(ask, range(PARALLEL)))
    assert answers == [(f"uid-{number}", bool(number % 2)) for number in range(PARALLEL)]
    text = requests.get(f"{running.url}/metrics", verify=str(files.certificate), timeout=PATIENCE).text
    assert f'promrender_webhook_requests_total{{code="200",path="{RULES}"}} {PARALLEL}.0' in text


def test_every_path_answers(running: Webhook, files: Files) -> None:
    good = rule({"record": "a", "expr": "up"})
    assert _post(running, files, RULES, admission_review(good, "prometheusrules"))["allowed"]
    assert _post(running, files, MUTATE, admission_review(good, "prometheusrules"))["patchType"] == "JSONPatch"
    config = alertmanager_config("v1beta1", receivers=[{"name": "a"}], route={"receiver": "a"})
    review = admission_review(config, "alertmanagerconfigs", "v1beta1")
    assert _post(running, files, ALERTMANAGER_CONFIGS, review)["allowed"]
    assert _post(running, files, CONVERT, conversion_review("v1alpha1", config))["convertedObjects"]


def test_a_new_certificate_is_served_and_a_broken_one_changes_nothing(
    tmp_path: Path, running: Webhook, files: Files
) -> None:
    first, second = tmp_path / "first.crt", make_pair("second")
    first.write_bytes(files.certificate.read_bytes())
    with requests.Session() as kept:
        kept.verify, kept.trust_env = str(first), False
        assert kept.get(f"{running.url}/healthz", timeout=PATIENCE).ok
        files.put(Pair(second.certificate, make_pair().key))
        _wait_for(running, "cannot be used")
        assert _healthy(running, first)
        files.put(second)
        _wait_for(running, "was read again")
        assert _healthy(running, files.certificate)
        with pytest.raises(requests.exceptions.SSLError):
            _healthy(running, first)
        assert kept.get(f"{running.url}/healthz", timeout=PATIENCE).ok, "an open connection goes on"


def _wait_for(server: Webhook, text: str) -> None:
    ends = time.monotonic() + PATIENCE
    while text not in server.output.read_text():
        assert time.monotonic() < ends, server.output.read_text()
        time.sleep(0.1)


@pytest.mark.parametrize(("newest", "taken"), [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True)])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_nothing_below_tls_1_2_is_spoken(
    running: Webhook, files: Files, newest: ssl.TLSVersion, *, taken: bool
) -> None:
    context = ssl.create_default_context(cafile=str(files.certificate))
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, newest
    with socket.create_connection(("127.0.0.1", running.port), PATIENCE) as plain:
        try:
            with context.wrap_socket(plain, server_hostname="127.0.0.1") as wrapped:
                assert wrapped.version() == "TLSv1.2"
                spoken = True
        except ssl.SSLError:
            spoken = False
    assert spoken is taken


def test_bad_requests_are_answered_and_the_server_goes_on(running: Webhook, files: Files) -> None:
    large = b'{"apiVersion": "' + b"x" * (50 << 20)
    unknown = {**admission_review(rule(), "prometheusrules"), "apiVersion": "admission.k8s.io/v9"}
    for body, status in ((b"no JSON", 400), (json.dumps(unknown).encode(), 400), (large, 413), (_pieces(large), 413)):
        answer = requests.post(
            running.url + RULES,
            data=body,
            headers={"Content-Type": "application/json"},
            verify=str(files.certificate),
            timeout=PATIENCE,
        )
        assert answer.status_code == status, answer.text
    with socket.create_connection(("127.0.0.1", running.port), PATIENCE) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert plain.recv(100) == b""
    assert _healthy(running, files.certificate)
    assert "Traceback" not in running.output.read_text()


def _pieces(body: bytes) -> Iterator[bytes]:
    """A body without a length given before it."""
    for start in range(0, len(body), 1 << 20):
        yield body[start : start + (1 << 20)]


def test_a_stop_waits_for_the_request_under_way(running: Webhook, files: Files) -> None:
    context = ssl.create_default_context(cafile=str(files.certificate))
    body = json.dumps(conversion_review("v1beta1", alertmanager_config("v1alpha1"))).encode()
    head = (
        f"POST {CONVERT} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with (
        socket.create_connection(("127.0.0.1", running.port), PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as wrapped,
    ):
        wrapped.sendall(head.encode() + body[:20])
        time.sleep(0.5)
        running.process.terminate()
        _wait_for(running, "Shutting down")
        wrapped.sendall(body[20:])
        answer = b""
        while piece := wrapped.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200")
    assert b'"Success"' in answer
    assert running.process.wait(PATIENCE) == 0


def test_without_requests_it_stops_at_once_with_status_zero(running: Webhook) -> None:
    began = time.monotonic()
    assert running.stop() == 0
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--listen", "nowhere"], "no address"),
        (["--listen", "127.0.0.1:99999"], "cannot be used"),
        (["--tls-cert", "/nowhere/tls.crt"], "does not exist"),
        (["--tls-key", "README.md"], "no certificate and key"),
    ],
)
def test_what_cannot_be_served_is_said_at_start(files: Files, flags: list[str], says: str) -> None:
    command = [sys.executable, "-m", "render", "webhook", "--listen", "127.0.0.1:0"]
    command += ["--tls-cert", str(files.certificate), "--tls-key", str(files.key), *flags]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
