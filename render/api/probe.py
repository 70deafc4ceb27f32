"""Probe: targets that are asked about through a prober."""

from typing import Annotated, Literal

from render.api.http_client import BasicAuth, OAuth2, ProxyConfig, SafeAuthorization, SafeTLSConfig
from render.api.model import Model, Resource
from render.api.relabeling import RelabelConfig
from render.api.scalars import SET, Duration, NonEmpty, UInt64, keyed_by, schema
from render.api.scraping import NativeHistogramConfig
from render.api.selectors import LabelSelector, NamespaceSelector, SecretKeySelector


class ProbeParam(Model, kw_only=True, frozen=True):
    """One query parameter of the prober's request, with its values."""

    name: NonEmpty
    values: Annotated[list[NonEmpty], schema(minItems=1)] | None = None


class ProberSpec(ProxyConfig, kw_only=True, frozen=True):
    """The prober (such as the blackbox exporter) that is asked about each target."""

    path: str = "/probe"
    scheme: Literal["http", "https", "HTTP", "HTTPS"] | None = None
    url: NonEmpty


class ProbeTargetIngress(Model, kw_only=True, frozen=True):
    """Ingresses whose hosts and paths are probed."""

    namespaceSelector: NamespaceSelector | None = None
    relabelingConfigs: list[RelabelConfig] | None = None
    selector: LabelSelector | None = None


class ProbeTargetStaticConfig(Model, kw_only=True, frozen=True):
    """Targets that are listed by hand."""

    labels: dict[str, str] | None = None
    relabelingConfigs: list[RelabelConfig] | None = None
    static: list[str] | None = None


class ProbeTargets(Model, kw_only=True, frozen=True):
    """Where the probed targets come from."""

    ingress: ProbeTargetIngress | None = None
    staticConfig: ProbeTargetStaticConfig | None = None


class ProbeSpec(NativeHistogramConfig, kw_only=True, frozen=True):
    """A prober and the targets that it is asked about."""

    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    bearerTokenSecret: SecretKeySelector | None = None
    enableHttp2: bool | None = None
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
    followRedirects: bool | None = None
    interval: Duration | None = None
    jobName: str | None = None
    keepDroppedTargets: UInt64 | None = None
    labelLimit: UInt64 | None = None
    labelNameLengthLimit: UInt64 | None = None
    labelValueLengthLimit: UInt64 | None = None
    metricRelabelings: list[RelabelConfig] | None = None
    module: str | None = None
    oauth2: OAuth2 | None = None
    params: Annotated[list[ProbeParam], keyed_by("name"), schema(minItems=1)] | None = None
    prober: ProberSpec | None = None
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
    scrapeTimeout: Duration | None = None
    targetLimit: UInt64 | None = None
    targets: ProbeTargets | None = None
    tlsConfig: SafeTLSConfig | None = None


class Probe(Resource, kw_only=True, frozen=True):
    """One Probe object."""

    spec: ProbeSpec
