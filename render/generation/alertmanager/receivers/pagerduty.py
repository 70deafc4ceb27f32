"""PagerDuty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.alertmanager.http_client import HTTP_CONFIG
from render.generation.alertmanager.kinds import ANY_MAP, GO_DURATION, TEXT, URL_TEXT, blocks
from render.generation.alertmanager.receivers.integration import (
    SEND_RESOLVED,
    Integration,
    check_template_url,
    key_values,
    prometheus_duration,
    secret,
)
from render.generation.alertmanager.shape import Field, Shape, any_of, one_of, require
from render.generation.fields import Row, emit

if TYPE_CHECKING:
    from render.api.alertmanager_config_v1alpha1 import PagerDutyConfig
    from render.generation.fields import Block
    from render.generation.scope import Scope

IMAGE = Shape((Field("src", TEXT), Field("alt", TEXT), Field("href", TEXT)))
LINK = Shape((Field("href", TEXT), Field("text", TEXT)))


def _load(entry: Block) -> None:
    any_of(entry, "routing_key", "service_key", "routing_key_file", "service_key_file")
    one_of(entry, "routing_key", "routing_key_file")
    one_of(entry, "service_key", "service_key_file")


def _rules(entry: Block, scope: Scope) -> None:
    if not scope.at_least("0.30.0"):
        for key, value in (entry.get("details") or {}).items():
            if not isinstance(value, str):
                require(scope, "0.30.0", f"details.{key}")


def _validate(entry: PagerDutyConfig, field: str) -> None:
    if entry.routingKey is None and entry.serviceKey is None:
        raise Rejection("routingKey or serviceKey is needed", field, hint="reference the key of a Secret")
    for attribute in ("pagerDutyLinkConfigs", "pagerDutyImageConfigs"):
        for number, item in enumerate(getattr(entry, attribute) or ()):
            check_template_url(item.href, f"{field}.{attribute}[{number}].href")


def _images(images: list[Any], scope: Scope) -> list[Block]:
    return [emit((Row("src"), Row("alt"), Row("href")), image, scope) for image in images]


def _links(links: list[Any], scope: Scope) -> list[Block]:
    return [emit((Row("href"), Row("text", of="alt")), link, scope) for link in links]


PAGERDUTY = Integration(
    "pagerduty_configs",
    (
        SEND_RESOLVED,
        HTTP_CONFIG,
        Field("service_key", TEXT),
        Field("service_key_file", TEXT, since="0.25.0", unless="service_key"),
        Field("routing_key", TEXT),
        Field("routing_key_file", TEXT, since="0.25.0", unless="routing_key"),
        Field("url", URL_TEXT),
        Field("client", TEXT),
        Field("client_url", TEXT),
        Field("description", TEXT),
        Field("details", ANY_MAP),
        Field("images", blocks(lambda: IMAGE)),
        Field("links", blocks(lambda: LINK)),
        Field("severity", TEXT),
        Field("class", TEXT),
        Field("component", TEXT),
        Field("group", TEXT),
        Field("source", TEXT, since="0.25.0"),
        Field("timeout", GO_DURATION, since="0.30.0"),
    ),
    attribute="pagerdutyConfigs",
    rows=(
        Row("send_resolved"),
        Row("routing_key", convert=secret),
        Row("service_key", convert=secret),
        Row("url"),
        Row("client"),
        Row("client_url", of="clientURL"),
        Row("description"),
        Row("details", convert=key_values),
        Row("images", of="pagerDutyImageConfigs", convert=_images),
        Row("links", of="pagerDutyLinkConfigs", convert=_links),
        Row("severity"),
        Row("class", of="class_"),
        Row("component"),
        Row("group"),
        Row("source"),
        Row("timeout", convert=prometheus_duration),
    ),
    urls=("url",),
    template_urls=("clientURL",),
    validate=_validate,
    load=_load,
    rules=_rules,
)
