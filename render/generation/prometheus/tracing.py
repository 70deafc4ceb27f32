"""The `tracing` block: where the server sends its own traces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation import http_client
from render.generation.fields import Block, Row, emit
from render.generation.scope import PROMETHEUS_CERTS
from render.golang.quantities import approximate_float
from render.selection.credentials import check_tls, validate_tls

if TYPE_CHECKING:
    from render.generation.prometheus.server import Server
    from render.generation.scope import Scope

FIELD = "spec.tracingConfig.tlsConfig"


def _lower(value: str, _scope: Scope) -> str:
    return value.lower()


def _fraction(value: int | str, _scope: Scope) -> float:
    return approximate_float(value)


ROWS = (
    Row("endpoint", keep_empty=True),
    Row("client_type", convert=_lower),
    Row("sampling_fraction", convert=_fraction),
    Row("insecure"),
    Row("headers", convert=http_client.text_map),
    Row("compression", convert=_lower),
    Row("timeout", keep_empty=True),
    http_client.TLS,
)


def block(server: Server) -> Block | None:
    """The `tracing` block; None when it is absent."""
    settings = server.spec.tracingConfig
    if settings is None:
        return None
    out = emit(ROWS, settings, server.scope)
    _warn_of_missing_files(out.get(http_client.TLS.key, {}), server)
    return out


def _warn_of_missing_files(tls: Block, server: Server) -> None:
    """The operator names TLS assets here without copying them: they exist if something else refers to them as well."""
    for path in (tls.get("ca_file"), tls.get("cert_file"), tls.get("key_file")):
        folder, _, name = (path or "").rpartition("/")
        if folder == PROMETHEUS_CERTS and name not in server.references.assets:
            message = f"{path} will not exist: the operator copies no certificates and keys for tracing"
            hint = "list the Secret or ConfigMap in spec.secrets or spec.configMaps, and name its files here"
            server.report.warning("tracing-tls-not-copied", message, server.key, field=FIELD, hint=hint)


def check(server: Server) -> None:
    """The TLS part is consistent; references are looked up only where they stay. Raises Rejection."""
    settings = server.spec.tracingConfig
    if settings is not None and settings.tlsConfig is not None:
        validate_tls(settings.tlsConfig, FIELD)
        if server.references.by_reference:  # the reloader writes what the configuration names
            check_tls(server.key.namespace, settings.tlsConfig, server.references, FIELD)
