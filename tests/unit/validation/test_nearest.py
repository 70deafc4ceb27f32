"""Which selectors look like a typo."""

from __future__ import annotations

import pytest

from render.api.selectors import LabelSelector, LabelSelectorRequirement
from render.validation.nearest import alike, nearest

EXISTS = [LabelSelectorRequirement(key="team", operator="Exists")]


@pytest.mark.parametrize(
    ("wanted", "labels", "meant"),
    [
        ({"app": "storefornt"}, {"app": "storefront"}, "app=storefront"),
        ({"app": "Storefront"}, {"app": "storefront"}, "app=storefront"),
        ({"component": "web", "app": "x"}, {"compnent": "web", "app": "x"}, "compnent=web"),
        ({"app": "storefornt", "tier": "a"}, {"app": "storefront", "tier": "b"}, None),
        ({"app": "worker-1"}, {"app": "worker-2"}, None),
        ({"app": "web"}, {"app": "wen"}, None),
        ({"app": "storefront"}, {"app": "basket"}, None),
        ({"app": "storefront"}, {}, None),
        ({}, {"app": "storefront"}, None),
    ],
)
def test_one_label_that_is_much_like_another(wanted: dict[str, str], labels: dict[str, str], meant: str | None) -> None:
    near = nearest(LabelSelector(matchLabels=wanted), [labels])
    assert (f"{near.meant_label}={near.meant_value}" if near else None) == meant


def test_expressions_must_hold_as_they_are() -> None:
    selector = LabelSelector(matchLabels={"app": "storefornt"}, matchExpressions=EXISTS)
    assert nearest(selector, [{"app": "storefront"}]) is None
    assert nearest(selector, [{"app": "storefront", "team": "a"}]) is not None


def test_a_text_is_not_like_itself() -> None:
    assert not alike("storefront", "storefront")
