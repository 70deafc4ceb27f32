"""Virtual machines of Azure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.fields import Block, Row, emit
from render.generation.http_client import BASIC_AUTH, OAUTH2, PROXY, SAFE_AUTHORIZATION
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.azure_faults import client_block
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import PORT, REFRESH_INTERVAL, secret_row

if TYPE_CHECKING:
    from render.api.scrape_config import AzureSDConfig
    from render.generation.prometheus.discovery.kind import Check
    from render.generation.scope import Scope

METHOD_SINCE = {"SDK": "2.52.0", "WorkloadIdentity": "3.11.0"}
"""Ways to authenticate that not every version knows."""

WITHOUT_SECRET = frozenset({"ManagedIdentity", "SDK", "WorkloadIdentity"})
"""Ways to authenticate that need no registered application; the others (OAuth, the default) do."""

UNWRITTEN = ("tlsConfig", "followRedirects", "enableHTTP2")
"""Fields that the reference takes and leaves out of the configuration."""

CLIENT = ("basicAuth", "authorization", "oauth2", "proxyUrl", "noProxy", "proxyFromEnvironment", "proxyConnectHeader")
"""Fields that the reference leaves out where environment is set."""


def _check_method(entry: AzureSDConfig, scope: Scope, field: str) -> None:
    since = METHOD_SINCE.get(entry.authenticationMethod or "")
    if since is not None and not scope.at_least(since):
        method = f"authenticationMethod {entry.authenticationMethod}"
        message = f"{method} needs {scope.product} {since} or later, and this is {scope.version}"
        raise Rejection(
            message,
            f"{field}.authenticationMethod",
            code="version-unsupported",
            hint="raise spec.version of the server",
        )


def _check_application(entry: AzureSDConfig, _scope: Scope, field: str) -> None:
    if entry.authenticationMethod in WITHOUT_SECRET:
        return
    for attribute in ("tenantID", "clientID", "clientSecret"):
        if not getattr(entry, attribute):
            message = f"authentication with OAuth needs {attribute}"
            raise Rejection(message, f"{field}.{attribute}", hint=f"set {attribute}, or another authenticationMethod")


def _check_tls(entry: AzureSDConfig, scope: Scope, field: str) -> None:
    """The certificates become assets as in the reference, although the configuration never names them."""
    if entry.authenticationMethod not in WITHOUT_SECRET:
        checks.tls(entry, scope, field)


def _unless_forgotten(check: Check) -> Check:
    """The check, left out where the reference forgets it and its faults are asked for."""

    def look(entry: AzureSDConfig, scope: Scope, field: str) -> None:
        if not _is_forgotten(entry, scope):
            check(entry, scope, field)

    return look


def _is_forgotten(entry: AzureSDConfig, scope: Scope) -> bool:
    return scope.references.reference_faults and entry.authenticationMethod in WITHOUT_SECRET


def _warn_unwritten(entry: AzureSDConfig, scope: Scope, field: str) -> None:
    for attribute in (*UNWRITTEN, *(CLIENT if entry.environment is not None else ())):
        if getattr(entry, attribute) is not None:
            message = f"{attribute} is left out, as the reference operator does for this Azure discovery"
            scope.report.warning(
                "field-dropped", message, scope.key, field=f"{field}.{attribute}", hint=f"remove {attribute}"
            )


_CLIENT_ROWS = (BASIC_AUTH, SAFE_AUTHORIZATION, OAUTH2, *PROXY)
_ROWS = (
    Row("environment"),
    Row("authentication_method"),
    Row("subscription_id", of="subscriptionID"),
    Row("tenant_id", of="tenantID"),
    Row("client_id", of="clientID"),
    secret_row("client_secret"),
    Row("resource_group"),
    REFRESH_INTERVAL,
    PORT,
)


def _generate(entry: AzureSDConfig, scope: Scope) -> Block:
    out: Block = {}
    if entry.environment is None:
        out = (
            client_block(_CLIENT_ROWS, entry, scope)
            if _is_forgotten(entry, scope)
            else emit(_CLIENT_ROWS, entry, scope)
        )
    return emit(_ROWS, entry, scope, out)


AZURE = Discovery(
    "azure_sd_configs",
    "azureSDConfigs",
    rows=(*_CLIENT_ROWS, *_ROWS),
    checks=(
        _check_method,
        checks.needs("resourceGroup", "2.35.0"),
        _check_application,
        checks.secret("clientSecret"),
        _unless_forgotten(checks.basic_auth),
        _unless_forgotten(checks.oauth2),
        _unless_forgotten(checks.proxy),
        _check_tls,
        _unless_forgotten(checks.authorization),
        _warn_unwritten,
    ),
    generate=_generate,
)
