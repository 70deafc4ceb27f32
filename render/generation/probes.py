"""How Kubernetes asks a container whether it has started, is ready and is alive."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from render.generation.fields import Block

STARTUP_PERIOD, STARTUP_FAILURES = 15, 60
"""A server may need a quarter of an hour to replay its log, unless the object says otherwise."""
LEAST_STARTUP = 60


def http(path: str, port: str | int, *, tls: bool = False) -> Block:
    """Ask over HTTP, from the node."""
    action: Block = {"path": path, "port": port}
    if tls:
        action["scheme"] = "HTTPS"
    return {"httpGet": action}


def command(url: str) -> Block:
    """Ask from inside of the container, whose server listens on its own loopback address alone.

    No certificate names that address, so that none is checked.
    """
    curl, wget = ("--fail --insecure", "--no-check-certificate ") if url.startswith("https:") else ("--fail", "")
    script = (
        f'if [ -x "$(command -v curl)" ]; then exec curl {curl} {url}; '
        f'elif [ -x "$(command -v wget)" ]; then exec wget {wget}-q -O /dev/null {url}; else exit 1; fi'
    )
    return {"exec": {"command": ["sh", "-c", script]}}


def startup_limits(maximum_seconds: int | None) -> Block:
    """Period and failures that give a server so many seconds to start, at most a minute apart."""
    if maximum_seconds is None or maximum_seconds < LEAST_STARTUP:
        return {"periodSeconds": STARTUP_PERIOD, "failureThreshold": STARTUP_FAILURES}
    failures = ceil(maximum_seconds / LEAST_STARTUP)
    return {"periodSeconds": ceil(maximum_seconds / failures), "failureThreshold": failures}
