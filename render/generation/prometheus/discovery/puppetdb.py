"""Resources found by a PuppetDB query."""

from __future__ import annotations

from render.generation.fields import Row
from render.generation.http_client import BASIC_AUTH, OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import ENABLE_HTTP2, FOLLOW_REDIRECTS, PORT, REFRESH_INTERVAL

PUPPETDB = Discovery(
    "puppetdb_sd_configs",
    "puppetDBSDConfigs",
    rows=(
        BASIC_AUTH,
        SAFE_AUTHORIZATION,
        OAUTH2,
        *PROXY,
        Row("url"),
        Row("query"),
        Row("include_parameters"),
        PORT,
        REFRESH_INTERVAL,
        FOLLOW_REDIRECTS,
        SAFE_TLS,
        ENABLE_HTTP2,
    ),
    checks=(
        checks.url("url", ("http", "https"), absolute=True),
        checks.authorization,
        checks.oauth2,
        checks.tls,
        checks.basic_auth,
        checks.proxy,
    ),
    since="2.31.0",
)
