"""Instances of AWS EC2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation.fields import Block, Row, emit
from render.generation.http_client import PROXY, safe_tls
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import FILTERS, PORT, REFRESH_INTERVAL, secret_row

if TYPE_CHECKING:
    from render.api.scrape_config import EC2SDConfig
    from render.generation.scope import Scope

CLIENT_SINCE = "2.41.0"
"""Since when the client that asks AWS can be set up."""

_PLACE = (*PROXY, Row("region"))
_KEYS = (secret_row("access_key"), secret_row("secret_key"))
_REST = (
    Row("role_arn", of="roleARN"),
    REFRESH_INTERVAL,
    PORT,
    FILTERS,
    Row("follow_redirects", since=CLIENT_SINCE),
    Row("enable_http2", of="enableHTTP2", since=CLIENT_SINCE),
    Row("tls_config", of="tlsConfig", since=CLIENT_SINCE, convert=safe_tls),
)


def _generate(entry: EC2SDConfig, scope: Scope) -> Block:
    """The keys are written only when both are given."""
    both = entry.accessKey is not None and entry.secretKey is not None
    return emit((*_PLACE, *(_KEYS if both else ()), *_REST), entry, scope)


EC2 = Discovery(
    "ec2_sd_configs",
    "ec2SDConfigs",
    rows=(*_PLACE, *_KEYS, *_REST),
    checks=(checks.secret("accessKey"), checks.secret("secretKey"), checks.tls, checks.proxy),
    generate=_generate,
)
