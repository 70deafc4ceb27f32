"""Which image a container runs."""

from __future__ import annotations

import pytest

from render.findings import Rejection
from render.generation.images import image

BASE = "quay.io/prometheus/prometheus"


@pytest.mark.parametrize(
    ("given", "base", "tag", "sha", "expected"),
    [
        (None, BASE, None, None, f"{BASE}:v3.1.0"),
        ("  ", BASE, None, None, f"{BASE}:v3.1.0"),
        ("mine:1", BASE, "t", "abc", "mine:1"),
        (None, BASE, "t", None, f"{BASE}:t"),
        (None, BASE, "t", "abc", f"{BASE}@sha256:abc"),
        (None, "own:5000/prom", None, None, "own:5000/prom:v3.1.0"),
        (None, "own:5000/prom:pinned", "t", None, "own:5000/prom:pinned"),
        (None, "own/prom@sha256:" + "a" * 64, "t", None, "own/prom@sha256:" + "a" * 64),
        (None, "own/prom", "t", None, "docker.io/own/prom:t"),
        (None, "prom", "t", None, "docker.io/library/prom:t"),
        (None, "localhost/prom", "t", None, "localhost/prom:t"),
        (None, "own/prom", None, None, "own/prom:v3.1.0"),
    ],
)
def test_what_wins(given: str | None, base: str, tag: str | None, sha: str | None, expected: str) -> None:
    assert image(given, base, "v3.1.0", tag=tag, sha=sha) == expected


@pytest.mark.parametrize(("base", "tag", "field"), [("Own/Prom", None, "spec.baseImage"), ("own", "a b", "spec.tag")])
def test_what_is_no_image_is_refused(base: str, tag: str | None, field: str) -> None:
    with pytest.raises(Rejection) as refused:
        image(None, base, "v3.1.0", tag=tag)
    assert refused.value.field == field
