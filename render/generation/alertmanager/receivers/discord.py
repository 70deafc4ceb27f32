"""Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import TEXT, URL_TEXT
from render.generation.alertmanager.receivers.integration import SEND_RESOLVED, Integration, secret_url
from render.generation.alertmanager.shape import Field, any_of, one_of
from render.generation.fields import Row

if TYPE_CHECKING:
    from render.generation.fields import Block
    from render.generation.scope import Scope


def _load(block: Block) -> None:
    any_of(block, "webhook_url", "webhook_url_file")
    one_of(block, "webhook_url", "webhook_url_file")


def _rules(block: Block, _scope: Scope) -> None:
    any_of(block, "webhook_url", "webhook_url_file")


DISCORD = Integration(
    "discord_configs",
    (
        SEND_RESOLVED,
        HTTP_CONFIG,
        Field("webhook_url", URL_TEXT),
        Field("webhook_url_file", TEXT, since="0.28.0"),
        Field("title", TEXT),
        Field("message", TEXT),
        Field("content", TEXT, since="0.28.0"),
        Field("username", TEXT, since="0.28.0"),
        Field("avatar_url", TEXT, since="0.28.0"),
    ),
    attribute="discordConfigs",
    rows=(
        Row("send_resolved"),
        Row("webhook_url", of="apiURL", convert=secret_url),
        Row("title"),
        Row("message"),
        Row("content"),
        Row("username"),
        Row("avatar_url", of="avatarURL"),
    ),
    since="0.25.0",
    load=_load,
    rules=_rules,
    client_first=True,
)
