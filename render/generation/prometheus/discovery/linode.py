"""Instances of Linode."""

from __future__ import annotations

from render.generation.fields import Row
from render.generation.http_client import OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import ENABLE_HTTP2, FOLLOW_REDIRECTS, PORT, REFRESH_INTERVAL

LINODE = Discovery(
    "linode_sd_configs",
    "linodeSDConfigs",
    rows=(
        SAFE_AUTHORIZATION,
        OAUTH2,
        *PROXY,
        SAFE_TLS,
        PORT,
        Row("region"),
        ENABLE_HTTP2,
        Row("tag_separator"),
        REFRESH_INTERVAL,
        FOLLOW_REDIRECTS,
    ),
    checks=(checks.authorization, checks.oauth2, checks.tls, checks.proxy),
    since="2.28.0",
)
