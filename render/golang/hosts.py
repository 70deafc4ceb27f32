"""Hosts and ports as Go's net package and the operator's validator read them."""

from __future__ import annotations

import ipaddress
import re

LARGEST_PORT = 65535
LONGEST_NAME = 255

_DNS_NAME = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62}(?:\.[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62})*[._]?", re.ASCII)
_PORT = re.compile(r"[+]?[0-9]+", re.ASCII)


class HostError(ValueError):
    """The text is no host, or no host with a port."""


def check_host_port(text: str) -> None:
    """Accept `host` and `host:port`, the host being a DNS name or an IP address (IPv6 with a port in brackets).

    Source: `net.SplitHostPort`, then `IsHost` and `IsPort` of govalidator. Raises HostError.
    """
    split = _split(text)
    host, port = split if split is not None else (text, None)
    if not is_host(host):
        message = f"{host!r} is neither a DNS name nor an IP address"
        raise HostError(message)
    if port is not None and not (_PORT.fullmatch(port) and 0 < int(port) <= LARGEST_PORT):
        message = f"{port!r} is not a port"
        raise HostError(message)


def split_host_port(text: str) -> tuple[str, str]:
    """Host and port, either of which may be empty, as Go's `net.SplitHostPort` does. Raises HostError."""
    split = _split(text)
    if split is None:
        message = "the address has no port, or too many colons"
        raise HostError(message)
    return split


def join_host_port(host: str, port: str) -> str:
    """Host and port as Go's `net.JoinHostPort` writes them: an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _split(text: str) -> tuple[str, str] | None:
    """Host and port; None where the text has no port, or too many colons to tell."""
    before, colon, port = text.rpartition(":")
    if not colon:
        return None
    if before.startswith("["):
        host, bracket, rest = before[1:].partition("]")
        fits = bool(bracket) and not rest and "[" not in host
    else:
        host, fits = before, ":" not in before and not set("[]") & set(before)
    return (host, port) if fits and not set("[]") & set(port) else None


def is_host(text: str) -> bool:
    """Whether the text is a DNS name or an IP address."""
    return _is_ip(text) or (len(text.replace(".", "")) <= LONGEST_NAME and _DNS_NAME.fullmatch(text) is not None)


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text
