"""The HTTP client file with which the Thanos sidecar reaches its Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from render.generation.fields import Block
    from render.generation.prometheus.server import Server

ENTRY = "prometheus.http-client-file.yaml"


def http_client(_server: Server) -> Block:
    """The client's settings, the same for every server: both run in one pod, and no certificate names localhost."""
    return {"tls_config": {"insecure_skip_verify": True}}
