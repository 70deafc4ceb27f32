"""Label and field selectors: the verdicts of k8s.io/apimachinery 0.35, asked with a small Go program."""

from __future__ import annotations

import pytest

from render.golang.selector_text import SelectorError, check_field_selector, check_label_selector


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t ",
        "a",
        "!a",
        "! a",
        "a=b,c==d,e!=f",
        "a=,b",
        "a in (b,c), d notin (e)",
        "a in (,)",
        "a in ()",
        "a in (b,,c)",
        "in in (in)",
        "example.com/a=b",
        "a>5,b<7",
        "a=" + "x" * 63,
    ],
)
def test_label_selectors_that_kubernetes_takes(text: str) -> None:
    check_label_selector(text)


@pytest.mark.parametrize(
    "text",
    [
        ",",
        "a,",
        "a b",
        "!a=b",
        "a in b",
        "a in (b c)",
        "a in (b",
        "a=b=c",
        "a>b",
        "a>-5",
        "a>",
        "a=b/c",
        "a/b/c",
        "/a",
        "A/b=c",
        "Ü",
        "-a",
        "a=" + "x" * 64,
    ],
)
def test_label_selectors_that_kubernetes_refuses(text: str) -> None:
    with pytest.raises(SelectorError):
        check_label_selector(text)


@pytest.mark.parametrize("text", ["", ",", "a=b", "a==b,c!=d", "=b", "Ü=", r"a=b\,c", r"a=b\=c\\", "a=b,,c=d"])
def test_field_selectors_that_kubernetes_takes(text: str) -> None:
    check_field_selector(text)


@pytest.mark.parametrize("text", ["a", "a=b,c", "a=b=c", "a===b", r"a=b\c", "a=b\\", r"a\,b"])
def test_field_selectors_that_kubernetes_refuses(text: str) -> None:
    with pytest.raises(SelectorError):
        check_field_selector(text)
