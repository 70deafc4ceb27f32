"""OpsGenie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import KEPT_FLAG, TEXT, TEXT_MAP, URL_TEXT, blocks
from render.generation.alertmanager.receivers.integration import (
    SEND_RESOLVED,
    Integration,
    key_values,
    secret,
)
from render.generation.alertmanager.shape import Field, Shape, any_of, one_of, require
from render.generation.fields import Row, emit
from render.golang import templates

if TYPE_CHECKING:
    from render.api.alertmanager_config_v1alpha1 import OpsGenieConfig
    from render.generation.fields import Block
    from render.generation.scope import Scope

RESPONDER_TYPES = ("team", "teams", "user", "escalation", "schedule")


def _load_responder(responder: Block) -> None:
    any_of(responder, "id", "username", "name")
    text = responder.get("type", "")
    if "{{" in text:
        try:
            templates.check_plain_template(text)
        except ValueError:
            raise Rejection("is no template", "type") from None
    elif text.lower() not in RESPONDER_TYPES:
        raise Rejection(f"must be one of {', '.join(RESPONDER_TYPES)}", "type")


RESPONDER = Shape(
    (Field("id", TEXT), Field("name", TEXT), Field("username", TEXT), Field("type", TEXT)), load=_load_responder
)
_RESPONDER_ROWS = (Row("id"), Row("name"), Row("username"), Row("type"))


def _rules(entry: Block, scope: Scope) -> None:
    for number, responder in enumerate(entry.get("responders") or ()):
        if responder.get("type") == "teams":
            require(scope, "0.24.0", f"responders[{number}].type")


def _validate(entry: OpsGenieConfig, field: str) -> None:
    for number, responder in enumerate(entry.responders or ()):
        if not (responder.id or responder.name or responder.username):
            raise Rejection("id, name or username is needed", f"{field}.responders[{number}]", hint="set one of them")


def _check(entry: OpsGenieConfig, scope: Scope, field: str) -> None:
    for number, responder in enumerate(entry.responders or ()):
        if responder.type == "teams":
            require(scope, "0.24.0", f"{field}.responders[{number}].type")


def _responders(responders: list[Any], scope: Scope) -> list[Block]:
    return [emit(_RESPONDER_ROWS, responder, scope) for responder in responders]


OPSGENIE = Integration(
    "opsgenie_configs",
    (
        SEND_RESOLVED,
        HTTP_CONFIG,
        Field("api_key", TEXT),
        Field("api_key_file", TEXT, since="0.24.0", unless="api_key"),
        Field("api_url", URL_TEXT),
        Field("message", TEXT),
        Field("description", TEXT),
        Field("source", TEXT),
        Field("details", TEXT_MAP),
        Field("responders", blocks(lambda: RESPONDER)),
        Field("tags", TEXT),
        Field("note", TEXT),
        Field("priority", TEXT),
        Field("update_alerts", KEPT_FLAG, since="0.24.0"),
        Field("entity", TEXT, since="0.24.0"),
        Field("actions", TEXT, since="0.24.0"),
    ),
    attribute="opsgenieConfigs",
    rows=(
        Row("send_resolved"),
        Row("api_key", convert=secret),
        Row("api_url", of="apiURL"),
        Row("message"),
        Row("description"),
        Row("source"),
        Row("details", convert=key_values),
        Row("responders", convert=_responders),
        Row("tags"),
        Row("note"),
        Row("priority"),
        Row("update_alerts"),
        Row("entity"),
        Row("actions"),
    ),
    urls=("apiURL",),
    file_urls=("api_url",),
    validate=_validate,
    check=_check,
    load=lambda entry: one_of(entry, "api_key", "api_key_file"),
    rules=_rules,
)
