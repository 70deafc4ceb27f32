"""Fields of the servers' configurations that may name a file instead of a secret, for `--secrets reference`.

Source: the configuration structs of Prometheus, Alertmanager and prometheus/common, the release of that which each
version of the three servers is built with, and their changelogs. `since` is later than the field's arrival where the
first versions with it did not read the file rightly. A server trims white space around what a file holds.
"""

from __future__ import annotations

from typing import NamedTuple


class FileField(NamedTuple):
    """`key` of `block` (a mapping, or a list of such) may be given as `file`, a path, from version `since` on."""

    block: str
    key: str
    file: str
    since: str


PROMETHEUS = (
    FileField("scrape_configs", "bearer_token", "bearer_token_file", "2.0.0"),
    FileField("basic_auth", "username", "username_file", "2.49.0"),
    FileField("basic_auth", "password", "password_file", "2.8.0"),  # before, discovery forgot it
    FileField("authorization", "credentials", "credentials_file", "2.26.0"),
    FileField("oauth2", "client_secret", "client_secret_file", "2.27.0"),
    FileField("scaleway_sd_configs", "secret_key", "secret_key_file", "2.27.0"),
)
THANOS = (
    FileField("basic_auth", "username", "username_file", "0.34.0"),
    FileField("basic_auth", "password", "password_file", "0.24.0"),
    FileField("authorization", "credentials", "credentials_file", "0.24.0"),
    FileField("oauth2", "client_secret", "client_secret_file", "0.24.0"),
)
ALERTMANAGER = (
    FileField("http_config", "bearer_token", "bearer_token_file", "0.17.0"),
    FileField("basic_auth", "username", "username_file", "0.27.0"),
    FileField("basic_auth", "password", "password_file", "0.17.0"),
    FileField("authorization", "credentials", "credentials_file", "0.22.0"),
    FileField("oauth2", "client_secret", "client_secret_file", "0.22.0"),
    FileField("global", "smtp_auth_password", "smtp_auth_password_file", "0.25.0"),
    FileField("global", "smtp_auth_secret", "smtp_auth_secret_file", "0.31.0"),
    FileField("global", "slack_api_url", "slack_api_url_file", "0.25.0"),  # 0.22 did not trim it
    FileField("global", "opsgenie_api_key", "opsgenie_api_key_file", "0.24.0"),
    FileField("global", "victorops_api_key", "victorops_api_key_file", "0.25.0"),
    FileField("global", "wechat_api_secret", "wechat_api_secret_file", "0.31.0"),
    FileField("global", "rocketchat_token", "rocketchat_token_file", "0.28.0"),
    FileField("global", "rocketchat_token_id", "rocketchat_token_id_file", "0.28.0"),
    FileField("global", "mattermost_webhook_url", "mattermost_webhook_url_file", "0.32.0"),
    FileField("discord_configs", "webhook_url", "webhook_url_file", "0.28.0"),  # 0.27 misread it
    FileField("email_configs", "auth_password", "auth_password_file", "0.25.0"),
    FileField("email_configs", "auth_secret", "auth_secret_file", "0.31.0"),
    FileField("msteams_configs", "webhook_url", "webhook_url_file", "0.28.0"),  # 0.27 misread it
    FileField("msteamsv2_configs", "webhook_url", "webhook_url_file", "0.28.0"),
    FileField("opsgenie_configs", "api_key", "api_key_file", "0.24.0"),
    FileField("pagerduty_configs", "routing_key", "routing_key_file", "0.25.0"),
    FileField("pagerduty_configs", "service_key", "service_key_file", "0.25.0"),
    FileField("pushover_configs", "user_key", "user_key_file", "0.26.0"),
    FileField("pushover_configs", "token", "token_file", "0.26.0"),
    FileField("rocketchat_configs", "token", "token_file", "0.28.0"),
    FileField("rocketchat_configs", "token_id", "token_id_file", "0.28.0"),
    FileField("slack_configs", "api_url", "api_url_file", "0.25.0"),  # 0.22 did not trim it
    FileField("telegram_configs", "bot_token", "bot_token_file", "0.26.0"),
    FileField("victorops_configs", "api_key", "api_key_file", "0.25.0"),
    FileField("webhook_configs", "url", "url_file", "0.28.0"),  # 0.26 crashed on a file that is not there
    FileField("wechat_configs", "api_secret", "api_secret_file", "0.31.0"),
)
TOGETHER = (
    frozenset({("global", "opsgenie_api_key"), ("opsgenie_configs", "api_key")}),
    frozenset({("global", "victorops_api_key"), ("victorops_configs", "api_key")}),
    frozenset({("global", "rocketchat_token"), ("rocketchat_configs", "token")}),
    frozenset({("global", "rocketchat_token_id"), ("rocketchat_configs", "token_id")}),
    frozenset({("global", "smtp_auth_secret"), ("email_configs", "auth_secret")}),
    frozenset(
        {
            *(("global", key) for key in ("slack_api_url", "slack_app_token", "slack_app_token_file")),
            *(("slack_configs", key) for key in ("api_url", "app_token", "app_token_file", "update_message")),
        }
    ),
)
"""Fields of Alertmanager that are files all together or not at all.

Of a value and a file, one in a receiver and one in the global settings, Alertmanager may take the global one; and it
compares Slack's URLs while it loads.
"""
