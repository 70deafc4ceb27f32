"""Servers of Hetzner Cloud or Hetzner Robot."""

from __future__ import annotations

from render.generation.fields import Row
from render.generation.http_client import BASIC_AUTH, OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import ENABLE_HTTP2, FOLLOW_REDIRECTS, PORT, REFRESH_INTERVAL, lower

HETZNER = Discovery(
    "hetzner_sd_configs",
    "hetznerSDConfigs",
    rows=(
        BASIC_AUTH,
        SAFE_AUTHORIZATION,
        OAUTH2,
        *PROXY,
        Row("role", convert=lower),
        FOLLOW_REDIRECTS,
        ENABLE_HTTP2,
        SAFE_TLS,
        PORT,
        REFRESH_INTERVAL,
        Row("label_selector"),
    ),
    checks=(
        checks.needs("labelSelector", "3.5.0"),
        checks.basic_auth,
        checks.authorization,
        checks.oauth2,
        checks.tls,
        checks.proxy,
    ),
)
