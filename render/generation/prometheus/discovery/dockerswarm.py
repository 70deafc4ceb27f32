"""Services, tasks or nodes of a Docker Swarm."""

from __future__ import annotations

from render.generation.fields import Row
from render.generation.http_client import BASIC_AUTH, OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import (
    ENABLE_HTTP2,
    FILTERS,
    FOLLOW_REDIRECTS,
    PORT,
    REFRESH_INTERVAL,
    lower,
)

DOCKERSWARM = Discovery(
    "dockerswarm_sd_configs",
    "dockerSwarmSDConfigs",
    rows=(
        BASIC_AUTH,
        SAFE_AUTHORIZATION,
        OAUTH2,
        *PROXY,
        FILTERS,
        Row("host"),
        SAFE_TLS,
        Row("role", convert=lower),
        PORT,
        REFRESH_INTERVAL,
        FOLLOW_REDIRECTS,
        ENABLE_HTTP2,
    ),
    checks=(checks.url("host"), checks.authorization, checks.oauth2, checks.tls, checks.basic_auth, checks.proxy),
    since="2.20.0",
)
