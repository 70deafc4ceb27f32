"""Instances of AWS Lightsail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation.fields import Block, Row, emit
from render.generation.http_client import BASIC_AUTH, OAUTH2, PROXY, SAFE_AUTHORIZATION, SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import (
    ENABLE_HTTP2,
    FOLLOW_REDIRECTS,
    PORT,
    REFRESH_INTERVAL,
    secret_row,
)

if TYPE_CHECKING:
    from render.api.scrape_config import LightSailSDConfig
    from render.generation.scope import Scope

_PLACE = (BASIC_AUTH, SAFE_AUTHORIZATION, *PROXY, OAUTH2, Row("region"), Row("endpoint"), PORT, REFRESH_INTERVAL)
_KEYS = (secret_row("access_key"), secret_row("secret_key"))
_REST = (Row("role_arn", of="roleARN"), SAFE_TLS, FOLLOW_REDIRECTS, ENABLE_HTTP2)


def _generate(entry: LightSailSDConfig, scope: Scope) -> Block:
    """The keys are written only when both are given."""
    both = entry.accessKey is not None and entry.secretKey is not None
    return emit((*_PLACE, *(_KEYS if both else ()), *_REST), entry, scope)


LIGHTSAIL = Discovery(
    "lightsail_sd_configs",
    "lightSailSDConfigs",
    rows=(*_PLACE, *_KEYS, *_REST),
    checks=(
        checks.secret("accessKey"),
        checks.secret("secretKey"),
        checks.authorization,
        checks.oauth2,
        checks.tls,
        checks.basic_auth,
        checks.proxy,
    ),
    since="2.27.0",
    generate=_generate,
)
