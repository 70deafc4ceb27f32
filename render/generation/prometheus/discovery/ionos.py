"""Servers of an IONOS Cloud data center."""

from __future__ import annotations

from render.generation.fields import Row
from render.generation.http_client import OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import ENABLE_HTTP2, FOLLOW_REDIRECTS, PORT, REFRESH_INTERVAL

IONOS = Discovery(
    "ionos_sd_configs",
    "ionosSDConfigs",
    rows=(
        SAFE_AUTHORIZATION,
        OAUTH2,
        *PROXY,
        SAFE_TLS,
        Row("datacenter_id", of="datacenterID"),
        FOLLOW_REDIRECTS,
        ENABLE_HTTP2,
        PORT,
        REFRESH_INTERVAL,
    ),
    checks=(checks.authorization, checks.proxy, checks.tls, checks.oauth2),
    since="2.36.0",
)
