"""Servers of an IONOS Cloud data center."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation.fields import Block, Row, emit
from render.generation.http_client import OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import ENABLE_HTTP2, FOLLOW_REDIRECTS, PORT, REFRESH_INTERVAL

if TYPE_CHECKING:
    from render.api.scrape_config import IonosSDConfig
    from render.generation.scope import Scope

_REST = (
    *PROXY,
    SAFE_TLS,
    Row("datacenter_id", of="datacenterID"),
    FOLLOW_REDIRECTS,
    ENABLE_HTTP2,
    PORT,
    REFRESH_INTERVAL,
)


def _generate(entry: IonosSDConfig, scope: Scope) -> Block:
    """The API asks for authorization always; oauth2 takes its place."""
    login = SAFE_AUTHORIZATION if entry.oauth2 is None else OAUTH2
    return emit((login, *_REST), entry, scope)


IONOS = Discovery(
    "ionos_sd_configs",
    "ionosSDConfigs",
    rows=(SAFE_AUTHORIZATION, OAUTH2, *_REST),
    checks=(checks.authorization, checks.proxy, checks.tls, checks.oauth2),
    since="2.36.0",
    generate=_generate,
)
