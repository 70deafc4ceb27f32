"""Rocket.Chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import KEPT_FLAG, KEPT_TEXT, SHOWN_FLAG, TEXT, URL_TEXT, blocks
from render.generation.alertmanager.receivers.integration import (
    SEND_RESOLVED,
    Integration,
    check_template_url,
    secret,
)
from render.generation.alertmanager.shape import Field, Kind, Shape, one_of
from render.generation.fields import Row, emit

if TYPE_CHECKING:
    from render.api.alertmanager_config_v1alpha1 import RocketChatConfig
    from render.generation.fields import Block
    from render.generation.scope import Scope

NULL_FLAG = Kind(KEPT_FLAG.decode, empty=SHOWN_FLAG.empty, absent=None)
FIELD = Shape((Field("short", NULL_FLAG), Field("title", TEXT), Field("value", TEXT)))
_UNREADABLE = ("image_url", "is_webview", "webview_height_ratio", "msg_in_chat_window", "msg_processing_type")
"""Keys that the operator writes in an action and Alertmanager does not know under these names."""


def _load_action(action: Block) -> None:
    for key in _UNREADABLE:
        if key in action:
            raise Rejection("Alertmanager does not know this key", key, hint="remove it")


ACTION = Shape(
    (
        Field("type", TEXT),
        Field("text", TEXT),
        Field("url", TEXT),
        Field("image_url", TEXT),
        Field("is_webview", KEPT_FLAG),
        Field("webview_height_ratio", TEXT),
        Field("msg", TEXT),
        Field("msg_in_chat_window", KEPT_FLAG),
        Field("msg_processing_type", TEXT),
    ),
    load=_load_action,
)
_FIELD_ROWS = (Row("short"), Row("title"), Row("value"))
_ACTION_ROWS = (Row("text"), Row("url"), Row("msg"))


def _load(entry: Block) -> None:
    one_of(entry, "token", "token_file")
    one_of(entry, "token_id", "token_id_file")


def _rules(entry: Block, scope: Scope) -> None:
    _load(entry)
    if scope.references.reference_faults:
        for action in entry.get("actions") or ():
            action |= {"is_webview": False, "msg_in_chat_window": False}


def _validate(entry: RocketChatConfig, field: str) -> None:
    for number, action in enumerate(entry.actions or ()):
        check_template_url(action.url, f"{field}.actions[{number}].url")


def _fields(fields: list[Any], scope: Scope) -> list[Block]:
    return [emit(_FIELD_ROWS, field, scope) for field in fields]


def _actions(actions: list[Any], scope: Scope) -> list[Block]:
    return [emit(_ACTION_ROWS, action, scope) for action in actions]


ROCKETCHAT = Integration(
    "rocketchat_configs",
    (
        SEND_RESOLVED,
        HTTP_CONFIG,
        Field("api_url", URL_TEXT),
        Field("token_id", KEPT_TEXT),
        Field("token_id_file", TEXT),
        Field("token", KEPT_TEXT),
        Field("token_file", TEXT),
        Field("channel", TEXT),
        Field("color", TEXT),
        Field("title", TEXT),
        Field("title_link", TEXT),
        Field("text", TEXT),
        Field("fields", blocks(lambda: FIELD)),
        Field("short_fields", SHOWN_FLAG),
        Field("emoji", TEXT),
        Field("icon_url", TEXT),
        Field("image_url", TEXT),
        Field("thumb_url", TEXT),
        Field("link_names", SHOWN_FLAG),
        Field("actions", blocks(lambda: ACTION)),
    ),
    attribute="rocketchatConfigs",
    rows=(
        Row("send_resolved"),
        Row("api_url", of="apiURL"),
        Row("token", convert=secret),
        Row("token_id", of="tokenID", convert=secret),
        Row("channel"),
        Row("color"),
        Row("title"),
        Row("title_link"),
        Row("text"),
        Row("fields", convert=_fields),
        Row("short_fields"),
        Row("emoji"),
        Row("icon_url", of="iconURL"),
        Row("image_url", of="imageURL"),
        Row("thumb_url", of="thumbURL"),
        Row("link_names"),
        Row("actions", convert=_actions),
    ),
    since="0.28.0",
    urls=("apiURL",),
    template_urls=("iconURL", "imageURL", "thumbURL"),
    validate=_validate,
    load=_load,
    rules=_rules,
    client_first=True,
)
