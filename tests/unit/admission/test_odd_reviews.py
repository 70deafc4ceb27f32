"""Whatever stands anywhere in a review: there is an answer, or a word about why there is none."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from render import admission
from render.admission import Settings, Unusable
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

ODD: tuple[Any, ...] = (
    None,
    0,
    -1,
    10**30,
    1.5,
    True,
    "",
    "x",
    "\x00",
    "{{",
    [],
    {},
    [None],
    [[]],
    [{}],
    {"a": None},
    {"": [1]},
)
RULE = rule(
    {"alert": "A", "expr": "up", "for": "5m", "labels": {"a": "b"}, "annotations": {"c": "{{ $value }}"}},
    annotations={"d": "e"},
)
MATCHER = {"name": "a", "value": "b", "matchType": "=~"}
CONFIG = {
    "route": {"receiver": "a", "matchers": [MATCHER], "routes": [{"receiver": "a", "matchers": [MATCHER]}]},
    "receivers": [{"name": "a", "webhookConfigs": [{"url": "http://hook.example/x"}]}],
    "inhibitRules": [{"sourceMatch": [MATCHER], "targetMatch": [MATCHER], "equal": ["a"]}],
}
OLD = alertmanager_config(
    "v1alpha1", **CONFIG, muteTimeIntervals=[{"name": "n", "timeIntervals": [{"years": ["2026"]}]}]
)
REVIEWS = {
    RULES: admission_review(RULE, "prometheusrules"),
    MUTATE: admission_review(RULE, "prometheusrules"),
    ALERTMANAGER_CONFIGS: admission_review(OLD, "alertmanagerconfigs", "v1alpha1"),
    CONVERT: conversion_review("v1beta1", OLD),
}


def _changed(review: Any) -> Iterator[Any]:  # noqa: ANN401 - any value of JSON
    """Copies of a value with something odd at one place, or without that place."""
    yield from ODD
    places = review.items() if isinstance(review, dict) else enumerate(review) if isinstance(review, list) else ()
    for place, inner in places:
        for odd in _changed(inner):
            copied = copy.copy(review)
            copied[place] = odd
            yield copied
    if isinstance(review, dict):
        yield from ({key: value for key, value in review.items() if key != left_out} for left_out in review)


@pytest.mark.parametrize("path", REVIEWS)
def test_every_odd_review_has_an_answer(path: str) -> None:
    answered = unusable = 0
    for review in _changed(REVIEWS[path]):
        try:
            answer = admission.answer(path, review, Settings())
        except Unusable:
            unusable += 1
        else:
            json.dumps(answer)
            answered += 1
    assert answered > 100
    assert unusable > 10
