"""Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import FLAG, TEXT, URL_TEXT, WHOLE
from render.generation.alertmanager.receivers.integration import SEND_RESOLVED, Integration, secret
from render.generation.alertmanager.shape import Field, any_of, one_of
from render.generation.fields import Row

if TYPE_CHECKING:
    from render.api.alertmanager_config_v1alpha1 import TelegramConfig
    from render.generation.fields import Block
    from render.generation.scope import Scope

PARSE_MODES = ("Markdown", "MarkdownV2", "HTML")
GLOBAL_TOKEN_SINCE = "0.31.0"  # noqa: S105 - a version


def _load(block: Block) -> None:
    one_of(block, "bot_token", "bot_token_file")
    one_of({**block, "chat_id": block.get("chat_id") or None}, "chat_id", "chat_id_file")
    if not block.get("chat_id") and not block.get("chat_id_file"):
        raise Rejection("chat_id or chat_id_file is needed", "chat_id")
    if block.get("parse_mode") and block["parse_mode"] not in PARSE_MODES:
        raise Rejection(f"must be one of {', '.join(PARSE_MODES)}", "parse_mode")


def _rules(block: Block, scope: Scope) -> None:
    if not block.get("chat_id") and not block.get("chat_id_file"):
        raise Rejection("chat_id or chat_id_file is needed", "chat_id")
    if not scope.at_least(GLOBAL_TOKEN_SINCE):
        any_of(block, "bot_token", "bot_token_file")


def _validate(entry: TelegramConfig, field: str) -> None:
    if entry.botToken is None and entry.botTokenFile is None:
        raise Rejection("botToken or botTokenFile is needed", field, hint="set one of the two")
    if entry.botToken is not None and entry.botTokenFile is not None:
        raise Rejection("botToken and botTokenFile exclude each other", f"{field}.botTokenFile", hint="keep one")
    if entry.chatID == 0:
        raise Rejection("must not be 0", f"{field}.chatID")


TELEGRAM = Integration(
    "telegram_configs",
    (
        SEND_RESOLVED,
        Field("api_url", URL_TEXT),
        Field("bot_token", TEXT),
        Field("bot_token_file", TEXT, since="0.26.0", unless="bot_token"),
        Field("chat_id", WHOLE),
        Field("chat_id_file", TEXT, since="0.31.0", unless="chat_id"),
        Field("message_thread_id", WHOLE, since="0.26.0"),
        Field("message", TEXT),
        Field("disable_notifications", FLAG),
        Field("parse_mode", TEXT),
        HTTP_CONFIG,
    ),
    attribute="telegramConfigs",
    rows=(
        Row("send_resolved"),
        Row("api_url", of="apiURL"),
        Row("bot_token", convert=secret),
        Row("bot_token_file"),
        Row("chat_id", of="chatID"),
        Row("message_thread_id", of="messageThreadID"),
        Row("message"),
        Row("disable_notifications"),
        Row("parse_mode"),
    ),
    since="0.24.0",
    urls=("apiURL",),
    file_urls=("api_url",),
    validate=_validate,
    load=_load,
    rules=_rules,
)
