"""Paths as Go cleans and writes them."""

from __future__ import annotations

import pytest

from render.golang.paths import clean, folder, url


@pytest.mark.parametrize(
    ("path", "expected"),
    [("//-/ready", "/-/ready"), ("/a/../b/", "/b"), ("", "."), ("a/./b", "a/b"), ("/..", "/"), ("///", "/")],
)
def test_clean(path: str, expected: str) -> None:
    assert clean(path) == expected


@pytest.mark.parametrize(("path", "expected"), [("a.log", "."), ("/a.log", "/"), ("x/a.log", "x"), ("./a", ".")])
def test_folder(path: str, expected: str) -> None:
    assert folder(path) == expected


def test_a_url_escapes_what_a_path_cannot_hold() -> None:
    assert url("http", "localhost:9090", "/a b?/é") == "http://localhost:9090/a%20b%3F/%C3%A9"
    assert url("https", "localhost", "sub/-/reload") == "https://localhost/sub/-/reload"
