"""The command line of Alertmanager, by its version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.generation.arguments import Argument, clashes
from render.golang.byte_sizes import parse_byte_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.generation.alertmanager.server import Server

CONFIG_FILE = "/etc/alertmanager/config_out/alertmanager.env.yaml"
DATA_FOLDER = "/alertmanager"
DEFAULT_RETENTION = "120h"
SERVICE = "alertmanager-operated"
PEER_NAME_SINCE = "0.30.0"
RECONNECT_TIMEOUT = "5m"
"""Members that are gone are forgotten sooner than by default: pods come back under new addresses."""
SILENCE_SIZE, UNKNOWN_SILENCE_SIZE = "silences.max-silence-size-bytes", "silences.max-per-silence-bytes"
"""The server's flag, and the one that the reference passes, which no version of the server has."""
CLUSTER = (
    ("cluster.advertise-address", "clusterAdvertiseAddress"),
    ("cluster.gossip-interval", "clusterGossipInterval"),
    ("cluster.pushpull-interval", "clusterPushpullInterval"),
    ("cluster.peer-timeout", "clusterPeerTimeout"),
)


def route_prefix(server: Server) -> str:
    """The path below which the server answers."""
    return server.spec.routePrefix or "/"


def replicas(server: Server) -> int:
    """How many members the cluster has."""
    return max(0, server.spec.replicas) if server.spec.replicas is not None else 1


def flags(server: Server) -> Iterator[Argument]:
    """The flags, but for those of files that are mounted beside."""
    spec, scope = server.spec, server.scope
    yield Argument("config.file", CONFIG_FILE)
    yield Argument("storage.path", DATA_FOLDER)
    yield Argument("data.retention", spec.retention or DEFAULT_RETENTION)
    alone = replicas(server) == 1 and not spec.forceEnableClusterMode
    yield Argument("cluster.listen-address=") if alone else Argument("cluster.listen-address", "[$(POD_IP)]:9094")
    yield Argument("web.listen-address", "127.0.0.1:9093" if spec.listenLocal else ":9093")
    if spec.externalUrl:
        yield Argument("web.external-url", spec.externalUrl)
    if spec.enableFeatures and scope.allows("enableFeatures", "0.27.0"):
        yield Argument("enable-feature", ",".join(spec.enableFeatures))
    yield Argument("web.route-prefix", route_prefix(server))
    yield from _limits(server)
    if spec.logLevel and spec.logLevel != "info":
        yield Argument("log.level", spec.logLevel)
    if spec.logFormat and spec.logFormat != "logfmt" and scope.allows("logFormat", "0.16.0"):
        yield Argument("log.format", spec.logFormat)
    yield from _cluster(server)


def _limits(server: Server) -> Iterator[Argument]:
    spec, scope = server.spec, server.scope
    web, limits = spec.web, spec.limits
    if web is not None and web.getConcurrency is not None and scope.allows("getConcurrency", "0.17.0"):
        yield Argument("web.get-concurrency", str(web.getConcurrency))
    if web is not None and web.timeout is not None and scope.allows("timeout", "0.17.0"):
        unit = "" if server.options.reference_faults else "s"  # a number without a unit is no duration to the server
        yield Argument("web.timeout", f"{web.timeout}{unit}")
    if limits is not None and scope.allows("limits", "0.28.0"):
        if limits.maxSilences is not None:
            yield Argument("silences.max-silences", str(limits.maxSilences))
        if limits.maxPerSilenceBytes:
            flag = UNKNOWN_SILENCE_SIZE if server.options.reference_faults else SILENCE_SIZE
            yield Argument(flag, str(parse_byte_size(limits.maxPerSilenceBytes)))
    if spec.minReadySeconds is not None and scope.at_least("0.30.0"):
        delay = Argument("dispatch.start-delay", f"{spec.minReadySeconds}s")
        if not clashes([delay], spec.additionalArgs):
            yield delay


def _cluster(server: Server) -> Iterator[Argument]:
    spec, scope = server.spec, server.scope
    for flag, attribute in CLUSTER:
        value = getattr(spec, attribute)
        if value:
            yield Argument(flag, value)
    if scope.at_least(PEER_NAME_SINCE):
        yield Argument("cluster.peer-name", "$(POD_NAME)")
    if scope.at_least("0.26.0"):
        own = f"{server.key.namespace}/{server.key.name}"
        yield Argument("cluster.label", own if spec.clusterLabel is None else spec.clusterLabel)
    for number in range(replicas(server)):
        yield Argument("cluster.peer", f"alertmanager-{server.key.name}-{number}.{_domain(server)}:9094")
    for peer in spec.additionalPeers or ():
        yield Argument("cluster.peer", peer)
    yield Argument("cluster.reconnect-timeout", RECONNECT_TIMEOUT)


def _domain(server: Server) -> str:
    """Where members find each other; without a domain of the cluster, the pods' search path completes it."""
    service = server.spec.serviceName or SERVICE
    domain = server.options.cluster_domain
    return f"{service}.{server.key.namespace}.svc.{domain}." if domain else service
