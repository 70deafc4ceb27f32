"""Webex."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import SHOWN_TEXT, TEXT, URL_TEXT
from render.generation.alertmanager.receivers.integration import SEND_RESOLVED, Integration
from render.generation.alertmanager.shape import Field, any_of
from render.generation.fields import Row

if TYPE_CHECKING:
    from render.generation.fields import Block


def _load(block: Block) -> None:
    any_of(block, "room_id")
    client = block.get("http_config") or {}
    if client.get("authorization") is None and not client.get("bearer_token") and not client.get("bearer_token_file"):
        raise Rejection("http_config.authorization is needed", "http_config", hint="give the token of a bot")


WEBEX = Integration(
    "webex_configs",
    (
        SEND_RESOLVED,
        HTTP_CONFIG,
        Field("api_url", URL_TEXT),
        Field("message", TEXT),
        Field("room_id", SHOWN_TEXT),
    ),
    attribute="webexConfigs",
    rows=(Row("send_resolved"), Row("api_url", of="apiURL"), Row("message"), Row("room_id", of="roomID")),
    since="0.25.0",
    urls=("apiURL",),
    file_urls=("api_url",),
    load=_load,
    rules=lambda block, _scope: any_of(block, "room_id"),
)
