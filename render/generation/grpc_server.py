"""The TLS side of a Thanos gRPC server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation.arguments import Argument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.api.grpc import GRPCServerTLSConfig

FLAGS = (
    ("grpc-server-tls-cert", "certFile"),
    ("grpc-server-tls-key", "keyFile"),
    ("grpc-server-tls-client-ca", "caFile"),
)


def tls_arguments(tls: GRPCServerTLSConfig | None) -> Iterator[Argument]:
    """The flags: files alone, as in the reference."""
    for flag, attribute in FLAGS if tls is not None else ():
        path = getattr(tls, attribute)
        if path:
            yield Argument(flag, path)
