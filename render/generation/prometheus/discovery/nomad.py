"""Services of a Nomad cluster."""

from __future__ import annotations

from render.generation.fields import Row
from render.generation.http_client import BASIC_AUTH, OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import ENABLE_HTTP2, FOLLOW_REDIRECTS, REFRESH_INTERVAL

NOMAD = Discovery(
    "nomad_sd_configs",
    "nomadSDConfigs",
    rows=(
        BASIC_AUTH,
        SAFE_AUTHORIZATION,
        OAUTH2,
        *PROXY,
        Row("server"),
        Row("allow_stale"),
        Row("namespace"),
        REFRESH_INTERVAL,
        Row("region"),
        Row("tag_separator"),
        FOLLOW_REDIRECTS,
        ENABLE_HTTP2,
        SAFE_TLS,
    ),
    checks=(
        checks.url("server", absolute=True),
        checks.authorization,
        checks.oauth2,
        checks.tls,
        checks.basic_auth,
        checks.proxy,
    ),
)
