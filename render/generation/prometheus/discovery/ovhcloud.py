"""Servers of OVHcloud, dedicated or virtual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation.fields import Row
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import REFRESH_INTERVAL, secret_row

if TYPE_CHECKING:
    from render.generation.scope import Scope

_SERVICES = {"VPS": "vps", "DedicatedServer": "dedicated_server"}


def _service(name: str, _scope: Scope) -> str:
    return _SERVICES[name]


OVHCLOUD = Discovery(
    "ovhcloud_sd_configs",
    "ovhcloudSDConfigs",
    rows=(
        Row("application_key"),
        secret_row("application_secret"),
        secret_row("consumer_key"),
        Row("service", convert=_service),
        Row("endpoint"),
        REFRESH_INTERVAL,
    ),
    checks=(checks.secret("applicationSecret"), checks.secret("consumerKey")),
    since="2.40.0",
)
