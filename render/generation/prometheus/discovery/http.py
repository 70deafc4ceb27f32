"""An HTTP endpoint that lists targets."""

from __future__ import annotations

from render.generation.fields import Row
from render.generation.http_client import BASIC_AUTH, OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import ENABLE_HTTP2, FOLLOW_REDIRECTS, REFRESH_INTERVAL

HTTP = Discovery(
    "http_sd_configs",
    "httpSDConfigs",
    rows=(
        BASIC_AUTH,
        SAFE_AUTHORIZATION,
        SAFE_TLS,
        *PROXY,
        OAUTH2,
        Row("url"),
        REFRESH_INTERVAL,
        FOLLOW_REDIRECTS,
        ENABLE_HTTP2,
    ),
    checks=(checks.url("url"), checks.basic_auth, checks.authorization, checks.oauth2, checks.tls, checks.proxy),
    since="2.28.0",
)
