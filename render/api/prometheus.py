"""Prometheus: a server, or a set of shards."""

from typing import Annotated, Any, Literal

from render.api.common_prometheus import SHARDS_COVER_TOPOLOGY, CommonPrometheusFields, shards_cover_topology
from render.api.enforcement import PrometheusRuleExcludeConfig
from render.api.grpc import GRPCServerTLSConfig
from render.api.http_client import Authorization, BasicAuth, OAuth2, ProxyConfig, SafeAuthorization, Sigv4, TLSConfig
from render.api.model import Model, Resource, rule
from render.api.pods import Argument
from render.api.relabeling import RelabelConfig
from render.api.scalars import HTTPURL, ByteSize, Duration, Int32, Int64, IntOrString, NonEmpty, schema
from render.api.selectors import LabelSelector, SecretKeySelector


class AlertmanagerEndpoints(ProxyConfig, kw_only=True, frozen=True):
    """A Service of Alertmanagers that alerts are sent to."""

    alertRelabelings: list[RelabelConfig] | None = None
    apiVersion: Literal["v1", "V1", "v2", "V2"] | None = None
    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    bearerTokenFile: str | None = None
    enableHttp2: bool | None = None
    name: NonEmpty
    namespace: NonEmpty | None = None
    pathPrefix: NonEmpty | None = None
    port: IntOrString
    relabelings: list[RelabelConfig] | None = None
    scheme: Literal["http", "https", "HTTP", "HTTPS"] | None = None
    sigv4: Sigv4 | None = None
    timeout: Duration | None = None
    tlsConfig: TLSConfig | None = None


class AlertingSpec(Model, kw_only=True, frozen=True):
    """Where alerts are sent to."""

    alertmanagers: list[AlertmanagerEndpoints]


class Exemplars(Model, kw_only=True, frozen=True):
    """Settings of the exemplar storage."""

    maxSize: Int64 | None = None


class QuerySpec(Model, kw_only=True, frozen=True):
    """Limits of the query engine."""

    lookbackDelta: str | None = None
    maxConcurrency: Annotated[int, schema(format="int32", minimum=1)] | None = None
    maxSamples: Int32 | None = None
    timeout: Duration | None = None


class RemoteReadSpec(ProxyConfig, kw_only=True, frozen=True):
    """A remote storage that is read from."""

    authorization: Authorization | None = None
    basicAuth: BasicAuth | None = None
    bearerToken: str | None = None
    bearerTokenFile: str | None = None
    filterExternalLabels: bool | None = None
    followRedirects: bool | None = None
    headers: dict[str, str] | None = None
    name: str | None = None
    oauth2: OAuth2 | None = None
    readRecent: bool | None = None
    remoteTimeout: Duration | None = None
    requiredMatchers: dict[str, str] | None = None
    tlsConfig: TLSConfig | None = None
    url: HTTPURL


class RulesAlert(Model, kw_only=True, frozen=True):
    """Settings of alerting rules."""

    forGracePeriod: str | None = None
    forOutageTolerance: str | None = None
    resendDelay: str | None = None


class Rules(Model, kw_only=True, frozen=True):
    """Settings of rule evaluation."""

    alert: RulesAlert | None = None


class RetainConfig(Model, kw_only=True, frozen=True):
    """How long the storage of a removed shard is kept."""

    retentionPeriod: Duration


class ShardRetentionPolicy(Model, kw_only=True, frozen=True):
    """What becomes of the storage of removed shards."""

    retain: RetainConfig | None = None
    whenScaled: Literal["Retain", "Delete"] | None = None


class ThanosSpec(Model, kw_only=True, frozen=True):
    """The Thanos sidecar."""

    additionalArgs: list[Argument] | None = None
    baseImage: str | None = None
    blockSize: Duration = "2h"
    getConfigInterval: Duration | None = None
    getConfigTimeout: Duration | None = None
    grpcListenLocal: bool | None = None
    grpcServerTlsConfig: GRPCServerTLSConfig | None = None
    httpListenLocal: bool | None = None
    image: str | None = None
    listenLocal: bool | None = None
    logFormat: Literal["", "logfmt", "json"] | None = None
    logLevel: Literal["", "debug", "info", "warn", "error"] | None = None
    minTime: str | None = None
    objectStorageConfig: SecretKeySelector | None = None
    objectStorageConfigFile: str | None = None
    readyTimeout: Duration | None = None
    resources: dict[str, Any] | None = None
    sha: str | None = None
    tag: str | None = None
    tracingConfig: SecretKeySelector | None = None
    tracingConfigFile: str | None = None
    version: str | None = None
    volumeMounts: list[dict[str, Any]] | None = None


class PrometheusSpec(CommonPrometheusFields, kw_only=True, frozen=True):
    """A Prometheus server: what it selects, how it is configured and how it runs."""

    additionalAlertManagerConfigs: SecretKeySelector | None = None
    additionalAlertRelabelConfigs: SecretKeySelector | None = None
    alerting: AlertingSpec | None = None
    allowOverlappingBlocks: bool | None = None
    baseImage: str | None = None
    disableCompaction: bool | None = None
    enableAdminAPI: bool | None = None
    evaluationInterval: Duration = "30s"
    exemplars: Exemplars | None = None
    prometheusRulesExcludedFromEnforce: list[PrometheusRuleExcludeConfig] | None = None
    query: QuerySpec | None = None
    queryLogFile: str | None = None
    remoteRead: list[RemoteReadSpec] | None = None
    retention: Duration | None = None
    retentionSize: ByteSize | None = None
    ruleNamespaceSelector: LabelSelector | None = None
    ruleQueryOffset: Duration | None = None
    ruleSelector: LabelSelector | None = None
    rules: Rules | None = None
    sha: str | None = None
    shardRetentionPolicy: ShardRetentionPolicy | None = None
    tag: str | None = None
    thanos: ThanosSpec | None = None


class Prometheus(Resource, kw_only=True, frozen=True):
    """One Prometheus object."""

    spec: PrometheusSpec


rule(PrometheusSpec, *SHARDS_COVER_TOPOLOGY)(shards_cover_topology)
