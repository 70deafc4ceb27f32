"""VictorOps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import TEXT, TEXT_MAP, URL_TEXT
from render.generation.alertmanager.receivers.integration import (
    SEND_RESOLVED,
    Integration,
    key_values,
    secret,
)
from render.generation.alertmanager.shape import Field, any_of, one_of
from render.generation.fields import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from render.api.alertmanager_config_v1alpha1 import VictorOpsConfig
    from render.generation.fields import Block

RESERVED = frozenset(
    {
        "routing_key",
        "message_type",
        "state_message",
        "entity_display_name",
        "monitoring_tool",
        "entity_id",
        "entity_state",
    }
)
"""Fields that the server sets itself."""


def _load(block: Block) -> None:
    any_of(block, "routing_key")
    one_of(block, "api_key", "api_key_file")
    _check_custom_fields(block.get("custom_fields") or (), "custom_fields")


def _validate(entry: VictorOpsConfig, field: str) -> None:
    _check_custom_fields((pair.key for pair in entry.customFields or ()), f"{field}.customFields")
    if not entry.routingKey:
        raise Rejection("is needed", f"{field}.routingKey")


def _check_custom_fields(names: Iterable[str], field: str) -> None:
    for name in names:
        if name in RESERVED:
            raise Rejection(f"{name} is set by Alertmanager itself", field, hint="use another name")


VICTOROPS = Integration(
    "victorops_configs",
    (
        SEND_RESOLVED,
        HTTP_CONFIG,
        Field("api_key", TEXT),
        Field("api_key_file", TEXT, since="0.25.0", unless="api_key"),
        Field("api_url", URL_TEXT),
        Field("routing_key", TEXT),
        Field("message_type", TEXT),
        Field("state_message", TEXT),
        Field("entity_display_name", TEXT),
        Field("monitoring_tool", TEXT),
        Field("custom_fields", TEXT_MAP),
    ),
    attribute="victoropsConfigs",
    rows=(
        Row("send_resolved"),
        Row("api_key", convert=secret),
        Row("api_url"),
        Row("routing_key"),
        Row("message_type"),
        Row("state_message"),
        Row("entity_display_name"),
        Row("monitoring_tool"),
        Row("custom_fields", convert=key_values),
    ),
    urls=("apiUrl",),
    file_urls=("api_url",),
    validate=_validate,
    load=_load,
)
