"""Droplets of DigitalOcean."""

from __future__ import annotations

from render.generation.http_client import OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import ENABLE_HTTP2, FOLLOW_REDIRECTS, PORT, REFRESH_INTERVAL

DIGITALOCEAN = Discovery(
    "digitalocean_sd_configs",
    "digitalOceanSDConfigs",
    rows=(
        SAFE_AUTHORIZATION,
        OAUTH2,
        *PROXY,
        FOLLOW_REDIRECTS,
        ENABLE_HTTP2,
        SAFE_TLS,
        PORT,
        REFRESH_INTERVAL,
    ),
    checks=(checks.authorization, checks.oauth2, checks.tls, checks.proxy),
    since="2.20.0",
)
