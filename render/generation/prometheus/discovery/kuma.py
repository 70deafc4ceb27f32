"""Data plane proxies of a Kuma service mesh."""

from __future__ import annotations

from render.generation.fields import Row
from render.generation.http_client import BASIC_AUTH, OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import ENABLE_HTTP2, FOLLOW_REDIRECTS, REFRESH_INTERVAL, given

KUMA = Discovery(
    "kuma_sd_configs",
    "kumaSDConfigs",
    rows=(
        BASIC_AUTH,
        SAFE_AUTHORIZATION,
        OAUTH2,
        *PROXY,
        Row("server"),
        FOLLOW_REDIRECTS,
        ENABLE_HTTP2,
        SAFE_TLS,
        REFRESH_INTERVAL,
        given("fetch_timeout"),
        Row("client_id", of="clientID"),
    ),
    checks=(
        checks.needs("clientID", "2.50.0"),
        checks.url("server", absolute=True),
        checks.authorization,
        checks.oauth2,
        checks.tls,
        checks.basic_auth,
        checks.proxy,
    ),
)
