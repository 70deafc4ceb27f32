"""What Prometheus and PrometheusAgent have in common."""

from typing import Annotated, Any, Literal

from render.api.enforcement import ObjectReference
from render.api.http_client import Authorization, BasicAuth, ProxyConfig, TLSConfig
from render.api.model import Model, rule
from render.api.pods import (
    Argument,
    EmbeddedObjectMetadata,
    StatefulSetPersistentVolumeClaimRetentionPolicy,
    StatefulSetUpdateStrategy,
)
from render.api.relabeling import RelabelConfig
from render.api.remote_write import RemoteWriteSpec
from render.api.scalars import (
    ATOMIC,
    SET,
    ByteSize,
    Duration,
    Int32,
    NonEmpty,
    Quantity,
    UInt32,
    UInt64,
    keyed_by,
    schema,
)
from render.api.scraping import AttachMetadata
from render.api.selectors import LabelSelector, LocalObjectReference, SecretKeySelector
from render.api.web import WebConfigFileFields


class APIServerConfig(ProxyConfig, kw_only=True, frozen=True):
    """How the server reaches the Kubernetes API from outside of its cluster."""

    authorization: Authorization | None = None
    basicAuth: BasicAuth | None = None
    bearerToken: str | None = None
    bearerTokenFile: str | None = None
    host: str
    tlsConfig: TLSConfig | None = None


class ArbitraryFSAccessThroughSMsConfig(Model, kw_only=True, frozen=True):
    """Whether monitors may name files of the Prometheus container."""

    deny: bool | None = None


class OTLPConfig(Model, kw_only=True, frozen=True):
    """How OTLP data is received."""

    convertHistogramsToNHCB: bool | None = None
    ignoreResourceAttributes: Annotated[list[NonEmpty], SET, schema(minItems=1)] | None = None
    keepIdentifyingResourceAttributes: bool | None = None
    labelNamePreserveMultipleUnderscores: bool | None = None
    labelNameUnderscoreSanitization: bool | None = None
    promoteAllResourceAttributes: bool | None = None
    promoteResourceAttributes: Annotated[list[NonEmpty], SET, schema(minItems=1)] | None = None
    promoteScopeMetadata: bool | None = None
    translationStrategy: (
        Literal[
            "NoUTF8EscapingWithSuffixes",
            "UnderscoreEscapingWithSuffixes",
            "NoTranslation",
            "UnderscoreEscapingWithoutSuffixes",
        ]
        | None
    ) = None


class RuntimeConfig(Model, kw_only=True, frozen=True):
    """Settings of the Go runtime."""

    goGC: Annotated[int, schema(format="int32", minimum=-1)] | None = None


class ScrapeClass(Model, kw_only=True, frozen=True):
    """Settings that monitors take over by naming the class."""

    attachMetadata: AttachMetadata | None = None
    authorization: Authorization | None = None
    default: bool | None = None
    fallbackScrapeProtocol: (
        Literal[
            "PrometheusProto",
            "OpenMetricsText0.0.1",
            "OpenMetricsText1.0.0",
            "PrometheusText0.0.4",
            "PrometheusText1.0.0",
        ]
        | None
    ) = None
    metricRelabelings: list[RelabelConfig] | None = None
    name: NonEmpty
    relabelings: list[RelabelConfig] | None = None
    tlsConfig: TLSConfig | None = None


class TopologyShardingStrategy(Model, kw_only=True, frozen=True):
    """Shards that follow the zones of a cluster."""

    externalLabelName: str | None = None
    values: Annotated[list[str], ATOMIC] | None = None


class ShardingStrategy(Model, kw_only=True, frozen=True):
    """How targets are spread over the shards."""

    mode: Literal["Address", "Topology"] | None = None
    topology: TopologyShardingStrategy | None = None


@rule(
    ShardingStrategy,
    "!has(self.topology) || (has(self.mode) && self.mode == 'Topology')",
    "topology can only be defined when mode is set to 'Topology'",
)
def topology_needs_its_mode(self: ShardingStrategy) -> bool:
    """Tell whether a topology is only given in the mode that reads it."""
    return self.topology is None or self.mode == "Topology"


class TracingConfig(Model, kw_only=True, frozen=True):
    """Where the server sends its own traces."""

    clientType: Literal["http", "grpc", "HTTP", "GRPC"] | None = None
    compression: Literal["gzip", "Gzip"] | None = None
    endpoint: NonEmpty
    headers: dict[str, str] | None = None
    insecure: bool | None = None
    samplingFraction: Quantity | None = None
    timeout: Duration | None = None
    tlsConfig: TLSConfig | None = None


class ChunkEncodingConfig(Model, kw_only=True, frozen=True):
    """How samples are encoded on disk."""

    floats: Literal["Xor", "Xor2"] | None = None


class TSDBSpec(Model, kw_only=True, frozen=True):
    """Settings of the time series database."""

    chunkEncoding: ChunkEncodingConfig | None = None
    outOfOrderTimeWindow: Duration | None = None
    staleSeriesCompactionThreshold: Quantity | None = None


class PrometheusWebSpec(WebConfigFileFields, kw_only=True, frozen=True):
    """The web server of Prometheus."""

    maxConnections: UInt32 | None = None
    pageTitle: str | None = None


class CommonPrometheusFields(Model, kw_only=True, frozen=True):
    """What Prometheus and PrometheusAgent have in common."""

    additionalArgs: list[Argument] | None = None
    additionalScrapeConfigs: SecretKeySelector | None = None
    affinity: dict[str, Any] | None = None
    apiserverConfig: APIServerConfig | None = None
    arbitraryFSAccessThroughSMs: ArbitraryFSAccessThroughSMsConfig | None = None
    automountServiceAccountToken: bool | None = None
    bodySizeLimit: ByteSize | None = None
    configMaps: list[str] | None = None
    containers: list[dict[str, Any]] | None = None
    convertClassicHistogramsToNHCB: bool | None = None
    dnsConfig: dict[str, Any] | None = None
    dnsPolicy: Literal["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"] | None = None
    enableFeatures: Annotated[list[NonEmpty], SET] | None = None
    enableOTLPReceiver: bool | None = None
    enableRemoteWriteReceiver: bool | None = None
    enableServiceLinks: bool | None = None
    enforcedBodySizeLimit: ByteSize | None = None
    enforcedKeepDroppedTargets: UInt64 | None = None
    enforcedLabelLimit: UInt64 | None = None
    enforcedLabelNameLengthLimit: UInt64 | None = None
    enforcedLabelValueLengthLimit: UInt64 | None = None
    enforcedNamespaceLabel: str | None = None
    enforcedSampleLimit: UInt64 | None = None
    enforcedTargetLimit: UInt64 | None = None
    excludedFromEnforcement: list[ObjectReference] | None = None
    externalLabels: dict[str, str] | None = None
    externalUrl: str | None = None
    hostAliases: Annotated[list[dict[str, Any]], keyed_by("ip")] | None = None
    hostNetwork: bool | None = None
    hostUsers: bool | None = None
    ignoreNamespaceSelectors: bool | None = None
    image: str | None = None
    imagePullPolicy: Literal["", "Always", "Never", "IfNotPresent"] | None = None
    imagePullSecrets: list[LocalObjectReference] | None = None
    initContainers: list[dict[str, Any]] | None = None
    keepDroppedTargets: UInt64 | None = None
    labelLimit: UInt64 | None = None
    labelNameLengthLimit: UInt64 | None = None
    labelValueLengthLimit: UInt64 | None = None
    listenLocal: bool | None = None
    logFormat: Literal["", "logfmt", "json"] | None = None
    logLevel: Literal["", "debug", "info", "warn", "error"] | None = None
    maximumStartupDurationSeconds: Annotated[int, schema(format="int32", minimum=60)] | None = None
    minReadySeconds: UInt32 | None = None
    nameEscapingScheme: Literal["AllowUTF8", "Underscores", "Dots", "Values"] | None = None
    nameValidationScheme: Literal["UTF8", "Legacy"] | None = None
    nodeSelector: dict[str, str] | None = None
    otlp: OTLPConfig | None = None
    overrideHonorLabels: bool | None = None
    overrideHonorTimestamps: bool | None = None
    paused: bool | None = None
    persistentVolumeClaimRetentionPolicy: StatefulSetPersistentVolumeClaimRetentionPolicy | None = None
    podManagementPolicy: Literal["OrderedReady", "Parallel"] | None = None
    podMetadata: EmbeddedObjectMetadata | None = None
    podMonitorNamespaceSelector: LabelSelector | None = None
    podMonitorSelector: LabelSelector | None = None
    podTargetLabels: list[str] | None = None
    portName: str = "web"
    priorityClassName: str | None = None
    probeNamespaceSelector: LabelSelector | None = None
    probeSelector: LabelSelector | None = None
    prometheusExternalLabelName: str | None = None
    reloadStrategy: Literal["HTTP", "ProcessSignal"] | None = None
    remoteWrite: list[RemoteWriteSpec] | None = None
    remoteWriteReceiverMessageVersions: Annotated[list[Literal["V1.0", "V2.0"]], SET, schema(minItems=1)] | None = None
    replicaExternalLabelName: str | None = None
    replicas: Int32 | None = None
    resources: dict[str, Any] | None = None
    routePrefix: str | None = None
    runtime: RuntimeConfig | None = None
    sampleLimit: UInt64 | None = None
    schedulerName: NonEmpty | None = None
    scrapeClasses: Annotated[list[ScrapeClass], keyed_by("name")] | None = None
    scrapeClassicHistograms: bool | None = None
    scrapeConfigNamespaceSelector: LabelSelector | None = None
    scrapeConfigSelector: LabelSelector | None = None
    scrapeFailureLogFile: NonEmpty | None = None
    scrapeInterval: Duration = "30s"
    scrapeNativeHistograms: bool | None = None
    scrapeProtocols: (
        Annotated[
            list[
                Literal[
                    "PrometheusProto",
                    "OpenMetricsText0.0.1",
                    "OpenMetricsText1.0.0",
                    "PrometheusText0.0.4",
                    "PrometheusText1.0.0",
                ]
            ],
            SET,
        ]
        | None
    ) = None
    scrapeTimeout: Duration | None = None
    secrets: Annotated[list[str], SET] | None = None
    securityContext: dict[str, Any] | None = None
    serviceAccountName: str | None = None
    serviceDiscoveryRole: Literal["Endpoints", "EndpointSlice"] | None = None
    serviceMonitorNamespaceSelector: LabelSelector | None = None
    serviceMonitorSelector: LabelSelector | None = None
    serviceName: NonEmpty | None = None
    shardingStrategy: ShardingStrategy | None = None
    shards: Int32 = 1
    storage: dict[str, Any] | None = None
    targetLimit: UInt64 | None = None
    terminationGracePeriodSeconds: UInt64 | None = None
    tolerations: list[dict[str, Any]] | None = None
    topologySpreadConstraints: list[dict[str, Any]] | None = None
    tracingConfig: TracingConfig | None = None
    tsdb: TSDBSpec | None = None
    updateStrategy: StatefulSetUpdateStrategy | None = None
    version: str | None = None
    volumeMounts: list[dict[str, Any]] | None = None
    volumes: list[dict[str, Any]] | None = None
    walCompression: bool | None = None
    web: PrometheusWebSpec | None = None


def shards_cover_topology(self: CommonPrometheusFields) -> bool:
    """Tell whether every zone of a sharding by topology has a shard."""
    strategy = self.shardingStrategy
    if strategy is None or strategy.mode != "Topology" or strategy.topology is None:
        return True
    return self.shards >= len(strategy.topology.values or ())


SHARDS_COVER_TOPOLOGY = (
    (
        "!has(self.shardingStrategy) || !has(self.shardingStrategy.mode) || self.shardingStrategy.mode != 'Topology'"
        " || !has(self.shardingStrategy.topology) || !has(self.shardingStrategy.topology.values)"
        " || self.shardingStrategy.topology.values.size() == 0"
        " || (has(self.shards) ? self.shards : 1) >= self.shardingStrategy.topology.values.size()"
    ),
    "shards must be greater than or equal to the number of topology values when sharding strategy mode is Topology",
)
"""The same rule in CEL, with its message: for both kinds of server, which register it for themselves."""
