"""The base configuration and what AlertmanagerConfigs add; one bad object never takes the others down."""

from __future__ import annotations

from typing import Any

import pytest

from render.findings import Rejection
from render.options import Options
from tests.unit.generation.alertmanager.rendering import EVERYTHING, config, receiving, render, secret

SLACK = {"slackConfigs": [{"apiURL": secret("url"), "channel": "#ops"}]}
FAITHFUL = Options(reference_faults=True)


def test_default_base_and_one_receiver() -> None:
    assert render(receiving(SLACK)).text == (
        'route:\n  receiver: "null"\n  routes:\n  - receiver: team-a/web/r\n    matchers:\n    - namespace="team-a"\n'
        '    continue: true\nreceivers:\n- name: "null"\n- name: team-a/web/r\n  slack_configs:\n'
        "  - api_url: https://hooks.example.com/T/B\n    channel: '#ops'\ntemplates: []\n"
    )


def test_objects_go_in_order_before_the_routes_of_the_base() -> None:
    base = "route: {receiver: a, routes: [{receiver: a, matchers: [x=y]}]}\nreceivers: [{name: a}]"
    added = [config(name, receivers=[{"name": "r"}], route={"receiver": "r"}) for name in ("z", "b")]
    routes = render(*added, base=base).configuration["route"]["routes"]
    assert [route["receiver"] for route in routes] == ["team-a/b/r", "team-a/z/r", "a"]


@pytest.mark.parametrize(
    ("strategy", "bound"),
    [
        ("OnNamespace", [True, True]),
        ("None", [False, False]),
        ("OnNamespaceExceptForAlertmanagerNamespace", [False, True]),
    ],
)
def test_strategies_bind_routes_to_namespaces(strategy: str, bound: list[bool]) -> None:
    receiver: dict[str, Any] = {"receivers": [{"name": "r"}], "route": {"receiver": "r"}}
    added = [config(namespace=namespace, **receiver) for namespace in ("monitoring", "team-a")]
    spec = EVERYTHING | {"alertmanagerConfigMatcherStrategy": {"type": strategy}}
    routes = render(*added, **spec).configuration["route"]["routes"]
    assert ["matchers" in route for route in routes] == bound
    assert all(route["continue"] for route in routes)


def test_one_rejected_object_leaves_the_others() -> None:
    bad = receiving({"slackConfigs": [{"apiURL": secret("nothing")}]})
    good = config("good", receivers=[{"name": "r"}], route={"receiver": "r"})
    rendered = render(bad, good)
    assert [receiver["name"] for receiver in rendered.configuration["receivers"]] == ["null", "team-a/good/r"]
    (error,) = rendered.errors
    assert error.startswith("AlertmanagerConfig spec.receivers[0].slackConfigs[0]: Secret team-a/found has no key")


def test_an_object_that_would_stop_the_operator_is_left_out_and_named() -> None:
    mail = receiving({"emailConfigs": [{"to": "a@example.com", "from": "b@example.com"}]})
    rendered = render(mail, config("good", receivers=[{"name": "r"}], route={"receiver": "r"}))
    assert [receiver["name"] for receiver in rendered.configuration["receivers"]] == ["null", "team-a/good/r"]
    (error,) = rendered.errors
    assert "AlertmanagerConfig/team-a/web is left out" in error
    assert "smarthost is needed" in error


def test_a_bot_without_a_token_stops_the_operator() -> None:
    bot = receiving({"telegramConfigs": [{"chatID": 1, "botTokenFile": ""}]})
    (error,) = render(bot, options=FAITHFUL).errors
    assert "bot_token is needed" in error
    base = "global: {telegram_bot_token: t}\nroute: {receiver: a}\nreceivers: [{name: a}]"
    assert render(bot, base=base, options=FAITHFUL).errors == []


def test_global_settings_of_the_base_stand_in() -> None:
    base = "global: {smtp_smarthost: 'mail:25'}\nroute: {receiver: a}\nreceivers: [{name: a}]"
    mail = receiving({"emailConfigs": [{"to": "a@example.com", "from": "b@example.com"}]})
    assert render(mail, base=base).errors == []


def test_what_alertmanager_itself_would_refuse_is_left_out() -> None:
    webex = receiving({"webexConfigs": [{"roomID": "x"}]})
    rendered = render(webex)
    assert len(rendered.configuration["receivers"]) == 1
    assert "http_config.authorization is needed: Alertmanager would refuse" in rendered.errors[0]
    faithful = render(webex, options=FAITHFUL)
    assert (len(faithful.configuration["receivers"]), faithful.errors) == (2, [])
    assert "would refuse" in faithful.warnings[0]


@pytest.mark.parametrize(
    "route",
    [
        {"matchers": [{"name": "a", "value": "(", "matchType": "=~"}]},
        {"matchers": [{"name": "a", "value": "(", "regex": True}]},
    ],
)
def test_a_bad_regular_expression_is_found(route: dict[str, object]) -> None:
    rendered = render(config(receivers=[{"name": "r"}], route={"receiver": "r", **route}))
    assert "is no regular expression" in rendered.errors[0]
    assert "routes" not in rendered.configuration["route"]


def test_an_object_without_a_route_adds_inhibition_alone() -> None:
    rule = {"sourceMatch": [{"name": "a", "value": "b", "matchType": "="}], "equal": ["c"]}
    written = render(config(inhibitRules=[rule], receivers=[{"name": "r"}])).configuration
    assert written["inhibit_rules"] == [
        {"target_matchers": ['namespace="team-a"'], "source_matchers": ['a="b"', 'namespace="team-a"'], "equal": ["c"]},
    ]
    assert written["receivers"] == [{"name": "null"}]


def test_v1beta1_is_converted() -> None:
    interval = {"name": "night", "timeIntervals": [{"times": [{"startTime": "00:00", "endTime": "06:00"}]}]}
    spec: dict[str, Any] = {"receivers": [{"name": "r"}], "route": {"receiver": "r", "muteTimeIntervals": ["night"]}}
    old = render(config(muteTimeIntervals=[interval], **spec))
    new = render(config(version="v1beta1", timeIntervals=[interval], **spec))
    assert new.text == old.text
    assert "team-a/web/night" in new.text


def test_base_from_an_alertmanager_config() -> None:
    own = {
        "name": "base",
        "global": {
            "resolveTimeout": "90s",
            "slackApiUrl": secret("url"),
            "smtp": {"smartHost": {"host": "m", "port": "25"}},
        },
        "templates": [{"configMap": {"name": "t", "key": "a.tmpl"}}, {"secret": secret("token")}],
    }
    base = config("base", "monitoring", receivers=[{"name": "r"}], route={"receiver": "r"})
    written = render(base, receiving(SLACK), **EVERYTHING, alertmanagerConfiguration=own).configuration
    assert written["global"] == {
        "resolve_timeout": "1m30s",
        "smtp_smarthost": "m:25",
        "slack_api_url": "https://hooks.example.com/T/B",
    }
    assert written["route"]["receiver"] == "monitoring/base/r"
    assert [receiver["name"] for receiver in written["receivers"]] == ["monitoring/base/r", "team-a/web/r"]
    assert written["templates"] == ["/etc/alertmanager/templates/a.tmpl", "/etc/alertmanager/templates/token"]


@pytest.mark.parametrize(
    ("own", "why"),
    [
        ({"name": "absent"}, "does not exist"),
        ({"name": "base", "global": {"jira": {"apiURL": "https://j"}}}, "needs Alertmanager 0.28.0"),
        ({"name": "base", "global": {"slackApiUrl": secret("nothing")}}, "has no key 'nothing'"),
    ],
)
def test_a_base_that_cannot_be_used_fails_the_whole(own: dict[str, object], why: str) -> None:
    base = config("base", "monitoring", receivers=[{"name": "r"}], route={"receiver": "r"})
    with pytest.raises(Rejection, match=why):
        render(base, version="v0.27.0", **EVERYTHING, alertmanagerConfiguration=own)


@pytest.mark.parametrize("version", ["v0.14.0", "v1.0.0", "latest"])
def test_versions_that_the_operator_does_not_take(version: str) -> None:
    with pytest.raises(Rejection):
        render(version=version)


def test_missing_templates_are_warned_of() -> None:
    base = "templates: [/etc/alertmanager/config/*.tmpl]\nroute: {receiver: a}\nreceivers: [{name: a}]"
    assert "no file is mounted at /etc/alertmanager/config/*.tmpl" in render(base=base).warnings[0]
    title = {"slackConfigs": [{"apiURL": secret("url"), "title": '{{ template "mine" . }}'}]}
    assert "no file defines the template 'mine'" in render(receiving(title)).warnings[0]
    known = {"slackConfigs": [{"apiURL": secret("url"), "title": '{{ template "slack.default.title" . }}'}]}
    assert render(receiving(known)).warnings == []


def test_the_name_of_an_interval_without_periods() -> None:
    """The operator forgets it, and Alertmanager refuses the file then."""
    added = config(receivers=[{"name": "r"}], route={"receiver": "r"}, muteTimeIntervals=[{"name": "t"}])
    assert render(added).configuration["mute_time_intervals"] == [{"name": "team-a/web/t", "time_intervals": []}]
    faithful = render(added, options=FAITHFUL).configuration
    assert faithful["mute_time_intervals"] == [{"name": "", "time_intervals": []}]
