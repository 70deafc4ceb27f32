"""Instances, hypervisors or load balancers of OpenStack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.fields import Row
from render.generation.http_client import SAFE_TLS
from render.generation.prometheus.discovery import checks
from render.generation.prometheus.discovery.kind import Discovery
from render.generation.prometheus.discovery.rows import PORT, REFRESH_INTERVAL, lower, secret_row

if TYPE_CHECKING:
    from render.api.scrape_config import OpenStackSDConfig
    from render.generation.scope import Scope

LOAD_BALANCER_SINCE = "3.2.0"


def _check_role(entry: OpenStackSDConfig, scope: Scope, field: str) -> None:
    if entry.role == "LoadBalancer" and not scope.at_least(LOAD_BALANCER_SINCE):
        message = (
            f"the role LoadBalancer needs {scope.product} {LOAD_BALANCER_SINCE} or later, and this is {scope.version}"
        )
        raise Rejection(message, f"{field}.role", code="version-unsupported", hint="raise spec.version of the server")


OPENSTACK = Discovery(
    "openstack_sd_configs",
    "openstackSDConfigs",
    rows=(
        Row("role", convert=lower),
        Row("region"),
        Row("identity_endpoint"),
        Row("username"),
        Row("userid"),
        secret_row("password"),
        Row("domain_name"),
        Row("domain_id", of="domainID"),
        Row("project_name"),
        Row("project_id", of="projectID"),
        Row("application_credential_name"),
        Row("application_credential_id"),
        secret_row("application_credential_secret"),
        Row("all_tenants"),
        REFRESH_INTERVAL,
        PORT,
        Row("availability"),
        SAFE_TLS,
    ),
    checks=(_check_role, checks.secret("password"), checks.secret("applicationCredentialSecret"), checks.tls),
)
