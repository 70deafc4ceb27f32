"""Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import FLAG, GO_DURATION, KEPT_FLAG, TEXT, TEXTS, URL_TEXT, block, blocks
from render.generation.alertmanager.receivers.integration import (
    SEND_RESOLVED,
    Integration,
    prometheus_duration,
    secret_url,
)
from render.generation.alertmanager.shape import Field, Shape, any_of, one_of, require
from render.generation.fields import Row, emit
from render.selection.placeholders import Placeholder, known

if TYPE_CHECKING:
    from render.api.alertmanager_config import SlackAction, SlackConfirmationField
    from render.api.alertmanager_config_v1alpha1 import SlackConfig
    from render.generation.fields import Block
    from render.generation.scope import Scope

POST_MESSAGE = "https://slack.com/api/chat.postMessage"
"""The address of Slack's API that bot tokens need."""


def _load_action(action: Block) -> None:
    any_of(action, "type")
    any_of(action, "text")
    any_of(action, "url", "name")


def _load_field(field: Block) -> None:
    any_of(field, "title")
    any_of(field, "value")


CONFIRMATION = Shape(
    (Field("text", TEXT), Field("title", TEXT), Field("ok_text", TEXT), Field("dismiss_text", TEXT)),
    load=lambda confirmation: any_of(confirmation, "text"),
)
ACTION = Shape(
    (
        Field("type", TEXT),
        Field("text", TEXT),
        Field("url", TEXT),
        Field("style", TEXT),
        Field("name", TEXT),
        Field("value", TEXT),
        Field("confirm", block(CONFIRMATION)),
    ),
    load=_load_action,
)
FIELD = Shape((Field("title", TEXT), Field("value", TEXT), Field("short", FLAG)), load=_load_field)


def _load(entry: Block) -> None:
    one_of(entry, "api_url", "api_url_file")
    one_of(entry, "app_token", "app_token_file")
    _check_token(entry)
    url = entry.get("api_url")
    unseen = isinstance(url, Placeholder) and url.known is None
    if entry.get("update_message") and not unseen and known(url) != POST_MESSAGE:
        raise Rejection(f"needs api_url to be {POST_MESSAGE}", "update_message")


def _check_token(entry: Block) -> None:
    if any(entry.get(key) for key in ("app_token", "app_token_file")):
        for key in ("api_url", "api_url_file"):
            if entry.get(key):
                raise Rejection("a token of an app and the URL of an API exclude each other", key, hint="keep one")


def _rules(entry: Block, _scope: Scope) -> None:
    if entry.get("update_message") and known(entry.get("api_url")) not in (None, "", POST_MESSAGE):
        raise Rejection(f"needs api_url to be {POST_MESSAGE}", "update_message")
    _check_token(entry)


def _validate(entry: SlackConfig, field: str) -> None:
    for number, action in enumerate(entry.actions or ()):
        place = f"{field}.actions[{number}]"
        _need(action, ("type", "text"), place)
        if not action.url and not action.name:
            raise Rejection("url or name is needed", place, hint="set one of the two")
        if action.confirm is not None:
            _need(action.confirm, ("text",), f"{place}.confirm")
    for number, item in enumerate(entry.fields or ()):
        _need(item, ("title", "value"), f"{field}.fields[{number}]")


def _need(item: object, attributes: tuple[str, ...], field: str) -> None:
    for attribute in attributes:
        if not getattr(item, attribute):
            raise Rejection("is needed", f"{field}.{attribute}", hint="set it")


def _check(entry: SlackConfig, scope: Scope, field: str) -> None:
    if entry.updateMessage is not None:
        require(scope, "0.32.0", f"{field}.updateMessage")
        url = secret_url(entry.apiURL, scope) if entry.updateMessage and entry.apiURL is not None else POST_MESSAGE
        if known(url) not in (None, POST_MESSAGE):
            raise Rejection(f"needs the URL in apiURL to be {POST_MESSAGE}", f"{field}.updateMessage")


def _fields(fields: list[Any], scope: Scope) -> list[Block]:
    return [emit((Row("title"), Row("value"), Row("short")), field, scope) for field in fields]


def _actions(actions: list[SlackAction], scope: Scope) -> list[Block]:
    return [emit(_ACTION_ROWS, action, scope) for action in actions]


def _confirmation(confirmation: SlackConfirmationField, scope: Scope) -> Block:
    return emit((Row("text"), Row("title"), Row("ok_text"), Row("dismiss_text")), confirmation, scope)


_ACTION_ROWS = (
    Row("type"),
    Row("text"),
    Row("url"),
    Row("style"),
    Row("name"),
    Row("value"),
    Row("confirm", convert=_confirmation),
)

SLACK = Integration(
    "slack_configs",
    (
        SEND_RESOLVED,
        HTTP_CONFIG,
        Field("api_url", URL_TEXT),
        Field("api_url_file", TEXT, since="0.22.0", unless="api_url"),
        Field("app_token", TEXT, since="0.30.0"),
        Field("app_token_file", TEXT, since="0.30.0", unless="app_token"),
        Field("app_url", URL_TEXT, since="0.30.0"),
        Field("channel", TEXT),
        Field("username", TEXT),
        Field("color", TEXT),
        Field("title", TEXT),
        Field("title_link", TEXT),
        Field("pretext", TEXT),
        Field("text", TEXT),
        Field("fields", blocks(lambda: FIELD)),
        Field("short_fields", FLAG),
        Field("footer", TEXT),
        Field("fallback", TEXT),
        Field("callback_id", TEXT),
        Field("icon_emoji", TEXT),
        Field("icon_url", TEXT),
        Field("image_url", TEXT),
        Field("thumb_url", TEXT),
        Field("link_names", FLAG),
        Field("mrkdwn_in", TEXTS),
        Field("actions", blocks(lambda: ACTION)),
        Field("timeout", GO_DURATION, since="0.30.0"),
        Field("message_text", TEXT, since="0.31.0"),
        Field("update_message", KEPT_FLAG, since="0.32.0"),
    ),
    attribute="slackConfigs",
    rows=(
        Row("send_resolved"),
        Row("api_url", of="apiURL", convert=secret_url),
        Row("channel"),
        Row("username"),
        Row("color"),
        Row("title"),
        Row("title_link"),
        Row("pretext"),
        Row("text"),
        Row("fields", convert=_fields),
        Row("short_fields"),
        Row("footer"),
        Row("fallback"),
        Row("callback_id"),
        Row("icon_emoji"),
        Row("icon_url", of="iconURL"),
        Row("image_url", of="imageURL"),
        Row("thumb_url", of="thumbURL"),
        Row("link_names"),
        Row("mrkdwn_in"),
        Row("actions", convert=_actions),
        Row("timeout", convert=prometheus_duration),
        Row("message_text"),
        Row("update_message"),
    ),
    validate=_validate,
    check=_check,
    load=_load,
    rules=_rules,
)
