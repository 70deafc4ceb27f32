"""Routes, matchers, inhibition rules and time intervals of AlertmanagerConfig."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.generation.alertmanager.rendering import Rendered, config, render

RECEIVERS = [{"name": "r"}]
BLANK = {"name": " ", "matchType": "="}
NIGHT = {"name": "night", "timeIntervals": [{"times": [{"startTime": "00:00", "endTime": "06:00"}]}]}


def _routed(version: str = "v0.33.1", intervals: list[Any] | None = None, **route: Any) -> Rendered:  # noqa: ANN401 - as in a manifest
    spec: dict[str, Any] = {
        "receivers": RECEIVERS,
        "route": {"receiver": "r", **route},
        "muteTimeIntervals": intervals or [NIGHT],
    }
    return render(config(**spec), version=version)


def test_routes_below_routes() -> None:
    children = [{"matchers": [{"name": "a", "value": 'q"\\', "matchType": "!="}], "groupBy": ["..."], "continue": True}]
    (written,) = _routed(routes=children, repeatInterval="0s", groupWait="0").configuration["route"]["routes"]
    assert written == {
        "receiver": "team-a/web/r",
        "matchers": ['namespace="team-a"'],
        "continue": True,
        "routes": [{"group_by": ["..."], "matchers": ['a!="q\\"\\\\"'], "continue": True}],
        "group_wait": "0",
    }


def test_an_old_server_gets_matches() -> None:
    matchers = [{"name": "a", "value": "b"}, {"name": "c", "value": "d.*", "regex": True}]
    (written,) = _routed("v0.21.0", matchers=matchers).configuration["route"]["routes"]
    assert written["match"] == {"a": "b", "namespace": "team-a"}
    assert written["match_re"] == {"c": "d.*"}


def test_intervals_of_routes_depend_on_the_version() -> None:
    names: dict[str, Any] = {"muteTimeIntervals": ["night"], "activeTimeIntervals": ["night"]}
    (new,) = _routed(**names).configuration["route"]["routes"]
    assert new["mute_time_intervals"] == new["active_time_intervals"] == ["team-a/web/night"]
    rendered = _routed("v0.23.0", **names)
    (old,) = rendered.configuration["route"]["routes"]
    assert "active_time_intervals" not in old
    assert "active_time_intervals" in rendered.warnings[0]


@pytest.mark.parametrize(
    ("route", "place"),
    [
        ({"receiver": "x"}, "spec.route.receiver"),
        ({"receiver": ""}, "spec.route.receiver"),
        ({"groupBy": ["a", "..."]}, "spec.route.groupBy"),
        ({"muteTimeIntervals": ["day"]}, "spec.route.muteTimeIntervals"),
        ({"routes": [{"receiver": "x"}]}, "spec.route.routes[0].receiver"),
        ({"routes": [{"severity": "x"}]}, "spec.route.routes[0]"),
        ({"routes": ["x"]}, "spec.route.routes[0]"),
        ({"routes": [{"groupWait": "soon"}]}, "spec.route.routes[0].groupWait"),
        ({"routes": [{"routes": [{"matchers": [BLANK]}]}]}, "spec.route.routes[0].routes[0].matchers[0].name"),
        ({"routes": [{"matchers": [{"name": "a", "matchType": "=="}]}]}, "spec.route.routes[0]"),
    ],
)  # fmt: skip
def test_bad_routes(route: dict[str, Any], place: str) -> None:
    (error,) = _routed(**route).errors
    assert error.startswith((f"AlertmanagerConfig {place}: ", f"AlertmanagerConfig {place} "))


@pytest.mark.parametrize(
    "period",
    [
        {"times": [{}]},
        {"times": [{"startTime": "10:00", "endTime": "10:00"}]},
        {"daysOfMonth": [{"end": 3}]},
        {"daysOfMonth": [{"start": 20, "end": -20}]},
        {"weekdays": ["friday:monday"]},
        {"months": ["december:january"]},
        {"years": ["2026:2024"]},
    ],
)
def test_bad_periods(period: dict[str, Any]) -> None:
    (error,) = _routed(intervals=[{"name": "t", "timeIntervals": [period]}]).errors
    assert error.startswith("AlertmanagerConfig spec.muteTimeIntervals[0].timeIntervals[0].")


def test_inhibition_rules_see_their_namespace_once() -> None:
    own = {"name": "namespace", "value": "team-a", "matchType": "="}
    other = {"name": "namespace", "value": "team-b"}
    rule = {"sourceMatch": [own], "targetMatch": [other]}
    (new,) = render(config(inhibitRules=[rule])).configuration["inhibit_rules"]
    assert new["source_matchers"] == ['namespace="team-a"']
    assert new["target_matchers"] == ['namespace="team-b"', 'namespace="team-a"']
    (old,) = render(config(inhibitRules=[{"targetMatch": [other]}]), version="v0.21.0").configuration["inhibit_rules"]
    assert old == {"target_match": {"namespace": "team-a"}, "source_match": {"namespace": "team-a"}}


def test_an_old_server_knows_no_types_of_matchers() -> None:
    rule = {"sourceMatch": [{"name": "a", "value": "b", "matchType": "="}]}
    (error,) = render(config(inhibitRules=[rule]), version="v0.21.0").errors
    assert error.startswith("AlertmanagerConfig spec.inhibitRules[0].sourceMatch[0].matchType: needs Alertmanager")
