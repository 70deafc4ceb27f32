"""Which selectors look like a typo."""

from __future__ import annotations

import pytest

from render.api.selectors import LabelSelector, LabelSelectorRequirement
from render.validation.nearest import alike, nearest, within

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
        ({"app": "shpo"}, {"app": "shop"}, "app=shop"),
        ({"app": "shop-api"}, {"app": "shopapi"}, "app=shopapi"),
        ({"app": "grafanna"}, {"app": "grafana"}, "app=grafana"),
        ({"app.kubernetes.io/name": "a"}, {"app.kubernets.io/name": "a"}, "app.kubernets.io/name=a"),
        ({"app": "team-a"}, {"app": "team-b"}, None),
        ({"app": "shop-web"}, {"app": "shop-api"}, None),
        ({"app": "eu-west"}, {"app": "eu-east"}, None),
        ({"app": "frontend"}, {"app": "backend"}, None),
        ({"app": "reader"}, {"app": "writer"}, None),
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


def test_one_of_several_values_may_be_mistyped() -> None:
    selector = LabelSelector(
        matchExpressions=[LabelSelectorRequirement(key="app", operator="In", values=["basket", "storefornt"])]
    )
    near = nearest(selector, [{"app": "storefront"}])
    assert near is not None
    assert (near.value, near.meant) == ("storefornt", "app=storefront")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("", "", 0), ("a", "", 1), ("", "ab", 2), ("shop", "shpo", 1), ("kitten", "sitting", 3), ("ca", "abc", 3)],
)
def test_how_many_typos_lie_between(one: str, other: str, expected: int) -> None:
    for first, second in ((one, other), (other, one)):
        assert [within(first, second, typos) for typos in range(5)] == [typos >= expected for typos in range(5)]


def test_a_text_is_not_like_itself() -> None:
    assert not alike("storefront", "storefront")
