"""The command line of Prometheus, and of Prometheus as an agent, by the server's version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.generation.arguments import Argument
from render.generation.prometheus import storage, thanos_sidecar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.generation.prometheus.server import Server

CONFIG_FILE = "/etc/prometheus/config_out/prometheus.env.yaml"
DATA_FOLDER = "/prometheus"
FIRST_WITHOUT_CONSOLES = 3
"""Major version from which the console templates are gone, and an agent has a flag of its own."""
PROTOBUF_MESSAGES = {"V1.0": "prometheus.WriteRequest", "V2.0": "io.prometheus.write.v2.Request"}
BLOCK_DURATION = "2h"
XOR2_FEATURE, XOR2_SINCE = "xor2-encoding", "3.13.0"
SECOND_WRITE_SINCE = "2.54.0"
"""The first version that sends the second version of remote write."""
RULE_ALERTS = (
    ("rules.alert.for-outage-tolerance", "forOutageTolerance"),
    ("rules.alert.for-grace-period", "forGracePeriod"),
    ("rules.alert.resend-delay", "resendDelay"),
)
QUERIES = (
    ("query.lookback-delta", "lookbackDelta", ""),
    ("query.max-samples", "maxSamples", "2.5.0"),
    ("query.max-concurrency", "maxConcurrency", ""),
    ("query.timeout", "timeout", ""),
)
"""Flag, attribute and the version that it came with."""


def route_prefix(server: Server) -> str:
    """The path below which the server answers."""
    return server.spec.routePrefix or "/"


def of_server(server: Server) -> list[Argument]:
    """The flags of a Prometheus, but for those of files that are mounted beside."""
    return [*_common(server), *_retention(server), Argument("storage.tsdb.path", DATA_FOLDER), *_server_only(server)]


def of_agent(server: Server) -> list[Argument]:
    """The flags of a PrometheusAgent, but for those of files that are mounted beside."""
    major = server.version.major
    agent = Argument("agent") if major >= FIRST_WITHOUT_CONSOLES else Argument("enable-feature", "agent")
    out = [*_common(server), agent, Argument("storage.agent.path", DATA_FOLDER)]
    if server.spec.walCompression is not None:
        out.append(_switch("storage.agent.wal-compression", on=server.spec.walCompression))
    return out


def of_blocks(server: Server) -> list[Argument]:
    """How blocks are compacted: not at all, or after the Thanos sidecar has uploaded them, where it uploads."""
    spec: Any = server.spec
    if thanos_sidecar.delays_compaction(server):
        file = f"{DATA_FOLDER}/{thanos_sidecar.SHIPPER_META_FILE}"
        out = [Argument("storage.tsdb.delay-compact-file.path", file)]
    elif spec.disableCompaction or thanos_sidecar.uploads(spec.thanos):
        duration = (spec.thanos.blockSize if spec.thanos is not None else "") or BLOCK_DURATION
        out = [Argument(f"storage.tsdb.{end}-block-duration", duration) for end in ("max", "min")]
    else:
        return []
    out_of_order = spec.tsdb is not None and spec.tsdb.outOfOrderTimeWindow is not None
    if out_of_order and server.scope.at_least("2.55.0"):
        out.append(Argument("no-storage.tsdb.allow-overlapping-compaction"))
    return out


def _common(server: Server) -> Iterator[Argument]:
    spec, scope = server.spec, server.scope
    yield Argument("config.file", CONFIG_FILE)
    if server.version.major < FIRST_WITHOUT_CONSOLES:
        yield Argument("web.console.templates", "/etc/prometheus/consoles")
        yield Argument("web.console.libraries", "/etc/prometheus/console_libraries")
    if spec.reloadStrategy != "ProcessSignal":
        yield Argument("web.enable-lifecycle")
    yield from _web(server)
    yield from _receivers(server)
    yield from _features(server)
    if spec.externalUrl:
        yield Argument("web.external-url", spec.externalUrl)
    yield Argument("web.route-prefix", route_prefix(server))
    if spec.logLevel and spec.logLevel != "info":
        yield Argument("log.level", spec.logLevel)
    log_format = spec.logFormat if spec.logFormat != "logfmt" and not _forgetting(server) else None
    if log_format and scope.allows("logFormat", "2.6.0"):
        yield Argument("log.format", log_format)
    if spec.listenLocal:
        yield Argument("web.listen-address", "127.0.0.1:9090")


def _features(server: Server) -> Iterator[Argument]:
    """The features that the object enables, and the one that its chunk encoding needs."""
    features = server.spec.enableFeatures or []
    if features and not _forgetting(server) and server.scope.allows("enableFeatures", "2.25.0"):
        yield Argument("enable-feature", ",".join(features))
    tsdb = server.spec.tsdb
    encoding = tsdb.chunkEncoding.floats if tsdb is not None and tsdb.chunkEncoding is not None else None
    if encoding == "Xor2" and XOR2_FEATURE not in features and server.scope.at_least(XOR2_SINCE):
        yield Argument("enable-feature", XOR2_FEATURE)


def _forgetting(server: Server) -> bool:
    """Whether the operator forgets flags: a second version of remote write too early makes it see no version at all."""
    return _writes_second(server) and server.options.reference_faults and not server.scope.at_least(SECOND_WRITE_SINCE)


def _writes_second(server: Server) -> bool:
    return any(target.messageVersion == "V2.0" for target in server.spec.remoteWrite or ())


def _web(server: Server) -> Iterator[Argument]:
    web = server.spec.web
    if web is None:
        return
    if web.pageTitle is not None and server.scope.allows("pageTitle", "2.6.0"):
        yield Argument("web.page-title", web.pageTitle)
    if web.maxConnections is not None:
        yield Argument("web.max-connections", str(web.maxConnections))


def _receivers(server: Server) -> Iterator[Argument]:
    spec, scope = server.spec, server.scope
    if spec.enableRemoteWriteReceiver and scope.allows("enableRemoteWriteReceiver", "2.33.0"):
        yield Argument("web.enable-remote-write-receiver")
    messages = spec.remoteWriteReceiverMessageVersions
    if spec.enableRemoteWriteReceiver and messages and scope.allows("remoteWriteReceiverMessageVersions", "2.54.0"):
        accepted = [PROTOBUF_MESSAGES[message] for message in messages]
        if server.options.reference_faults:  # the server reads one message from each flag, and fails on a list
            accepted = [",".join(accepted)]
        for message in accepted:
            yield Argument("web.remote-write-receiver.accepted-protobuf-messages", message)
    if _writes_second(server) and scope.at_least(SECOND_WRITE_SINCE) and not scope.at_least("3.4.0"):
        yield Argument("enable-feature", "metadata-wal-records")
    if spec.enableOTLPReceiver or (spec.enableOTLPReceiver is None and spec.otlp is not None):
        if _forgetting(server):
            return
        if scope.at_least("3.0.0"):
            yield Argument("web.enable-otlp-receiver")
        elif scope.allows("enableOTLPReceiver", "2.47.0"):
            yield Argument("enable-feature", "otlp-write-receiver")


def _retention(server: Server) -> Iterator[Argument]:
    """Time and size for which samples are kept; later versions read them in the configuration file."""
    spec: Any = server.spec
    scope = server.scope
    if scope.at_least(storage.RETENTION_SINCE):
        return
    sized = scope.at_least("2.7.0")
    if spec.retention or not (spec.retentionSize and sized):
        flag = "storage.tsdb.retention.time" if sized else "storage.tsdb.retention"
        yield Argument(flag, spec.retention or storage.DEFAULT_RETENTION)
    if spec.retentionSize and scope.allows("retentionSize", "2.7.0"):
        yield Argument("storage.tsdb.retention.size", spec.retentionSize)


def _server_only(server: Server) -> Iterator[Argument]:
    spec: Any = server.spec
    scope = server.scope
    if spec.enableAdminAPI:
        yield Argument("web.enable-admin-api")
    alerts = spec.rules.alert if spec.rules is not None else None
    for flag, attribute in RULE_ALERTS if alerts is not None else ():
        value = getattr(alerts, attribute)
        if value and scope.allows(attribute, "2.4.0"):
            yield Argument(flag, value)
    for flag, attribute, since in QUERIES if spec.query is not None else ():
        value = getattr(spec.query, attribute)
        wanted = value is not None and (value > 0 if isinstance(value, int) else True)
        if wanted and scope.allows(attribute, since):
            yield Argument(flag, str(value))
    if spec.allowOverlappingBlocks and scope.allows("allowOverlappingBlocks", "2.11.0", "2.39.0"):
        yield Argument("storage.tsdb.allow-overlapping-blocks")
    if spec.walCompression is not None and scope.allows("walCompression", "2.11.0"):
        yield _switch("storage.tsdb.wal-compression", on=spec.walCompression)


def _switch(name: str, *, on: bool) -> Argument:
    return Argument(name if on else f"no-{name}")
