"""gRPC servers."""

from typing import Annotated

from render.api.http_client import TLSConfig
from render.api.scalars import SET, schema


class GRPCServerTLSConfig(TLSConfig, kw_only=True, frozen=True):
    """The TLS side of a gRPC server."""

    cipherSuites: Annotated[list[str], SET, schema(minItems=1)] | None = None
    curves: Annotated[list[str], SET, schema(minItems=1)] | None = None
