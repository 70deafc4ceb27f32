"""AlertmanagerConfigs from one version to the other."""

from __future__ import annotations

from typing import Any

import pytest

from render import admission
from tests.unit.admission.reviews import CONVERT, GROUP, UID, alertmanager_config, conversion_review

INTERVALS = [{"name": "night", "timeIntervals": [{"times": [{"startTime": "22:00", "endTime": "24:00"}]}]}]


def _response(wanted: str, *objects: Any) -> dict[str, Any]:  # noqa: ANN401 - any value of JSON
    answer = admission.answer(CONVERT, conversion_review(wanted, *objects), admission.Settings())
    assert (answer["apiVersion"], answer["kind"]) == ("apiextensions.k8s.io/v1", "ConversionReview")
    response: dict[str, Any] = answer["response"]
    assert response["uid"] == UID
    return response


def _spec(wanted: str, raw: dict[str, Any]) -> dict[str, Any]:
    response = _response(wanted, raw)
    assert response["result"] == {"status": "Success"}
    (converted,) = response["convertedObjects"]
    assert converted["apiVersion"] == f"{GROUP}/{wanted}"
    assert converted["metadata"] == raw["metadata"]
    spec: dict[str, Any] = converted["spec"]
    return spec


def test_time_intervals_change_their_name_both_ways() -> None:
    old = alertmanager_config("v1alpha1", muteTimeIntervals=INTERVALS)
    new = alertmanager_config("v1beta1", timeIntervals=INTERVALS)
    assert _spec("v1beta1", old) == new["spec"]
    assert _spec("v1alpha1", new) == old["spec"]


def test_a_matcher_gets_its_type_at_every_depth() -> None:
    deep = {"receiver": "a", "matchers": [{"name": "x", "value": "y", "matchType": "!="}]}
    child = {
        "receiver": "a",
        "continue": True,
        "matchers": [{"name": "c", "value": "d.*", "regex": True}],
        "routes": [deep],
    }
    inhibition = {"sourceMatch": [{"name": "s", "value": "t", "regex": False}], "equal": ["e"]}
    old = alertmanager_config("v1alpha1", route={"receiver": "a", "routes": [child]}, inhibitRules=[inhibition])
    matcher = {"name": "c", "value": "d.*", "matchType": "=~"}
    assert _spec("v1beta1", old) == {
        "route": {"receiver": "a", "routes": [{**child, "matchers": [matcher]}]},
        "inhibitRules": [{"sourceMatch": [{"name": "s", "value": "t", "matchType": "="}], "equal": ["e"]}],
    }


def test_what_the_other_version_lacks_is_left_out_and_nothing_else() -> None:
    receiver = {
        "name": "a",
        "opsgenieConfigs": [
            {"apiKey": {"name": "s", "key": "k", "optional": True}, "updateAlerts": True, "sendResolved": False}
        ],
        "webhookConfigs": [],
    }
    converted = _spec("v1beta1", alertmanager_config("v1alpha1", receivers=[receiver]))
    assert converted == {
        "receivers": [{"name": "a", "opsgenieConfigs": [{"apiKey": {"name": "s", "key": "k"}, "sendResolved": False}]}]
    }


def test_an_object_in_the_wanted_version_stays_as_it_is() -> None:
    raw = alertmanager_config("v1beta1", receivers=[], unknown=1)
    assert _response("v1beta1", raw)["convertedObjects"] == [raw]


def test_objects_keep_their_order() -> None:
    raws = [{**alertmanager_config("v1alpha1"), "metadata": {"name": str(number)}} for number in range(5)]
    names = [raw["metadata"]["name"] for raw in _response("v1beta1", *raws)["convertedObjects"]]
    assert names == ["0", "1", "2", "3", "4"]


def _nested(depth: int) -> dict[str, Any]:
    route: dict[str, Any] = {"receiver": "a"}
    for _ in range(depth):
        route = {"receiver": "a", "routes": [route]}
    return route


@pytest.mark.parametrize(
    ("wanted", "raw", "why"),
    [
        ("v1alpha1", {**alertmanager_config("v1beta1"), "kind": "Prometheus"}, "no counterpart"),
        ("v1alpha1", alertmanager_config("v2"), "no counterpart"),
        ("v1", alertmanager_config("v1beta1"), "no counterpart"),
        ("v1alpha1", alertmanager_config("v1beta1", route={"routes": ["x"]}), "spec.route.routes[0] is no mapping"),
        ("v1alpha1", alertmanager_config("v1beta1", route={"matchers": {}}), "spec.route.matchers is no list"),
        ("v1beta1", alertmanager_config("v1alpha1", route=_nested(5_000)), "too deeply"),
        ("v1beta1", {**alertmanager_config("v1alpha1"), "spec": None}, "spec is no mapping"),
        ("v1beta1", "x", "no mapping"),
    ],
)
def test_an_object_without_counterpart_fails_the_review_with_its_reason(wanted: str, raw: Any, why: str) -> None:  # noqa: ANN401 - any value of JSON
    response = _response(wanted, alertmanager_config("v1alpha1"), raw)
    assert response["convertedObjects"] == []
    assert response["result"]["status"] == "Failure"
    assert why in response["result"]["message"]
