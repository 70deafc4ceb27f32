"""incident.io, which only the user's own file can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import GO_DURATION, KEPT_WHOLE, TEXT, URL_TEXT
from render.generation.alertmanager.receivers.integration import SEND_RESOLVED, Integration
from render.generation.alertmanager.shape import Field, any_of, one_of

if TYPE_CHECKING:
    from render.generation.fields import Block


def _load(block: Block) -> None:
    any_of(block, "url", "url_file")
    one_of(block, "url", "url_file")
    one_of(block, "alert_source_token", "alert_source_token_file")
    token = block.get("alert_source_token") or block.get("alert_source_token_file")
    authorization = (block.get("http_config") or {}).get("authorization")
    if token and authorization is not None:
        raise Rejection("a token and http_config.authorization exclude each other", "http_config", hint="keep one")
    if not token and authorization is None:
        raise Rejection("alert_source_token or http_config.authorization is needed", "alert_source_token")


INCIDENTIO = Integration(
    "incidentio_configs",
    (
        SEND_RESOLVED,
        HTTP_CONFIG,
        Field("url", URL_TEXT),
        Field("url_file", TEXT),
        Field("alert_source_token", TEXT),
        Field("alert_source_token_file", TEXT),
        Field("max_alerts", KEPT_WHOLE),
        Field("timeout", GO_DURATION),
    ),
    since="0.29.0",
    load=_load,
)
