"""Targets that are listed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.fields import Block, Row
from render.generation.prometheus.discovery.kind import Discovery
from render.golang.names import is_label_name
from render.output.goyaml import sort_keys

if TYPE_CHECKING:
    from render.api.scrape_config import StaticConfig
    from render.generation.scope import Scope

UTF8_SINCE = "3.0.0"


def _check_labels(entry: StaticConfig, scope: Scope, field: str) -> None:
    utf8 = scope.at_least(UTF8_SINCE)
    for name in entry.labels or {}:
        if not is_label_name(name, utf8=utf8):
            message = f"{name!r} is no label name" + ("" if utf8 else f" for {scope.product} {scope.version}")
            raise Rejection(message, f"{field}.labels", hint="use letters, digits and underscores")


def _generate(entry: StaticConfig, _scope: Scope) -> Block:
    return {"targets": entry.targets, "labels": sort_keys(entry.labels or {})}


STATIC = Discovery(
    "static_configs",
    "staticConfigs",
    rows=(Row("targets"), Row("labels")),
    checks=(_check_labels,),
    generate=_generate,
)
