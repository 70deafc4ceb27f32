"""Fields of the servers' own configuration files that hold secrets, and their replacement by placeholders.

For `--secrets reference`: a Secret that is configuration is written as structure, and these fields refer to it. Source:
the fields of type Secret and SecretURL in the configurations of Prometheus and Alertmanager.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.selection.placeholders import Placeholder

HTTP_CLIENT = frozenset({"bearer_token", "client_secret", "credentials", "password", "proxy_connect_header", "secrets"})
PROMETHEUS = HTTP_CLIENT | {
    "application_credential_secret", "application_secret", "auth_token", "consumer_key", "private_key", "secret_key",
    "service_account_key", "token",
}  # fmt: skip
ALERTMANAGER = HTTP_CLIENT | {
    "alert_source_token", "api_key", "api_secret", "app_token", "auth_password", "auth_secret", "bot_token",
    "mattermost_webhook_url", "opsgenie_api_key", "rocketchat_token", "rocketchat_token_id", "routing_key",
    "secret_key", "service_key", "slack_api_url", "slack_app_token", "smtp_auth_password", "smtp_auth_secret",
    "telegram_bot_token", "token", "token_id", "user_key", "victorops_api_key", "webhook_url", "wechat_api_secret",
}  # fmt: skip
WITHIN = frozenset({("slack_configs", "api_url"), ("webhook_configs", "url"), ("tls_config", "key")})
"""Fields that are secret in some blocks only."""
FREE = frozenset({"annotations", "details", "inhibit_rules", "labels", "params", "payload", "route", "routes"})
"""Blocks whose keys are the user's own, or that hold no secrets."""


def hide(
    value: Any,  # noqa: ANN401 - plain values of any shape
    names: frozenset[str],
    refer: Callable[[str], Placeholder],
    pointer: str = "",
    block: str = "",
) -> Any:  # noqa: ANN401 - plain values of any shape
    """The file's values with its secret fields as what `refer` makes of their JSON pointers (RFC 6901)."""
    if isinstance(value, list):
        return [hide(item, names, refer, f"{pointer}/{number}", block) for number, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    out: dict[str, Any] = {}
    for key, item in value.items():
        place = f"{pointer}/{_token(str(key))}"
        if key in names or (block, key) in WITHIN:
            out[key] = _hidden(item, refer, place)
        else:
            out[key] = item if key in FREE else hide(item, names, refer, place, str(key))
    return out


def _hidden(value: Any, refer: Callable[[str], Placeholder], pointer: str) -> Any:  # noqa: ANN401 - as above
    """Every scalar within, which has something in it, as a placeholder."""
    if isinstance(value, list):
        return [_hidden(item, refer, f"{pointer}/{number}") for number, item in enumerate(value)]
    if isinstance(value, dict):
        return {key: _hidden(item, refer, f"{pointer}/{_token(str(key))}") for key, item in value.items()}
    if value in (None, ""):
        return value
    made = refer(pointer)
    made.known = str(value)
    return made


def _token(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def check_pointable(text: bytes, source: str, field: str) -> None:
    """The file has no merge keys, through which no pointer leads. Raises Rejection."""
    if b"<<" in text:
        message = f"{source} merges mappings (<<), and secrets in such a file cannot be referred to"
        raise Rejection(message, field, hint="write the values where they belong, or use --secrets inline")
