"""Microsoft Teams by its older connectors."""

from __future__ import annotations

from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import SHOWN_TEXT, TEXT, URL_TEXT
from render.generation.alertmanager.receivers.integration import SEND_RESOLVED, Integration, secret
from render.generation.alertmanager.shape import Field, Kind, any_of
from render.generation.fields import Row

MSTEAMS = Integration(
    "msteams_configs",
    (
        SEND_RESOLVED,
        Field("webhook_url", Kind(URL_TEXT.decode, empty=SHOWN_TEXT.empty, absent="")),
        Field("title", TEXT),
        Field("summary", TEXT, since="0.27.0"),
        Field("text", TEXT),
        HTTP_CONFIG,
    ),
    attribute="msteamsConfigs",
    rows=(
        Row("send_resolved"),
        Row("webhook_url", of="webhookUrl", convert=secret),
        Row("title"),
        Row("summary"),
        Row("text"),
    ),
    since="0.26.0",
    file_urls=("webhook_url",),
    rules=lambda block, _scope: any_of(block, "webhook_url"),
)
