"""Instances or bare metal servers of Scaleway."""

from __future__ import annotations

from render.generation.fields import Row
from render.generation.http_client import PROXY, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import (
    ENABLE_HTTP2,
    FOLLOW_REDIRECTS,
    PORT,
    REFRESH_INTERVAL,
    lower,
    secret_row,
)

SCALEWAY = Discovery(
    "scaleway_sd_configs",
    "scalewaySDConfigs",
    rows=(
        Row("access_key"),
        secret_row("secret_key"),
        Row("project_id", of="projectID"),
        Row("role", convert=lower),
        PORT,
        Row("api_url", of="apiURL"),
        Row("zone"),
        Row("name_filter"),
        Row("tags_filter"),
        REFRESH_INTERVAL,
        *PROXY,
        SAFE_TLS,
        FOLLOW_REDIRECTS,
        ENABLE_HTTP2,
    ),
    checks=(checks.secret("secretKey"), checks.proxy, checks.tls),
    since="2.26.0",
)
