"""ServiceMonitor: the Services to scrape."""

from typing import Annotated, Literal

from render.api.http_client import BasicAuth, OAuth2, ProxyConfig, SafeAuthorization, TLSConfig
from render.api.model import Resource
from render.api.relabeling import RelabelConfig
from render.api.scalars import SET, ByteSize, Duration, IntOrString, NonEmpty, UInt64
from render.api.scraping import AttachMetadata, NativeHistogramConfig
from render.api.selectors import LabelSelector, NamespaceSelector, SecretKeySelector


class Endpoint(ProxyConfig, kw_only=True, frozen=True):
    """One port of the selected Services and how it is scraped."""

    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    bearerTokenFile: str | None = None
    bearerTokenSecret: SecretKeySelector | None = None
    enableHttp2: bool | None = None
    filterRunning: bool | None = None
    followRedirects: bool | None = None
    honorLabels: bool | None = None
    honorTimestamps: bool | None = None
    interval: Duration | None = None
    metricRelabelings: list[RelabelConfig] | None = None
    oauth2: OAuth2 | None = None
    params: dict[str, list[str]] | None = None
    path: str | None = None
    port: str | None = None
    relabelings: list[RelabelConfig] | None = None
    scheme: Literal["http", "https", "HTTP", "HTTPS"] | None = None
    scrapeTimeout: Duration | None = None
    targetPort: IntOrString | None = None
    tlsConfig: TLSConfig | None = None
    trackTimestampsStaleness: bool | None = None


class ServiceMonitorSpec(NativeHistogramConfig, kw_only=True, frozen=True):
    """Which Services are scraped, and how."""

    attachMetadata: AttachMetadata | None = None
    bodySizeLimit: ByteSize | None = None
    endpoints: list[Endpoint]
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
    jobLabel: str | None = None
    keepDroppedTargets: UInt64 | None = None
    labelLimit: UInt64 | None = None
    labelNameLengthLimit: UInt64 | None = None
    labelValueLengthLimit: UInt64 | None = None
    namespaceSelector: NamespaceSelector | None = None
    podTargetLabels: list[str] | None = None
    sampleLimit: UInt64 | None = None
    scrapeClass: NonEmpty | None = None
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
    selector: LabelSelector
    selectorMechanism: Literal["RelabelConfig", "RoleSelector"] | None = None
    serviceDiscoveryRole: Literal["Endpoints", "EndpointSlice"] | None = None
    targetLabels: list[str] | None = None
    targetLimit: UInt64 | None = None


class ServiceMonitor(Resource, kw_only=True, frozen=True):
    """One ServiceMonitor object."""

    spec: ServiceMonitorSpec
