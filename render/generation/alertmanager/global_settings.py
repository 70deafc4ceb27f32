"""The `global` block: what integrations fall back to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.alertmanager import http_client
from render.generation.alertmanager.http_client import HTTP_CONFIG, TLS
from render.generation.alertmanager.kinds import DURATION, HOST_PORT, KEPT_FLAG, TEXT, URL, block, duration
from render.generation.alertmanager.receivers.integration import check_secret_url, check_url, secret
from render.generation.alertmanager.shape import Field, Shape, one_of, require
from render.generation.fields import Row, emit
from render.golang import urls
from render.golang.hosts import join_host_port
from render.selection import credentials
from render.selection.placeholders import Placeholder, known

if TYPE_CHECKING:
    from render.api.alertmanager import AlertmanagerGlobalConfig, HostPort
    from render.generation.fields import Block
    from render.generation.scope import Scope

SLACK_APP_URL = "https://slack.com/api/chat.postMessage"

_EXCLUSIVE = (
    ("slack_app_token", "slack_app_token_file"),
    ("slack_api_url", "slack_api_url_file"),
    ("opsgenie_api_key", "opsgenie_api_key_file"),
    ("victorops_api_key", "victorops_api_key_file"),
    ("telegram_bot_token", "telegram_bot_token_file"),
    ("smtp_auth_password", "smtp_auth_password_file"),
    ("rocketchat_token", "rocketchat_token_file"),
    ("rocketchat_token_id", "rocketchat_token_id_file"),
    ("smtp_auth_secret", "smtp_auth_secret_file"),
    ("wechat_api_secret", "wechat_api_secret_file"),
    ("mattermost_webhook_url", "mattermost_webhook_url_file"),
)


def _load(settings: Block) -> None:
    for pair in _EXCLUSIVE:
        one_of(settings, *pair)
    if _app_token_meets_other_url(settings, settings.get("slack_app_url") or SLACK_APP_URL):
        raise Rejection("a token of an app and the URL of an API exclude each other", "slack_api_url")


def _app_token_meets_other_url(settings: Block, app_url: str) -> bool:
    """A token of an app goes with the URL of an API only if that is the app's own."""
    token = settings.get("slack_app_token") or settings.get("slack_app_token_file")
    url = settings.get("slack_api_url") or settings.get("slack_api_url_file")
    return bool(token and url and known(settings.get("slack_api_url")) != app_url)


def _rules(settings: Block, scope: Scope) -> None:
    http_client.prune_client(settings, scope)
    app_url = settings.get("slack_app_url")
    if app_url and settings.get("slack_api_url") and _app_token_meets_other_url(settings, app_url):
        raise Rejection("a token of an app and the URL of an API exclude each other", "slack_api_url")


GLOBAL = Shape(
    (
        Field("resolve_timeout", DURATION),
        HTTP_CONFIG,
        Field("smtp_from", TEXT),
        Field("smtp_hello", TEXT),
        Field("smtp_smarthost", HOST_PORT),
        Field("smtp_auth_username", TEXT),
        Field("smtp_auth_password", TEXT),
        Field("smtp_auth_password_file", TEXT, since="0.25.0", unless="smtp_auth_password"),
        Field("smtp_auth_secret", TEXT),
        Field("smtp_auth_secret_file", TEXT, since="0.31.0", unless="smtp_auth_secret"),
        Field("smtp_auth_identity", TEXT),
        Field("smtp_require_tls", KEPT_FLAG),
        Field("smtp_tls_config", block(TLS), since="0.28.0"),
        Field("smtp_force_implicit_tls", KEPT_FLAG, since="0.31.0"),
        Field("slack_api_url", URL),
        Field("slack_api_url_file", TEXT, since="0.22.0", unless="slack_api_url"),
        Field("pagerduty_url", URL),
        Field("opsgenie_api_url", URL),
        Field("opsgenie_api_key", TEXT),
        Field("opsgenie_api_key_file", TEXT, since="0.24.0"),
        Field("wechat_api_url", URL),
        Field("wechat_api_secret", TEXT),
        Field("wechat_api_corp_id", TEXT),
        Field("victorops_api_url", URL),
        Field("victorops_api_key", TEXT),
        Field("victorops_api_key_file", TEXT, since="0.25.0", unless="victorops_api_key"),
        Field("telegram_api_url", URL),
        Field("telegram_bot_token", TEXT, since="0.31.0"),
        Field("telegram_bot_token_file", TEXT, since="0.31.0", unless="telegram_bot_token"),
        Field("webex_api_url", URL),
        Field("jira_api_url", URL),
        Field("rocketchat_api_url", URL),
        Field("rocketchat_token", TEXT),
        Field("rocketchat_token_file", TEXT),
        Field("rocketchat_token_id", TEXT),
        Field("rocketchat_token_id_file", TEXT),
        Field("slack_app_token", TEXT, since="0.30.0"),
        Field("slack_app_token_file", TEXT, since="0.30.0", unless="slack_app_token"),
        Field("slack_app_url", URL, since="0.30.0"),
        Field("wechat_api_secret_file", TEXT, since="0.31.0", unless="wechat_api_secret"),
        Field("mattermost_webhook_url", URL, since="0.32.0"),
        Field("mattermost_webhook_url_file", TEXT, since="0.32.0", unless="mattermost_webhook_url"),
    ),
    load=_load,
    rules=_rules,
)

# What an entry needs of the global settings when it lacks it itself: any of the first, or any of the second.
_FALLBACKS: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = {
    "email_configs": ((("smarthost",), ("smtp_smarthost",)), (("from",), ("smtp_from",))),
    "slack_configs": (
        (
            ("api_url", "api_url_file", "app_token", "app_token_file"),
            ("slack_api_url", "slack_api_url_file", "slack_app_token", "slack_app_token_file"),
        ),
    ),
    "opsgenie_configs": ((("api_key", "api_key_file"), ("opsgenie_api_key", "opsgenie_api_key_file")),),
    "wechat_configs": (
        (("api_secret", "api_secret_file"), ("wechat_api_secret", "wechat_api_secret_file")),
        (("corp_id",), ("wechat_api_corp_id",)),
    ),
    "victorops_configs": ((("api_key", "api_key_file"), ("victorops_api_key", "victorops_api_key_file")),),
    "telegram_configs": ((("bot_token", "bot_token_file"), ("telegram_bot_token", "telegram_bot_token_file")),),
    "jira_configs": ((("api_url",), ("jira_api_url",)),),
    "rocketchat_configs": (
        (("token_id", "token_id_file"), ("rocketchat_token_id", "rocketchat_token_id_file")),
        (("token", "token_file"), ("rocketchat_token", "rocketchat_token_file")),
    ),
    "mattermost_configs": (
        (("webhook_url", "webhook_url_file"), ("mattermost_webhook_url", "mattermost_webhook_url_file")),
    ),
}


def check_fallbacks(receiver: Block, settings: Block, field: str, kinds: tuple[str, ...] = tuple(_FALLBACKS)) -> None:
    """What the entries of a receiver lack is in the global settings, as the server asks. Raises Rejection."""
    for kind in kinds:
        for number, entry in enumerate(receiver.get(kind) or ()):
            for own, common in _FALLBACKS[kind]:
                if not any(entry.get(key) for key in own) and not any(settings.get(key) for key in common):
                    message = f"{own[0]} is needed here, or {common[0]} in the global settings"
                    raise Rejection(message, f"{field}.{kind}[{number}]", hint="set one of the two")


# The global settings of spec.alertmanagerConfiguration.

_SINCE = (("telegram", "0.24.0"), ("jira", "0.28.0"), ("rocketChat", "0.28.0"), ("webex", "0.25.0"))
_URLS = ("telegram", "jira", "victorops", "rocketChat", "webex", "wechat")


def check(settings: AlertmanagerGlobalConfig, scope: Scope, field: str) -> None:
    """The settings in themselves, and against the version. Raises Rejection."""
    if settings.httpConfig is not None:
        credentials.validate_client(settings.httpConfig, f"{field}.httpConfig")
        if settings.httpConfig.tlsConfig is not None:
            credentials.validate_safe_tls(settings.httpConfig.tlsConfig, f"{field}.httpConfig.tlsConfig")
        credentials.validate_proxy(settings.httpConfig, f"{field}.httpConfig")
    for attribute in _URLS:
        section = getattr(settings, attribute)
        if section is not None:
            check_url(section.apiURL, f"{field}.{attribute}.apiURL")
    if settings.smtp is not None and settings.smtp.forceImplicitTLS is not None:
        require(scope, "0.31.0", f"{field}.smtp.forceImplicitTLS")
    for attribute, since in (*_SINCE, ("mattermost", "0.32.0")):
        if getattr(settings, attribute) is not None:
            require(scope, since, f"{field}.{attribute}")


def generate(settings: AlertmanagerGlobalConfig, scope: Scope, field: str) -> Block:
    """The `global` block; TLS assets are kept on the way. Raises Rejection when a reference is missing."""
    out: Block = emit(_ROWS, settings, scope)
    if settings.smtp is not None:
        credentials.check_safe_tls(
            scope.namespace, settings.smtp.tlsConfig, scope.references, f"{field}.smtp.tlsConfig"
        )
        emit(_SMTP_ROWS, settings.smtp, scope, out)
    if settings.httpConfig is not None:
        http_client.check(settings.httpConfig, scope, f"{field}.httpConfig")
        out["http_config"] = http_client.generate(settings.httpConfig, scope)
    for attribute, rows in _SECTIONS:
        section = getattr(settings, attribute)
        if section is not None:
            emit(rows, section, scope, out)
    return out


def _secret_url(selector: Any, scope: Scope) -> str:  # noqa: ANN401 - a key selector
    return _url(secret(selector, scope), scope)


def _checked_secret_url(selector: Any, scope: Scope) -> str:  # noqa: ANN401 - a key selector
    text = secret(selector, scope)
    check_secret_url(text)
    return _url(text, scope)


def _url(text: str, _scope: Scope) -> str:
    """A URL as Go's net/url writes it; any scheme will do."""
    try:
        urls.parse_url(known(text) or "")
    except ValueError:
        raise Rejection("the value is no URL") from None
    return text if isinstance(text, Placeholder) else urls.normalize_url(text)


def _host_port(smarthost: HostPort, _scope: Scope) -> str:
    return join_host_port(smarthost.host, smarthost.port)


def _duration(text: str, _scope: Scope) -> str:
    return duration(text)


_ROWS = (
    Row("resolve_timeout", convert=_duration),
    Row("slack_api_url", of="slackApiUrl", convert=_secret_url),
    Row("opsgenie_api_url", of="opsGenieApiUrl", convert=_secret_url),
    Row("opsgenie_api_key", of="opsGenieApiKey", convert=secret),
    Row("pagerduty_url", of="pagerdutyUrl", convert=_url),
)
_SMTP_ROWS = (
    Row("smtp_from", of="from_"),
    Row("smtp_hello", of="hello"),
    Row("smtp_auth_username", of="authUsername"),
    Row("smtp_auth_identity", of="authIdentity"),
    Row("smtp_force_implicit_tls", of="forceImplicitTLS"),
    Row("smtp_require_tls", of="requireTLS"),
    Row("smtp_smarthost", of="smartHost", convert=_host_port),
    Row("smtp_tls_config", of="tlsConfig", convert=http_client.tls),
    Row("smtp_auth_password", of="authPassword", convert=secret),
    Row("smtp_auth_secret", of="authSecret", convert=secret),
)
_SECTIONS = (
    ("telegram", (Row("telegram_api_url", of="apiURL", convert=_url),)),
    ("jira", (Row("jira_api_url", of="apiURL", convert=_url),)),
    (
        "rocketChat",
        (
            Row("rocketchat_api_url", of="apiURL", convert=_url),
            Row("rocketchat_token", of="token", convert=secret),
            Row("rocketchat_token_id", of="tokenID", convert=secret),
        ),
    ),
    ("webex", (Row("webex_api_url", of="apiURL", convert=_url),)),
    (
        "wechat",
        (
            Row("wechat_api_url", of="apiURL", convert=_url),
            Row("wechat_api_secret", of="apiSecret", convert=secret),
            Row("wechat_api_corp_id", of="apiCorpID"),
        ),
    ),
    (
        "victorops",
        (
            Row("victorops_api_url", of="apiURL", convert=_url),
            Row("victorops_api_key", of="apiKey", convert=secret),
        ),
    ),
    ("mattermost", (Row("mattermost_webhook_url", of="webhookURL", convert=_checked_secret_url),)),
)
