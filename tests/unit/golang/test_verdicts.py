"""What the Go verdicts say about each row, against the answers of Go's standard library."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from render.golang import durations, literals, re2, templates, urls, x509
from tests.unit.golang.verdict_rows import ANSWERS, ROWS, ask_go, certificates

if TYPE_CHECKING:
    from collections.abc import Callable

EXPECTED: dict[str, dict[str, Any]] = json.loads(ANSWERS.read_text())


def _url(text: str) -> list[Any]:
    url = urls.parse_url(text)
    return [url.scheme, bool(url.host)]


VERDICTS: dict[str, Callable[[str], Any]] = {
    "regex": re2.matches_empty,
    "url": _url,
    "http_url": urls.check_http_url,
    "go_duration": durations.parse_go_duration,
    "template": templates.check_alert_template,
    "quote": literals.quote,
    "ca": lambda name: x509.check_ca(certificates()[0][name]),
    "pair": lambda name: x509.check_key_pair(*certificates()[1][name]),
}


def _ask(kind: str, row: str) -> Any:  # noqa: ANN401 - each kind has its own type
    """Our answer in the form of Go's: None when the row is refused, True when there is nothing more to say."""
    try:
        verdict = VERDICTS[kind](row)
    except ValueError:
        return None
    return True if verdict is None else verdict


@pytest.mark.parametrize(("kind", "row"), [(kind, row) for kind, rows in ROWS.items() for row in rows])
def test_verdict(kind: str, row: str) -> None:
    assert _ask(kind, row) == EXPECTED[kind][row]


def test_answers_are_those_of_go() -> None:
    if shutil.which("go") is None:
        pytest.skip("go is not on PATH")
    assert ask_go() == EXPECTED, "run `python -m tests.unit.golang.verdict_rows`"


def test_messages_hold_nothing_of_a_credential() -> None:
    with pytest.raises(urls.UrlError) as caught:
        urls.check_secret_http_url("tcp://user:hunter2@example.com")
    assert "hunter2" not in str(caught.value)
    _, pairs = certificates()
    with pytest.raises(x509.X509Error) as caught_pair:
        x509.check_key_pair(*pairs["broken key"])
    assert not any(line in str(caught_pair.value) for line in pairs["broken key"][1].splitlines())
