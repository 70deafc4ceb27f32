"""Label selectors: every operator, and what is refused."""

from __future__ import annotations

import pytest

from render.api.selectors import LabelSelector, LabelSelectorRequirement
from render.findings import Rejection
from render.selection.labels import compile_selector, parse_selector

LABELS = {"app": "web", "tier": "front"}


def _selector(key: str, operator: str, *values: str) -> LabelSelector:
    return LabelSelector(
        matchExpressions=[LabelSelectorRequirement(key=key, operator=operator, values=list(values) or None)]
    )


def test_no_selector_matches_nothing_and_an_empty_one_everything() -> None:
    assert not compile_selector(None)(LABELS)
    assert compile_selector(LabelSelector())(LABELS)
    assert compile_selector(LabelSelector())({})


@pytest.mark.parametrize(
    ("key", "operator", "values", "matches"),
    [
        ("app", "In", ("web", "api"), True),
        ("app", "In", ("api",), False),
        ("gone", "In", ("web",), False),
        ("app", "NotIn", ("web",), False),
        ("app", "NotIn", ("api",), True),
        ("gone", "NotIn", ("web",), True),
        ("app", "Exists", (), True),
        ("gone", "Exists", (), False),
        ("app", "DoesNotExist", (), False),
        ("gone", "DoesNotExist", (), True),
    ],
)
def test_every_operator(key: str, operator: str, values: tuple[str, ...], matches: bool) -> None:  # noqa: FBT001 - a column of the table
    assert compile_selector(_selector(key, operator, *values))(LABELS) is matches


@pytest.mark.parametrize(
    ("operator", "values"), [("In", ()), ("NotIn", ()), ("Exists", ("x",)), ("DoesNotExist", ("x",)), ("Near", ("x",))]
)
def test_operators_with_the_wrong_values_are_refused(operator: str, values: tuple[str, ...]) -> None:
    with pytest.raises(Rejection) as refused:
        compile_selector(_selector("app", operator, *values))
    assert refused.value.field == "matchExpressions[0]"


def test_all_parts_must_hold() -> None:
    selector = LabelSelector(
        matchLabels={"app": "web"},
        matchExpressions=[LabelSelectorRequirement(key="tier", operator="In", values=["back"])],
    )
    assert not compile_selector(selector)(LABELS)


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("", True),
        ("app=web", True),
        ("app==web,tier!=back", True),
        ("app in (api, web),!gone", True),
        ("app notin (web)", False),
        ("gone notin (web)", True),
        ("tier", True),
        ("gone", False),
        ("app!=web", False),
    ],
)
def test_text_form(text: str, matches: bool) -> None:  # noqa: FBT001 - a column of the table
    assert parse_selector(text)(LABELS) is matches


def test_unreadable_text_is_refused() -> None:
    with pytest.raises(ValueError, match="character 9"):
        parse_selector("app=web,(")
