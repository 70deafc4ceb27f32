"""Scrape classes: settings of the workload object that monitors take over by naming the class, or by naming none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.http_client import authorization, safe_authorization, safe_tls, tls
from render.generation.relabeling import check_relabel_configs
from render.selection.credentials import check_authorization, check_tls, is_given

if TYPE_CHECKING:
    from render.api.common_prometheus import ScrapeClass
    from render.api.http_client import SafeAuthorization, SafeTLSConfig
    from render.generation.fields import Block
    from render.generation.prometheus.server import Server
    from render.generation.scope import Scope

AUTHORIZATION_SINCE = "2.26.0"


def by_name(server: Server) -> tuple[dict[str, ScrapeClass], str]:
    """The classes by name, and the name of the default one (empty without). Whether they are valid `check` says."""
    classes = {found.name: found for found in server.spec.scrapeClasses or ()}
    default = next((name for name, found in classes.items() if found.default), "")
    return classes, default


def check(server: Server) -> None:
    """At most one class is the default, relabel configs are valid, references resolve in the server's namespace.

    Raises Rejection. As in the operator, monitors have been selected before.
    """
    default = ""
    for number, found in enumerate(server.spec.scrapeClasses or ()):
        field = f"spec.scrapeClasses[{number}]"
        check_relabel_configs(found.relabelings, server.version, f"{field}.relabelings")
        check_relabel_configs(found.metricRelabelings, server.version, f"{field}.metricRelabelings")
        if found.default and default:
            message = f"{found.name} and {default} are both the default scrape class"
            raise Rejection(message, f"{field}.default", hint="keep one default")
        default = found.name if found.default else default
    _check_references(server)


def _check_references(server: Server) -> None:
    namespace, references = server.key.namespace, server.references
    for number, found in enumerate(server.spec.scrapeClasses or ()):
        field = f"spec.scrapeClasses[{number}]"
        check_tls(namespace, found.tlsConfig, references, f"{field}.tlsConfig")
        check_authorization(namespace, found.authorization, references, f"{field}.authorization")


def check_name(name: str | None, server: Server) -> None:
    """A monitor names a class that exists, or none. Raises Rejection."""
    if name and name not in server.scrape_classes:
        message = f"the scrape class {name!r} does not exist in {server.key}"
        raise Rejection(message, "spec.scrapeClass", hint="name one of spec.scrapeClasses, or remove the field")


def class_of(name: str | None, server: Server) -> ScrapeClass | None:
    """The class that a monitor takes over: the named one, else the default."""
    return server.scrape_classes.get(name or server.default_scrape_class)


def tls_config(block: SafeTLSConfig | None, found: ScrapeClass | None, server: Server, scope: Scope) -> Block | None:
    """`tls_config`: the monitor's own, missing parts filled with files of the class; without one that of the class."""
    of_class = found.tlsConfig if found is not None else None
    if block is None:
        return None if of_class is None else tls(of_class, server.scope)
    out = safe_tls(block, scope)
    for key, attribute, given in (
        ("ca_file", "caFile", is_given(block.ca)),
        ("cert_file", "certFile", is_given(block.cert)),
        ("key_file", "keyFile", block.keySecret is not None),
    ):
        path = getattr(block, attribute, None) or (None if given else getattr(of_class, attribute, None))
        if path:
            out[key] = path
    return out


def safe_tls_config(
    block: SafeTLSConfig | None,
    found: ScrapeClass | None,
    server: Server,
    scope: Scope,
) -> Block | None:
    """As `tls_config`, for a block without files: one that says nothing counts as absent."""
    return tls_config(None if block is None or _says_nothing(block) else block, found, server, scope)


def _says_nothing(block: SafeTLSConfig) -> bool:
    given = is_given(block.ca) or is_given(block.cert) or block.keySecret is not None
    rest = (block.insecureSkipVerify, block.serverName, block.minVersion, block.maxVersion)
    return not given and all(value is None for value in rest)


def authorization_of(
    block: SafeAuthorization | None,
    found: ScrapeClass | None,
    server: Server,
    scope: Scope,
) -> Block | None:
    """`authorization`: the monitor's own, without credentials those of the class; without a block that of the class."""
    of_class = found.authorization if found is not None else None
    if block is not None and (block.type or block.credentials is not None):
        out = safe_authorization(block, scope)
        if block.credentials is None and of_class is not None:
            inherited = authorization(of_class, server.scope)
            out |= {key: inherited[key] for key in ("credentials", "credentials_file") if key in inherited}
        return out if scope.allows("authorization", AUTHORIZATION_SINCE) else None
    if of_class is None or not scope.allows("authorization", AUTHORIZATION_SINCE):
        return None
    return authorization(of_class, server.scope)
