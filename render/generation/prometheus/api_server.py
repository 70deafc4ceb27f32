"""The checks of `apiserverConfig`, how the server reaches the Kubernetes API; each discovery holds the block itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.selection.credentials import check_authorization, check_basic_auth, check_server_proxy, check_tls

if TYPE_CHECKING:
    from render.generation.prometheus.server import Server

FIELD = "spec.apiserverConfig"


def check(server: Server) -> None:
    """The client blocks are consistent and their references are there. Raises Rejection."""
    client, namespace, references = server.spec.apiserverConfig, server.key.namespace, server.references
    if client is None:
        return
    check_basic_auth(namespace, client.basicAuth, references, f"{FIELD}.basicAuth")
    check_authorization(namespace, client.authorization, references, f"{FIELD}.authorization")
    check_tls(namespace, client.tlsConfig, references, f"{FIELD}.tlsConfig")
    check_server_proxy(namespace, client, references, FIELD)
