"""Containers of a Docker daemon."""

from __future__ import annotations

from render.generation.fields import Row
from render.generation.http_client import BASIC_AUTH, OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import ENABLE_HTTP2, FILTERS, FOLLOW_REDIRECTS, PORT, REFRESH_INTERVAL

DOCKER = Discovery(
    "docker_sd_configs",
    "dockerSDConfigs",
    rows=(
        SAFE_AUTHORIZATION,
        OAUTH2,
        *PROXY,
        BASIC_AUTH,
        FILTERS,
        Row("host"),
        SAFE_TLS,
        PORT,
        Row("host_networking_host"),
        Row("match_first_network", since="2.54.1"),
        REFRESH_INTERVAL,
        FOLLOW_REDIRECTS,
        ENABLE_HTTP2,
    ),
    checks=(
        checks.needs("matchFirstNetwork", "2.54.1"),
        checks.basic_auth,
        checks.authorization,
        checks.oauth2,
        checks.tls,
        checks.url("host"),
        checks.proxy,
    ),
)
