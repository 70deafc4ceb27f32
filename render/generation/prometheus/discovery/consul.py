"""Services of a Consul catalogue."""

from __future__ import annotations

from render.generation.fields import Row
from render.generation.http_client import BASIC_AUTH, OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS, text_map
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import (
    ENABLE_HTTP2,
    FOLLOW_REDIRECTS,
    REFRESH_INTERVAL,
    lower,
    secret_row,
)

CONSUL = Discovery(
    "consul_sd_configs",
    "consulSDConfigs",
    rows=(
        BASIC_AUTH,
        SAFE_AUTHORIZATION,
        OAUTH2,
        *PROXY,
        SAFE_TLS,
        Row("server"),
        Row("path_prefix"),
        secret_row("token", "tokenRef"),
        Row("datacenter"),
        Row("namespace"),
        Row("partition"),
        Row("scheme", convert=lower),
        Row("services"),
        Row("tags"),
        Row("tag_separator"),
        Row("node_meta", convert=text_map),
        Row("filter"),
        Row("health_filter"),
        Row("allow_stale"),
        REFRESH_INTERVAL,
        FOLLOW_REDIRECTS,
        ENABLE_HTTP2,
    ),
    checks=(
        checks.needs("pathPrefix", "2.45.0"),
        checks.needs("namespace", "2.28.0"),
        checks.needs("filter", "3.0.0"),
        checks.needs("healthFilter", "3.11.2"),
        checks.basic_auth,
        checks.authorization,
        checks.oauth2,
        checks.tls,
        checks.secret("tokenRef"),
        checks.proxy,
    ),
)
