"""What is read and what is refused, judged by Kubernetes' own reader."""

from __future__ import annotations

import base64
import json
import shutil
from typing import Any

import pytest

from render.sources import kyaml
from tests.unit.sources.kyaml_verdicts import verdicts

ANSWERS: list[tuple[bytes, Any]] = [
    (base64.b64decode(text), verdict) for text, verdict in json.loads(verdicts.FILE.read_text())
]
# The scanner of libyaml and its port to Go differ here: Go reads the key "a:", libyaml misses a value.
DIFFERENT = {b"a: {a:}\n", b"- {a:}\n"}


def read(text: bytes) -> Any:  # noqa: ANN401 - plain values
    """The first document, as Kubernetes' reader gives it."""
    first = next(iter(kyaml.read_all(text)), kyaml.YamlDocument(None, 1, has_null=True))
    return verdicts.REFUSED if isinstance(first, kyaml.KyamlError) else {"value": first.value}


def same(ours: Any, theirs: Any) -> bool:  # noqa: ANN401 - plain values
    """Equal, types too; large numbers as the floats that JSON makes of them."""
    if type(ours) is not type(theirs) and not {type(ours), type(theirs)} <= {int, float}:
        return False
    if isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, float):
        return ours == float(theirs)
    return bool(ours == theirs)


def test_reads_what_kubernetes_reads() -> None:
    assert len(ANSWERS) > 500
    different = [
        (text, theirs, read(text)) for text, theirs in ANSWERS if text not in DIFFERENT and not same(read(text), theirs)
    ]
    assert different == []


def test_go_still_says_so() -> None:
    if shutil.which("go") is None:
        pytest.skip("go is not on PATH: it judges what kyaml reads")
    assert [text for text, _ in ANSWERS] == verdicts.texts()
    assert verdicts.ask_go(verdicts.texts()) == [verdict for _, verdict in ANSWERS]
