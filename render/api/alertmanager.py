"""Alertmanager: a cluster of Alertmanagers."""

from typing import Annotated, Any, Literal

from msgspec import field

from render.api.http_client import BasicAuth, OAuth2, ProxyConfig, SafeAuthorization, SafeTLSConfig
from render.api.model import Model, Resource
from render.api.pods import (
    Argument,
    EmbeddedObjectMetadata,
    StatefulSetPersistentVolumeClaimRetentionPolicy,
    StatefulSetUpdateStrategy,
)
from render.api.scalars import HTTPURL, ByteSize, Duration, GoDuration, Int32, NonEmpty, UInt32, UInt64, keyed_by
from render.api.selectors import LabelSelector, LocalObjectReference, SecretKeySelector, SecretOrConfigMap
from render.api.web import WebConfigFileFields, WebTLSConfig


class AlertmanagerConfigMatcherStrategy(Model, kw_only=True, frozen=True):
    """How the routes of an AlertmanagerConfig are confined to its namespace."""

    type: Literal["OnNamespace", "OnNamespaceExceptForAlertmanagerNamespace", "None"] = "OnNamespace"


class HTTPConfig(ProxyConfig, kw_only=True, frozen=True):
    """The HTTP client that receivers use unless they bring their own."""

    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    bearerTokenSecret: SecretKeySelector | None = None
    enableHttp2: bool | None = None
    followRedirects: bool | None = None
    oauth2: OAuth2 | None = None
    tlsConfig: SafeTLSConfig | None = None


class GlobalAPIConfig(Model, kw_only=True, frozen=True):
    """The address of an integration's API."""

    apiURL: HTTPURL | None = None


class GlobalMattermostConfig(Model, kw_only=True, frozen=True):
    """The webhook of Mattermost."""

    webhookURL: SecretKeySelector | None = None


class GlobalRocketChatConfig(Model, kw_only=True, frozen=True):
    """Address and credentials of Rocket.Chat."""

    apiURL: HTTPURL | None = None
    token: SecretKeySelector | None = None
    tokenID: SecretKeySelector | None = None


class HostPort(Model, kw_only=True, frozen=True):
    """A host and a port."""

    host: NonEmpty
    port: NonEmpty


class GlobalSMTPConfig(Model, kw_only=True, frozen=True):
    """The mail server."""

    authIdentity: str | None = None
    authPassword: SecretKeySelector | None = None
    authSecret: SecretKeySelector | None = None
    authUsername: str | None = None
    forceImplicitTLS: bool | None = None
    from_: str | None = field(default=None, name="from")
    hello: str | None = None
    requireTLS: bool | None = None
    smartHost: HostPort | None = None
    tlsConfig: SafeTLSConfig | None = None


class GlobalVictorOpsConfig(Model, kw_only=True, frozen=True):
    """Address and key of VictorOps."""

    apiKey: SecretKeySelector | None = None
    apiURL: HTTPURL | None = None


class GlobalWeChatConfig(Model, kw_only=True, frozen=True):
    """Address and credentials of WeChat."""

    apiCorpID: NonEmpty | None = None
    apiSecret: SecretKeySelector | None = None
    apiURL: HTTPURL | None = None


class AlertmanagerGlobalConfig(Model, kw_only=True, frozen=True):
    """Settings that receivers fall back to."""

    httpConfig: HTTPConfig | None = None
    jira: GlobalAPIConfig | None = None
    mattermost: GlobalMattermostConfig | None = None
    opsGenieApiKey: SecretKeySelector | None = None
    opsGenieApiUrl: SecretKeySelector | None = None
    pagerdutyUrl: HTTPURL | None = None
    resolveTimeout: Duration | None = None
    rocketChat: GlobalRocketChatConfig | None = None
    slackApiUrl: SecretKeySelector | None = None
    smtp: GlobalSMTPConfig | None = None
    telegram: GlobalAPIConfig | None = None
    victorops: GlobalVictorOpsConfig | None = None
    webex: GlobalAPIConfig | None = None
    wechat: GlobalWeChatConfig | None = None


class AlertmanagerConfiguration(Model, kw_only=True, frozen=True):
    """The AlertmanagerConfig that makes up the base configuration."""

    global_: AlertmanagerGlobalConfig | None = field(default=None, name="global")
    name: NonEmpty | None = None
    templates: list[SecretOrConfigMap] | None = None


class ClusterTLSConfig(Model, kw_only=True, frozen=True):
    """TLS between the members of an Alertmanager cluster."""

    client: SafeTLSConfig
    server: WebTLSConfig


class AlertmanagerLimitsSpec(Model, kw_only=True, frozen=True):
    """Limits on silences."""

    maxPerSilenceBytes: ByteSize | None = None
    maxSilences: UInt32 | None = None


class AlertmanagerWebSpec(WebConfigFileFields, kw_only=True, frozen=True):
    """The web server of Alertmanager."""

    getConcurrency: UInt32 | None = None
    timeout: UInt32 | None = None


class AlertmanagerSpec(Model, kw_only=True, frozen=True):
    """An Alertmanager cluster: what it selects, how it is configured and how it runs."""

    additionalArgs: list[Argument] | None = None
    additionalPeers: list[str] | None = None
    affinity: dict[str, Any] | None = None
    alertmanagerConfigMatcherStrategy: AlertmanagerConfigMatcherStrategy | None = None
    alertmanagerConfigNamespaceSelector: LabelSelector | None = None
    alertmanagerConfigSelector: LabelSelector | None = None
    alertmanagerConfiguration: AlertmanagerConfiguration | None = None
    automountServiceAccountToken: bool | None = None
    baseImage: str | None = None
    clusterAdvertiseAddress: str | None = None
    clusterGossipInterval: GoDuration | None = None
    clusterLabel: str | None = None
    clusterPeerTimeout: GoDuration | None = None
    clusterPushpullInterval: GoDuration | None = None
    clusterTLS: ClusterTLSConfig | None = None
    configMaps: list[str] | None = None
    configSecret: str | None = None
    containers: list[dict[str, Any]] | None = None
    dnsConfig: dict[str, Any] | None = None
    dnsPolicy: Literal["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"] | None = None
    enableFeatures: list[str] | None = None
    enableServiceLinks: bool | None = None
    externalUrl: str | None = None
    forceEnableClusterMode: bool | None = None
    hostAliases: Annotated[list[dict[str, Any]], keyed_by("ip")] | None = None
    hostNetwork: bool | None = None
    hostUsers: bool | None = None
    image: str | None = None
    imagePullPolicy: Literal["", "Always", "Never", "IfNotPresent"] | None = None
    imagePullSecrets: list[LocalObjectReference] | None = None
    initContainers: list[dict[str, Any]] | None = None
    limits: AlertmanagerLimitsSpec | None = None
    listenLocal: bool | None = None
    logFormat: Literal["", "logfmt", "json"] | None = None
    logLevel: Literal["", "debug", "info", "warn", "error"] | None = None
    minReadySeconds: UInt32 | None = None
    nodeSelector: dict[str, str] | None = None
    paused: bool | None = None
    persistentVolumeClaimRetentionPolicy: StatefulSetPersistentVolumeClaimRetentionPolicy | None = None
    podManagementPolicy: Literal["OrderedReady", "Parallel"] | None = None
    podMetadata: EmbeddedObjectMetadata | None = None
    portName: str = "web"
    priorityClassName: str | None = None
    replicas: Int32 | None = None
    resources: dict[str, Any] | None = None
    retention: GoDuration = "120h"
    routePrefix: str | None = None
    schedulerName: NonEmpty | None = None
    secrets: list[str] | None = None
    securityContext: dict[str, Any] | None = None
    serviceAccountName: str | None = None
    serviceName: NonEmpty | None = None
    sha: str | None = None
    storage: dict[str, Any] | None = None
    tag: str | None = None
    terminationGracePeriodSeconds: UInt64 | None = None
    tolerations: list[dict[str, Any]] | None = None
    topologySpreadConstraints: list[dict[str, Any]] | None = None
    updateStrategy: StatefulSetUpdateStrategy | None = None
    version: str | None = None
    volumeMounts: list[dict[str, Any]] | None = None
    volumes: list[dict[str, Any]] | None = None
    web: AlertmanagerWebSpec | None = None


class Alertmanager(Resource, kw_only=True, frozen=True):
    """One Alertmanager object."""

    spec: AlertmanagerSpec
