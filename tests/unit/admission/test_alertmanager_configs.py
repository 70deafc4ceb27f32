"""AlertmanagerConfigs at the door: the verdict of `render`, for both versions."""

from __future__ import annotations

from typing import Any

import pytest

from render import admission
from tests.unit.admission.reviews import ALERTMANAGER_CONFIGS, admission_review, alertmanager_config

INTERVALS = {"v1alpha1": "muteTimeIntervals", "v1beta1": "timeIntervals"}
VERSIONS = tuple(INTERVALS)


def _causes(version: str, spec: dict[str, Any], *, resource: str = "alertmanagerconfigs", sent: str = "") -> list[str]:
    review = admission_review(alertmanager_config(version, **spec), resource, sent or version)
    response = admission.answer(ALERTMANAGER_CONFIGS, review, admission.Settings())["response"]
    if response["allowed"]:
        return []
    return [cause["field"] for cause in response["status"]["details"]["causes"]]


def _good(version: str) -> dict[str, Any]:
    return {
        "route": {"receiver": "a", "groupBy": ["job"], "routes": [{"receiver": "b", "muteTimeIntervals": ["night"]}]},
        "receivers": [{"name": "a"}, {"name": "b", "webhookConfigs": [{"url": "http://hook.example/x"}]}],
        INTERVALS[version]: [{"name": "night", "timeIntervals": [{"weekdays": ["Saturday", "sunday"]}]}],
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_a_good_object_passes(version: str) -> None:
    assert _causes(version, _good(version)) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"receivers": [{"name": "a"}, {"name": "a"}]}, "spec.receivers[1]"),
        ({"route": {"receiver": "nobody"}}, "spec.route.receiver"),
        ({"route": {"receiver": "a", "routes": ["b"]}}, "spec.route.routes[0]"),
        ({"receivers": [{"name": "a", "webhookConfigs": [{"url": 7}]}]}, "spec.receivers[0].webhookConfigs[0].url"),
    ],
)
def test_a_bad_object_is_refused_at_its_field(version: str, change: dict[str, Any], field: str) -> None:
    (found,) = _causes(version, {**_good(version), **change})
    assert found.startswith(field)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_bad_interval_is_named_as_the_version_names_it(version: str) -> None:
    reversed_times = [{"name": "night", "timeIntervals": [{"times": [{"startTime": "12:00", "endTime": "08:00"}]}]}]
    (field,) = _causes(version, {**_good(version), INTERVALS[version]: reversed_times})
    assert field.startswith(f"spec.{INTERVALS[version]}[0].timeIntervals[0].times[0]")


def test_secrets_are_not_looked_up() -> None:
    missing = {"name": "a", "slackConfigs": [{"apiURL": {"name": "nowhere", "key": "k"}}]}
    assert _causes("v1alpha1", {"route": {"receiver": "a"}, "receivers": [missing]}) == []


def test_another_resource_or_version_is_refused() -> None:
    assert _causes("v1alpha1", _good("v1alpha1"), resource="alertmanagers") == [""]
    assert _causes("v1alpha1", _good("v1alpha1"), sent="v1") == [""]
