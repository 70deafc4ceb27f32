"""Matchers of Alertmanager in both grammars."""

from __future__ import annotations

import pytest

from render.golang.matchers import Matcher, MatcherError, parse_matchers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a=b", [("a", "=", "b")]),
        (' a =~ "x,y" ', [("a", "=~", "x,y")]),
        ('{a="b",c!~"d"}', [("a", "=", "b"), ("c", "!~", "d")]),
        ("a=b,", [("a", "=", "b")]),
        ('{a="b"', [("a", "=", "b")]),
        ("{}", []),
        ("", []),
        ('team/a!="b"', [("team/a", "!=", "b")]),
        ('"ä b"="c\\td"', [("ä b", "=", "c\td")]),
        ("a=", [("a", "=", "")]),
        ("a==", [("a", "=", "=")]),
        ('{a="b\\\\"', [("a", "=", "b\\")]),
        ("a=b c", [("a", "=", "b c")]),
        ('a="b\\.c"', [("a", "=", "b\\.c")]),
        ('a="x\\"y\\n"', [("a", "=", 'x"y\n')]),
        ("a=b,c=d e", [("a", "=", "b"), ("c", "=", "d e")]),
    ],
)
def test_read(text: str, found: list[tuple[str, str, str]]) -> None:
    assert parse_matchers(text) == tuple(Matcher(*parts) for parts in found)


REFUSED = ["a", "=b", 'a="b', "a=~(", "a!~'('", 'ä="b" c', 'a="b"c"', "a-b=c d", '==~"b"', 'a="b\\"', '"']


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    with pytest.raises(MatcherError):
        parse_matchers(text)
