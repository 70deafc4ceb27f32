"""Any service that takes an HTTP request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import ANYTHING, GO_DURATION, TEXT, WHOLE
from render.generation.alertmanager.receivers.integration import (
    SEND_RESOLVED,
    Integration,
    check_template_url,
    prometheus_duration,
    secret,
)
from render.generation.alertmanager.shape import Field, any_of, one_of, require
from render.generation.fields import Row
from render.selection.placeholders import known

if TYPE_CHECKING:
    from render.api.alertmanager_config_v1alpha1 import WebhookConfig
    from render.generation.fields import Block
    from render.generation.scope import Scope


def _load(block: Block) -> None:
    any_of(block, "url", "url_file")
    one_of(block, "url", "url_file")
    check_template_url(block.get("url"), "url")


def _validate(entry: WebhookConfig, field: str) -> None:
    if entry.url is None and entry.urlSecret is None:
        raise Rejection("url or urlSecret is needed", field, hint="set one of the two")


def _check(entry: WebhookConfig, scope: Scope, field: str) -> None:
    if entry.payload is not None:
        require(scope, "0.32.0", f"{field}.payload")


def _complete(entry: WebhookConfig, scope: Scope) -> Block:
    """The URL: that of the Secret goes first."""
    if entry.urlSecret is None:
        return {"url": entry.url}
    url = secret(entry.urlSecret, scope)
    check_template_url((known(url) or "").strip(), "urlSecret")
    return {"url": url}


WEBHOOK = Integration(
    "webhook_configs",
    (
        SEND_RESOLVED,
        Field("url", TEXT),
        Field("url_file", TEXT, since="0.26.0", unless="url"),
        HTTP_CONFIG,
        Field("max_alerts", WHOLE),
        Field("timeout", GO_DURATION, since="0.28.0"),
        Field("payload", ANYTHING, since="0.32.0"),
    ),
    attribute="webhookConfigs",
    rows=(
        Row("send_resolved"),
        Row("max_alerts"),
        Row("timeout", convert=prometheus_duration),
        Row("payload"),
    ),
    template_urls=("url",),
    file_template_urls=("url",),
    validate=_validate,
    check=_check,
    complete=_complete,
    load=_load,
)
