"""Microsoft Teams by a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import TEXT, URL_TEXT
from render.generation.alertmanager.receivers.integration import SEND_RESOLVED, Integration, secret
from render.generation.alertmanager.shape import Field, any_of, one_of
from render.generation.fields import Row

if TYPE_CHECKING:
    from render.generation.fields import Block


def _load(block: Block) -> None:
    any_of(block, "webhook_url", "webhook_url_file")
    one_of(block, "webhook_url", "webhook_url_file")


MSTEAMSV2 = Integration(
    "msteamsv2_configs",
    (
        SEND_RESOLVED,
        Field("webhook_url", URL_TEXT),
        Field("webhook_url_file", TEXT),
        Field("title", TEXT),
        Field("text", TEXT),
        HTTP_CONFIG,
    ),
    attribute="msteamsv2Configs",
    rows=(Row("send_resolved"), Row("webhook_url", of="webhookURL", convert=secret), Row("title"), Row("text")),
    since="0.28.0",
    file_urls=("webhook_url",),
    load=_load,
    rules=lambda block, _scope: _load(block),
)
