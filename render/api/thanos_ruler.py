"""ThanosRuler: a server that evaluates rules against Thanos Query."""

from typing import Annotated, Any, Literal

from render.api.enforcement import ObjectReference, PrometheusRuleExcludeConfig
from render.api.grpc import GRPCServerTLSConfig
from render.api.model import Model, Resource
from render.api.pods import Argument, EmbeddedObjectMetadata, StatefulSetUpdateStrategy
from render.api.remote_write import RemoteWriteSpec
from render.api.scalars import SET, Duration, Int32, NonEmpty, UInt32, UInt64, keyed_by, schema
from render.api.selectors import LabelSelector, LocalObjectReference, SecretKeySelector
from render.api.web import WebConfigFileFields


class ThanosRulerSpec(Model, kw_only=True, frozen=True):
    """A Thanos Ruler: the rules it selects, whom it asks and how it runs."""

    additionalArgs: list[Argument] | None = None
    affinity: dict[str, Any] | None = None
    alertDropLabels: list[str] | None = None
    alertQueryUrl: str | None = None
    alertRelabelConfigFile: str | None = None
    alertRelabelConfigs: SecretKeySelector | None = None
    alertmanagersConfig: SecretKeySelector | None = None
    alertmanagersUrl: list[str] | None = None
    containers: list[dict[str, Any]] | None = None
    dnsConfig: dict[str, Any] | None = None
    dnsPolicy: Literal["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"] | None = None
    enableFeatures: Annotated[list[NonEmpty], SET] | None = None
    enableServiceLinks: bool | None = None
    enforcedNamespaceLabel: str | None = None
    evaluationInterval: Duration = "15s"
    excludedFromEnforcement: list[ObjectReference] | None = None
    externalPrefix: str | None = None
    grpcServerTlsConfig: GRPCServerTLSConfig | None = None
    hostAliases: Annotated[list[dict[str, Any]], keyed_by("ip")] | None = None
    hostUsers: bool | None = None
    image: str | None = None
    imagePullPolicy: Literal["", "Always", "Never", "IfNotPresent"] | None = None
    imagePullSecrets: list[LocalObjectReference] | None = None
    initContainers: list[dict[str, Any]] | None = None
    labels: dict[str, str] | None = None
    listenLocal: bool | None = None
    logFormat: Literal["", "logfmt", "json"] | None = None
    logLevel: Literal["", "debug", "info", "warn", "error"] | None = None
    minReadySeconds: UInt32 | None = None
    nodeSelector: dict[str, str] | None = None
    objectStorageConfig: SecretKeySelector | None = None
    objectStorageConfigFile: str | None = None
    paused: bool | None = None
    podManagementPolicy: Literal["OrderedReady", "Parallel"] | None = None
    podMetadata: EmbeddedObjectMetadata | None = None
    portName: str = "web"
    priorityClassName: str | None = None
    prometheusRulesExcludedFromEnforce: list[PrometheusRuleExcludeConfig] | None = None
    queryConfig: SecretKeySelector | None = None
    queryEndpoints: list[str] | None = None
    remoteWrite: list[RemoteWriteSpec] | None = None
    replicas: Int32 | None = None
    resendDelay: Duration | None = None
    resources: dict[str, Any] | None = None
    retention: Duration = "24h"
    routePrefix: str | None = None
    ruleConcurrentEval: Annotated[int, schema(format="int32", minimum=1)] | None = None
    ruleGracePeriod: Duration | None = None
    ruleNamespaceSelector: LabelSelector | None = None
    ruleOutageTolerance: Duration | None = None
    ruleQueryOffset: Duration | None = None
    ruleSelector: LabelSelector | None = None
    schedulerName: NonEmpty | None = None
    securityContext: dict[str, Any] | None = None
    serviceAccountName: str | None = None
    serviceName: NonEmpty | None = None
    storage: dict[str, Any] | None = None
    terminationGracePeriodSeconds: UInt64 | None = None
    tolerations: list[dict[str, Any]] | None = None
    topologySpreadConstraints: list[dict[str, Any]] | None = None
    tracingConfig: SecretKeySelector | None = None
    tracingConfigFile: str | None = None
    updateStrategy: StatefulSetUpdateStrategy | None = None
    version: str | None = None
    volumeMounts: list[dict[str, Any]] | None = None
    volumes: list[dict[str, Any]] | None = None
    web: WebConfigFileFields | None = None


class ThanosRuler(Resource, kw_only=True, frozen=True):
    """One ThanosRuler object."""

    spec: ThanosRulerSpec
