"""Hosts and ports; the answers are those of `net.SplitHostPort`, `net.ParseIP` and the validator's pattern in Go."""

from __future__ import annotations

import pytest

from render.golang.hosts import HostError, check_host_port

ACCEPTED = (
    "localhost", "a.b.", "a_b", "_x._tcp.y", "a-", "12-exporter.example", "a:80", "a:65535", "a:+80", "a:080",
    "1.2.3.4", "1.2.3.4:80", "1.2.3", "::1", "[::1]:80", "2001:db8::1", "::ffff:1.2.3.4", "[a]:80", "x" * 63,
)  # fmt: skip
REFUSED = (
    "", "-a", "a..b", "x" * 64, ".".join(["x" * 60] * 5), "ä.example", "a:", "a:0", "a:65536", "a:-1", "a:http",
    "a:b:80", ":80", "http://x", "x:80/", "x/y", "[::1]", "[::1]:0", "[::1]80", "[::1]:80]",
    "[[::1]]:80", "[]:80", "a[:80",
    "a]:80", "fe80::1%eth0", "a:٣", "a :80",
)  # fmt: skip


@pytest.mark.parametrize("text", ACCEPTED)
def test_hosts_and_ports(text: str) -> None:
    check_host_port(text)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_neither(text: str) -> None:
    with pytest.raises(HostError):
        check_host_port(text)
