"""The ASGI application by itself: what it refuses before a review is read, and how long it waits."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from render.admission.application import Application, Limits
from render.admission.metrics import Metrics
from render.admission.review import Settings
from tests.unit.admission.reviews import CONVERT, RULES, admission_review, alertmanager_config, conversion_review

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON = [(b"content-type", b"application/json; charset=utf-8")]
SECRET = "s3cr3t-value-in-a-body"  # noqa: S105 - looked for in answers


def _call(
    path: str,
    messages: Iterator[dict[str, Any]],
    *,
    method: str = "POST",
    headers: list[tuple[bytes, bytes]] | None = None,
    limits: Limits | None = None,
    metrics: Metrics | None = None,
) -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        for message in messages:
            return message
        await asyncio.sleep(60)
        return {}

    async def send(message: Any) -> None:  # noqa: ANN401 - as ASGI has it
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": JSON if headers is None else headers}
    asyncio.run(Application(Settings(), metrics or Metrics(), limits)(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


def _body(*parts: bytes) -> Iterator[dict[str, Any]]:
    last = len(parts) - 1
    return iter([{"type": "http.request", "body": part, "more_body": n < last} for n, part in enumerate(parts)])


def _review(review: dict[str, Any]) -> bytes:
    return json.dumps(review).encode()


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        (RULES, b"", b"no JSON"),
        (RULES, b"\xff", b"no JSON"),
        (RULES, b'{"apiVersion": ' + SECRET.encode(), b"no JSON"),
        (RULES, b"[" * 100_000, b"no JSON"),
        (RULES, b"[]", b"no AdmissionReview"),
        (RULES, _review({**admission_review({}, "x"), "apiVersion": "admission.k8s.io/v1beta1"}), b"v1beta1"),
        (RULES, _review({**admission_review({}, "x"), "apiVersion": "admission.k8s.io/v7"}), b"v7"),
        (RULES, _review(conversion_review("v1beta1")), b"ConversionReview"),
        (RULES, _review({**admission_review({}, "x"), "request": {"uid": 1}}), b"uid"),
        (RULES, _review({**admission_review({}, "x"), "request": {"uid": "1"}}), b"resource"),
        (CONVERT, _review(admission_review({}, "x")), b"AdmissionReview"),
        (CONVERT, _review({**conversion_review("v1"), "request": {"uid": "1", "objects": []}}), b"desiredAPIVersion"),
    ],
)
def test_what_is_no_review_is_a_bad_request_that_says_why(path: str, body: bytes, says: bytes) -> None:
    status, text = _call(path, _body(body))
    assert status == 400
    assert says in text
    assert SECRET.encode() not in text


def test_a_body_comes_in_any_pieces() -> None:
    body = _review(conversion_review("v1beta1", alertmanager_config("v1alpha1")))
    status, text = _call(CONVERT, _body(body[:10], b"", body[10:]))
    assert status == 200
    assert json.loads(text)["response"]["result"] == {"status": "Success"}


def test_a_body_over_the_limit_is_refused_by_its_length_and_by_its_content() -> None:
    limits = Limits(body=1000)
    long = [*JSON, (b"content-length", b"1001")]
    assert _call(CONVERT, iter(()), headers=long, limits=limits)[0] == 413
    assert _call(CONVERT, _body(b" " * 600, b" " * 600), limits=limits)[0] == 413
    assert _call(CONVERT, _body(b" " * 600, b" " * 400), limits=limits)[0] == 400


def test_a_body_that_does_not_come_is_waited_for_no_longer_than_the_limit() -> None:
    assert _call(CONVERT, iter(()), limits=Limits(receiving=0.05))[0] == 408
    assert _call(CONVERT, iter([{"type": "http.disconnect"}]))[0] == 400


def test_an_answer_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setattr("render.admission.PATHS", {CONVERT: lambda _review, _settings: time.sleep(0.3)})
    assert _call(CONVERT, _body(b"{}"), limits=Limits(answering=0.05))[0] == 503


def test_a_fault_of_the_program_names_no_value(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_review: Any, _settings: Settings) -> dict[str, Any]:  # noqa: ANN401 - any value of JSON
        raise KeyError(SECRET)

    monkeypatch.setattr("render.admission.PATHS", {CONVERT: broken})
    assert _call(CONVERT, _body(b"{}")) == (500, b"internal error\n")
    assert "KeyError" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("path", "method", "headers", "status"),
    [
        ("/healthz", "GET", [], 200),
        ("/metrics", "GET", [], 200),
        ("/healthz", "POST", JSON, 405),
        (CONVERT, "GET", JSON, 405),
        (CONVERT, "POST", [(b"content-type", b"text/plain")], 415),
        ("/elsewhere", "POST", JSON, 404),
    ],
)
def test_paths_and_methods(path: str, method: str, headers: list[tuple[bytes, bytes]], status: int) -> None:
    assert _call(path, _body(b"{}"), method=method, headers=headers)[0] == status


def test_requests_and_verdicts_are_counted_and_unknown_paths_share_one_name() -> None:
    metrics = Metrics()
    _call(CONVERT, _body(_review(conversion_review("v1beta1", "x"))), metrics=metrics)
    _call("/a", _body(b"{}"), metrics=metrics)
    _call("/b", _body(b"{}"), metrics=metrics)
    text = metrics.text().decode()
    assert 'promrender_webhook_verdicts_total{path="/convert",verdict="failed"} 1.0' in text
    assert 'promrender_webhook_requests_total{code="404",path="other"} 2.0' in text
