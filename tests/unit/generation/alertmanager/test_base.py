"""The user's own file: what is read, what is refused, what an old server loses."""

from __future__ import annotations

import pytest

from render.findings import Rejection
from tests.unit.generation.alertmanager.rendering import render

ROUTE = "route: {receiver: a}\n"


def _receiver(integration: str) -> str:
    return f"{ROUTE}receivers: [{{name: a, {integration}}}]"


def test_scalars_are_taken_as_they_stand() -> None:
    written = render(base=_receiver("opsgenie_configs: [{api_key: 0123, message: yes, details: {n: 1.50}}]")).text
    lines = [line.strip(" -") for line in written.splitlines()]
    assert lines[4:9] == ["opsgenie_configs:", 'api_key: "0123"', 'message: "yes"', "details:", '"n": "1.50"']


def test_keys_get_the_operators_order_and_empty_values_go() -> None:
    text = (
        "receivers: [{name: a}]\nroute: {group_wait: 30s, receiver: a, group_by: []}\nglobal: {resolve_timeout: 90s}\n"
    )
    assert render(base=text).text == (
        "global:\n  resolve_timeout: 1m30s\nroute:\n  receiver: a\n  group_wait: 30s\nreceivers:\n- name: a\n"
        "templates: []\n"
    )


@pytest.mark.parametrize(
    ("base", "why"),
    [
        ("route: [", "line 2, column 1 cannot be read"),
        ("just text", "is no mapping"),
        (f"{ROUTE}receivers: [{{name: a}}]\nbogus: 1", "the key bogus is unknown"),
        (f"{ROUTE}receivers: [{{name: a}}]\nroute: {{}}", "line"),
        ("receivers: [{name: a}]", "route a route is needed"),
        (f"{ROUTE}receivers: [{{name: b}}]", "there is no receiver 'a'"),
        (f"{ROUTE}receivers: [{{name: a}}, {{name: a}}]", "the name 'a' stands twice"),
        ("route: {receiver: a, matchers: [x=y]}\nreceivers: [{name: a}]", "route.matchers is not for the root route"),
        (
            "route: {receiver: a, routes: [{matchers: ['x=~(']}]}\nreceivers: [{name: a}]",
            r"matchers\[0\] cannot be read",
        ),
        ("route: {receiver: a, routes: [{receiver: b}]}\nreceivers: [{name: a}]", r"routes\[0\].receiver there is no"),
        ("route: {receiver: a, group_interval: 0s}\nreceivers: [{name: a}]", "group_interval must not be zero"),
        ("route: {receiver: a, group_by: [x, x]}\nreceivers: [{name: a}]", "a label stands twice"),
        (_receiver("slack_configs: [{channel: x}]"), r"slack_configs\[0\] api_url is needed here"),
        (_receiver("webhook_configs: [{url: ftp://x}]"), r"webhook_configs\[0\].url is no http"),
        (_receiver("webhook_configs: [{url: 'http://x', http_config: {oauth2: {}}}]"), "client_id is needed"),
        (_receiver("webhook_configs: [null]"), "an entry is empty"),
        (_receiver("webhook_configs: {}"), "is no list"),
        (_receiver("pagerduty_configs: [{routing_key: k, timeout: 1d}]"), "timeout is no duration of Go"),
        (_receiver("email_configs: [{to: x, smarthost: mail}]"), "smarthost is no host and port"),
    ],
)
def test_what_is_refused_is_told_with_its_place(base: str, why: str) -> None:
    with pytest.raises(Rejection, match=why) as caught:
        render(base=base)
    assert caught.value.field == "spec.configSecret"


def test_messages_hold_no_value_of_the_file() -> None:
    base = _receiver("slack_configs: [{api_url: 'tcp://user:swordfish@x', channel: [hunter2]}]")
    with pytest.raises(Rejection) as caught:
        render(base=base)
    assert "swordfish" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("integration", "version", "kept"),
    [
        ("slack_configs: [{api_url: 'https://x', timeout: 5s}]", "v0.30.0", "timeout: 5s"),
        ("slack_configs: [{api_url: 'https://x', timeout: 5s}]", "v0.29.0", None),
        ("webhook_configs: [{url: 'https://x', http_config: {enable_http2: false}}]", "v0.25.0", "enable_http2: false"),
        ("webhook_configs: [{url: 'https://x', http_config: {enable_http2: false}}]", "v0.24.0", None),
        ("telegram_configs: [{chat_id: 1, bot_token: t, message_thread_id: 7}]", "v0.25.0", None),
        ("pushover_configs: [{user_key: u, token: t, monospace: true}]", "v0.28.0", None),
        ("sns_configs: [{topic_arn: t, sigv4: {role_arn: r, external_id: e}}]", "v0.32.0", None),
    ],
)
def test_an_old_server_loses_what_it_does_not_know(integration: str, version: str, kept: str | None) -> None:
    rendered = render(base=_receiver(integration), version=version)
    if kept is not None:
        assert kept in rendered.text
        assert rendered.warnings == []
    else:
        assert "Alertmanager 0." in rendered.warnings[0]


@pytest.mark.parametrize(
    ("integration", "version"),
    [
        ("discord_configs: [{webhook_url: 'https://x'}]", "v0.24.0"),
        ("msteamsv2_configs: [{webhook_url: 'https://x'}]", "v0.27.0"),
        ("jira_configs: [{api_url: 'https://x', project: p, issue_type: t}]", "v0.27.0"),
        ("mattermost_configs: [{webhook_url: 'https://x', text: t}]", "v0.29.0"),
        ("webhook_configs: [{url: 'https://x', http_config: {authorization: {credentials: c}}}]", "v0.21.0"),
        ("pagerduty_configs: [{routing_key: k, details: {n: [1]}}]", "v0.29.0"),
    ],
)
def test_what_cannot_be_left_out_is_refused(integration: str, version: str) -> None:
    assert render(base=_receiver(integration)).errors == []
    with pytest.raises(Rejection, match="needs Alertmanager"):
        render(base=_receiver(integration), version=version)


def test_time_intervals() -> None:
    period = (
        "{times: [{start_time: '08:00', end_time: '24:00'}], weekdays: ['Monday:Friday'], days_of_month: ['-3:-1'], "
        "months: [may, '2:3'], years: [2024], location: Europe/Berlin}"
    )
    base = f"{ROUTE}receivers: [{{name: a}}]\ntime_intervals: [{{name: t, time_intervals: [{period}]}}]"
    assert render(base=base).text.partition("  time_intervals:\n")[2] == (
        '  - times:\n    - start_time: "08:00"\n      end_time: "24:00"\n    weekdays: [\'monday:friday\']\n'
        '    days_of_month: [\'-3:-1\']\n    months: ["5", "2:3"]\n    years: ["2024"]\n'
        "    location: Europe/Berlin\ntemplates: []\n"
    )


@pytest.mark.parametrize(
    "period",
    [
        "weekdays: ['friday:monday']",
        "weekdays: [someday]",
        "days_of_month: ['0:3']",
        "days_of_month: ['-1:3']",
        "days_of_month: ['20:-20']",
        "months: ['5:3']",
        "years: [x]",
        "times: [{start_time: '17:00', end_time: '08:00'}]",
        "times: [{start_time: '8:00', end_time: '09:00'}]",
        "times: [{start_time: '08:00'}]",
        "location: Nowhere/Land",
    ],
)
def test_bad_time_intervals(period: str) -> None:
    base = f"{ROUTE}receivers: [{{name: a}}]\ntime_intervals: [{{name: t, time_intervals: [{{{period}}}]}}]"
    with pytest.raises(Rejection, match=r"time_intervals\[0\].time_intervals\[0\]"):
        render(base=base)
