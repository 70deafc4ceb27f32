"""Integrations of AlertmanagerConfig: where values come from, what is rejected."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from render.api.alertmanager_config_v1alpha1 import Receiver
from render.generation.alertmanager.receivers import CHECKED, INTEGRATIONS
from render.options import Options
from tests.unit.generation.alertmanager.rendering import entry, receiving, render, secret

URL = secret("url")
EMPTY: dict[str, Any] = {"authorization": {}}
TAKEN = {"key": "entity_id", "value": ""}
FORGOTTEN = {("pushoverConfigs", "sound")}
"""Fields of the API that the operator forgets."""
BESIDE_ROWS = {"httpConfig", "url", "urlSecret"}


def _attributes(kind: type[Any]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(kind)}


@pytest.mark.parametrize("integration", CHECKED, ids=lambda integration: integration.attribute)
def test_every_field_of_the_api_is_mapped(integration: Any) -> None:  # noqa: ANN401 - one of the table
    (listed,) = [kind for kind in _attributes(Receiver)[integration.attribute].__args__ if kind is not type(None)]
    items = listed.__metadata__ and listed.__origin__.__args__[0]
    mapped = {row.attribute for row in integration.rows} | BESIDE_ROWS
    missing = {name for name in _attributes(items) if name not in mapped}
    assert {(integration.attribute, name) for name in missing} <= FORGOTTEN


@pytest.mark.parametrize("integration", CHECKED, ids=lambda integration: integration.attribute)
def test_every_row_has_a_key_in_the_file(integration: Any) -> None:  # noqa: ANN401 - one of the table
    assert {row.key for row in integration.rows} <= set(integration.shape.by_key)


def test_each_integration_stands_once() -> None:
    assert len({integration.key for integration in INTEGRATIONS}) == len(INTEGRATIONS)
    assert set(CHECKED) == {integration for integration in INTEGRATIONS if integration.attribute}


@pytest.mark.parametrize(
    ("attribute", "spec", "kind", "written"),
    [
        (
            "discordConfigs",
            {"apiURL": URL, "title": "", "message": "m", "sendResolved": False},
            "discord_configs",
            {"send_resolved": False, "webhook_url": "https://hooks.example.com/T/B", "message": "m"},
        ),
        (
            "emailConfigs",
            {
                "to": "a@b",
                "from": "c@d",
                "smarthost": "[::1]:25",
                "html": "",
                "headers": [{"key": "b", "value": "1"}, {"key": "a", "value": "2"}],
                "authPassword": secret("password"),
                "threading": {"threadByDate": "Daily"},
            },
            "email_configs",
            {
                "to": "a@b",
                "from": "c@d",
                "smarthost": "[::1]:25",
                "auth_password": "swordfish",
                "headers": {"a": "2", "b": "1"},
                "html": "",
                "threading": {"enabled": True, "thread_by_date": "daily"},
            },
        ),
        (
            "opsgenieConfigs",
            {
                "apiKey": secret(),
                "responders": [{"name": "x", "type": "team"}],
                "details": [{"key": "k", "value": "v"}],
            },
            "opsgenie_configs",
            {"api_key": "t0k3n", "details": {"k": "v"}, "responders": [{"name": "x", "type": "team"}]},
        ),
        (
            "pagerdutyConfigs",
            {
                "routingKey": secret(),
                "class": "c",
                "pagerDutyLinkConfigs": [{"href": "https://x", "alt": "a"}],
                "timeout": "90s",
            },
            "pagerduty_configs",
            {"routing_key": "t0k3n", "links": [{"href": "https://x", "text": "a"}], "class": "c", "timeout": "1m30s"},
        ),
        (
            "rocketchatConfigs",
            {"token": secret(), "tokenID": secret(), "fields": [{"title": "t"}], "actions": [{"msg": "m"}]},
            "rocketchat_configs",
            {
                "token_id": "t0k3n",
                "token": "t0k3n",
                "fields": [{"short": None, "title": "t"}],
                "short_fields": False,
                "link_names": False,
                "actions": [{"msg": "m"}],
            },
        ),
        (
            "snsConfigs",
            {"topicARN": "t", "sigv4": {"region": "r", "accessKey": secret(), "secretKey": secret("password")}},
            "sns_configs",
            {"sigv4": {"region": "r", "access_key": "t0k3n", "secret_key": "swordfish"}, "topic_arn": "t"},
        ),
        (
            "webhookConfigs",
            {"url": "https://a", "urlSecret": URL, "maxAlerts": 0, "timeout": "5s"},
            "webhook_configs",
            {"url": "https://hooks.example.com/T/B", "timeout": "5s"},
        ),
    ],
)
def test_entries(attribute: str, spec: dict[str, Any], kind: str, written: dict[str, Any]) -> None:
    found = entry(render(receiving({attribute: [spec]})), kind)
    assert found == written
    assert list(found) == list(written)


def test_http_client() -> None:
    client = {
        "basicAuth": {"username": secret(), "password": secret("password")},
        "proxyUrl": "http://a:1",
        "proxyURL": "http://b:2",
        "tlsConfig": {"serverName": "s"},
        "followRedirects": False,
    }
    found = entry(
        render(receiving({"webhookConfigs": [{"url": "https://x", "httpConfig": client}]})), "webhook_configs"
    )
    assert list(found["http_config"].items()) == [
        ("basic_auth", {"username": "t0k3n", "password": "swordfish"}),
        ("tls_config", {"server_name": "s", "insecure_skip_verify": False}),
        ("follow_redirects", False),
        ("proxy_url", "http://b:2"),
    ]


@pytest.mark.parametrize(
    ("integrations", "place", "why"),
    [
        ({"slackConfigs": [{"apiURL": secret("wrong")}]}, "slackConfigs[0]", "is not an http"),
        ({"slackConfigs": [{"apiURL": secret(name="absent")}]}, "slackConfigs[0]", "does not exist"),
        ({"slackConfigs": [{"actions": [{"type": "t", "text": "x"}]}]}, "slackConfigs[0].actions[0]", "url or name"),
        ({"webhookConfigs": [{}]}, "webhookConfigs[0]", "url or urlSecret is needed"),
        ({"webhookConfigs": [{"url": "{{ bad-"}]}, "webhookConfigs[0].url", "is no template"),
        ({"webhookConfigs": [{"url": "tcp://x"}]}, "webhookConfigs[0].url", "is no http"),
        ({"pagerdutyConfigs": [{}]}, "pagerdutyConfigs[0]", "routingKey or serviceKey"),
        ({"telegramConfigs": [{"chatID": 0, "botToken": secret()}]}, "telegramConfigs[0].chatID", "must not be 0"),
        ({"telegramConfigs": [{"chatID": 1}]}, "telegramConfigs[0]", "botToken or botTokenFile"),
        ({"emailConfigs": [{"smarthost": "a:1"}]}, "emailConfigs[0].to", "is needed"),
        ({"emailConfigs": [{"to": "a", "smarthost": "a"}]}, "emailConfigs[0].smarthost", "no port"),
        ({"opsgenieConfigs": [{"responders": [{"type": "team"}]}]}, "opsgenieConfigs[0].responders[0]", "id, name or"),
        ({"snsConfigs": [{}]}, "snsConfigs[0]", "one of targetARN"),
        ({"snsConfigs": [{"topicARN": "a", "targetARN": "b"}]}, "snsConfigs[0]", "one of targetARN"),
        ({"snsConfigs": [{"topicARN": "a", "apiURL": ""}]}, "snsConfigs[0].apiURL", "must not be empty"),
        ({"wechatConfigs": [{"httpConfig": EMPTY}]}, "wechatConfigs[0].httpConfig.authorization", "credentials"),
        ({"victoropsConfigs": [{"routingKey": "r", "customFields": [TAKEN]}]}, "victoropsConfigs[0].customFields", ""),
        ({"pushoverConfigs": [{"userKey": secret()}]}, "pushoverConfigs[0]", "token or tokenFile"),
    ],
)  # fmt: skip
def test_rejections(integrations: dict[str, Any], place: str, why: str) -> None:
    (error,) = render(receiving(integrations)).errors
    assert error.startswith(f"AlertmanagerConfig spec.receivers[0].{place}: ")
    assert why in error
    assert "swordfish" not in error


@pytest.mark.parametrize(
    ("integrations", "version"),
    [
        ({"discordConfigs": [{"apiURL": URL}]}, "v0.24.0"),
        ({"webhookConfigs": [{"url": "https://x", "payload": "p"}]}, "v0.31.0"),
        ({"slackConfigs": [{"apiURL": URL, "updateMessage": False}]}, "v0.31.0"),
        ({"snsConfigs": [{"topicARN": "t", "useAWSHTTPClient": True}]}, "v0.32.0"),
        ({"webhookConfigs": [{"url": "https://x", "httpConfig": {"noProxy": "a", "proxyUrl": "http://p"}}]}, "v0.24.0"),
    ],
)
def test_versions_that_do_not_know_it(integrations: dict[str, Any], version: str) -> None:
    assert render(receiving(integrations)).errors == []
    (error,) = render(receiving(integrations), version=version).errors
    assert "needs Alertmanager" in error


def test_texts_for_addresses_that_the_operator_does_not_look_at() -> None:
    """Sources of PagerDuty's images, and what Rocket.Chat links to."""
    images = [{"src": "logo"}]
    paged = receiving({"pagerdutyConfigs": [{"routingKey": secret(), "pagerDutyImageConfigs": images}]})
    assert entry(render(paged), "pagerduty_configs")["images"] == images
    chat = {"token": "t", "token_id": "i", "title_link": "here", "icon_url": "logo"}
    base = f"route: {{receiver: a}}\nreceivers: [{{name: a, rocketchat_configs: [{chat}]}}]"
    written = render(base=base).configuration["receivers"][0]["rocketchat_configs"][0]
    assert (written["title_link"], written["icon_url"]) == ("here", "logo")


def test_actions_of_rocketchat_as_the_operator_writes_them() -> None:
    """Alertmanager refuses them: it knows no key `is_webview`."""
    actions = receiving({"rocketchatConfigs": [{"token": secret(), "tokenID": secret(), "actions": [{"msg": "m"}]}]})
    faithful = render(actions, options=Options(reference_faults=True))
    assert entry(faithful, "rocketchat_configs")["actions"] == [
        {"is_webview": False, "msg": "m", "msg_in_chat_window": False},
    ]
    assert "Alertmanager would refuse" in faithful.warnings[0]
    assert render(actions).warnings == []


def test_files_of_pushover_work_but_for_the_operator() -> None:
    files = receiving({"pushoverConfigs": [{"userKeyFile": "/u", "tokenFile": "/t"}]})
    assert entry(render(files), "pushover_configs") == {"user_key_file": "/u", "token_file": "/t"}
    assert "is needed by the operator" in render(files, options=Options(reference_faults=True)).errors[0]
