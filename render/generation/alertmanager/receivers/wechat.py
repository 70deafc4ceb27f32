"""WeChat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import TEXT, URL_TEXT
from render.generation.alertmanager.receivers.integration import SEND_RESOLVED, Integration, secret
from render.generation.alertmanager.shape import Field, one_of
from render.generation.fields import Row

if TYPE_CHECKING:
    from render.generation.fields import Block

MESSAGE_TYPES = ("text", "markdown")


def _load(block: Block) -> None:
    if block.get("message_type") and block["message_type"] not in MESSAGE_TYPES:
        raise Rejection(f"must be one of {', '.join(MESSAGE_TYPES)}", "message_type")
    one_of(block, "api_secret", "api_secret_file")


WECHAT = Integration(
    "wechat_configs",
    (
        SEND_RESOLVED,
        Field("api_secret", TEXT),
        Field("api_url", URL_TEXT),
        Field("corp_id", TEXT),
        Field("agent_id", TEXT),
        Field("to_user", TEXT),
        Field("to_party", TEXT),
        Field("to_tag", TEXT),
        Field("message", TEXT),
        Field("message_type", TEXT),
        HTTP_CONFIG,
        Field("api_secret_file", TEXT, since="0.31.0", unless="api_secret"),
    ),
    attribute="wechatConfigs",
    rows=(
        Row("send_resolved"),
        Row("api_secret", convert=secret),
        Row("api_url", of="apiURL"),
        Row("corp_id", of="corpID"),
        Row("agent_id", of="agentID"),
        Row("to_user"),
        Row("to_party"),
        Row("to_tag"),
        Row("message"),
        Row("message_type"),
    ),
    urls=("apiURL",),
    file_urls=("api_url",),
    load=_load,
)
