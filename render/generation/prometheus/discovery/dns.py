"""DNS names that are asked again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.fields import Block, Row, emit
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import PORT, REFRESH_INTERVAL

if TYPE_CHECKING:
    from render.api.scrape_config import DNSSDConfig
    from render.generation.scope import Scope

TYPE_SINCE = {"MX": "2.38.0", "NS": "2.49.0"}
"""Record types that not every version knows."""

_NAMES = (Row("names", keep_empty=True), REFRESH_INTERVAL)


def _check_port(entry: DNSSDConfig, _scope: Scope, field: str) -> None:
    if entry.type is not None and entry.type != "SRV" and entry.port is None:
        message = f"a port is needed for records of type {entry.type}"
        raise Rejection(message, f"{field}.port", hint="set port, or ask for SRV records")


def _generate(entry: DNSSDConfig, scope: Scope) -> Block:
    kind = Row("type", since=TYPE_SINCE.get(entry.type or "", ""))
    return emit((*_NAMES, kind, PORT), entry, scope)


DNS = Discovery(
    "dns_sd_configs",
    "dnsSDConfigs",
    rows=(*_NAMES, Row("type"), PORT),
    checks=(_check_port,),
    generate=_generate,
)
