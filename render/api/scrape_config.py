"""ScrapeConfig: a whole scrape job, with every kind of service discovery."""

from typing import Annotated, Literal

from render.api.http_client import BasicAuth, OAuth2, ProxyConfig, SafeAuthorization, SafeTLSConfig
from render.api.model import Model, Resource, rule
from render.api.relabeling import RelabelConfig
from render.api.scalars import (
    ATOMIC_MAP,
    SET,
    ByteSize,
    DiscoveryFile,
    Duration,
    NonEmpty,
    Port,
    Quantity,
    UInt64,
    WebURL,
    keyed_by,
    schema,
)
from render.api.scraping import AttachMetadata
from render.api.selectors import SecretKeySelector


class AzureSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Virtual machines of Azure."""

    authenticationMethod: Literal["OAuth", "ManagedIdentity", "SDK", "WorkloadIdentity"] | None = None
    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    clientID: NonEmpty | None = None
    clientSecret: SecretKeySelector | None = None
    enableHTTP2: bool | None = None
    environment: NonEmpty | None = None
    followRedirects: bool | None = None
    oauth2: OAuth2 | None = None
    port: Port | None = None
    refreshInterval: Duration | None = None
    resourceGroup: NonEmpty | None = None
    subscriptionID: NonEmpty
    tenantID: NonEmpty | None = None
    tlsConfig: SafeTLSConfig | None = None


class ConsulSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Services of a Consul catalogue."""

    allowStale: bool | None = None
    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    datacenter: NonEmpty | None = None
    enableHTTP2: bool | None = None
    filter: NonEmpty | None = None
    followRedirects: bool | None = None
    healthFilter: NonEmpty | None = None
    namespace: NonEmpty | None = None
    nodeMeta: Annotated[dict[str, str], ATOMIC_MAP] | None = None
    oauth2: OAuth2 | None = None
    partition: NonEmpty | None = None
    pathPrefix: NonEmpty | None = None
    refreshInterval: Duration | None = None
    scheme: Literal["http", "https", "HTTP", "HTTPS"] | None = None
    server: NonEmpty
    services: Annotated[list[str], SET] | None = None
    tagSeparator: NonEmpty | None = None
    tags: Annotated[list[str], SET] | None = None
    tlsConfig: SafeTLSConfig | None = None
    tokenRef: SecretKeySelector | None = None


class DigitalOceanSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Droplets of DigitalOcean."""

    authorization: SafeAuthorization | None = None
    enableHTTP2: bool | None = None
    followRedirects: bool | None = None
    oauth2: OAuth2 | None = None
    port: Port | None = None
    refreshInterval: Duration | None = None
    tlsConfig: SafeTLSConfig | None = None


class DNSSDConfig(Model, kw_only=True, frozen=True):
    """DNS names that are asked again and again."""

    names: Annotated[list[NonEmpty], schema(minItems=1)]
    port: Port | None = None
    refreshInterval: Duration | None = None
    type: Literal["A", "AAAA", "MX", "NS", "SRV"] | None = None


class Filter(Model, kw_only=True, frozen=True):
    """A filter that the discovered service applies, by name and values."""

    name: NonEmpty
    values: Annotated[list[NonEmpty], SET, schema(minItems=1)]


class DockerSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Containers of a Docker daemon."""

    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    enableHTTP2: bool | None = None
    filters: Annotated[list[Filter], keyed_by("name")] | None = None
    followRedirects: bool | None = None
    host: Annotated[str, schema(minLength=1, pattern="^[a-zA-Z][a-zA-Z0-9+.-]*://.+$")]
    hostNetworkingHost: NonEmpty | None = None
    matchFirstNetwork: bool | None = None
    oauth2: OAuth2 | None = None
    port: Port | None = None
    refreshInterval: Duration | None = None
    tlsConfig: SafeTLSConfig | None = None


class DockerSwarmSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Services, tasks or nodes of a Docker Swarm."""

    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    enableHTTP2: bool | None = None
    filters: Annotated[list[Filter], keyed_by("name")] | None = None
    followRedirects: bool | None = None
    host: Annotated[str, schema(pattern="^[a-zA-Z][a-zA-Z0-9+.-]*://.+$")]
    oauth2: OAuth2 | None = None
    port: Port | None = None
    refreshInterval: Duration | None = None
    role: Literal["Services", "Tasks", "Nodes"]
    tlsConfig: SafeTLSConfig | None = None


class EC2SDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Instances of AWS EC2."""

    accessKey: SecretKeySelector | None = None
    enableHTTP2: bool | None = None
    filters: Annotated[list[Filter], keyed_by("name")] | None = None
    followRedirects: bool | None = None
    port: Port | None = None
    refreshInterval: Duration | None = None
    region: NonEmpty | None = None
    roleARN: NonEmpty | None = None
    secretKey: SecretKeySelector | None = None
    tlsConfig: SafeTLSConfig | None = None


class EurekaSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Applications of a Eureka server."""

    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    enableHTTP2: bool | None = None
    followRedirects: bool | None = None
    oauth2: OAuth2 | None = None
    refreshInterval: Duration | None = None
    server: WebURL
    tlsConfig: SafeTLSConfig | None = None


class FileSDConfig(Model, kw_only=True, frozen=True):
    """Files, mounted into the server, that list targets."""

    files: Annotated[list[DiscoveryFile], SET, schema(minItems=1)]
    refreshInterval: Duration | None = None


class GCESDConfig(Model, kw_only=True, frozen=True):
    """Instances of the Google Compute Engine."""

    filter: NonEmpty | None = None
    port: Port | None = None
    project: NonEmpty
    refreshInterval: Duration | None = None
    tagSeparator: NonEmpty | None = None
    zone: NonEmpty


class HetznerSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Servers of Hetzner Cloud or Hetzner Robot."""

    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    enableHTTP2: bool | None = None
    followRedirects: bool | None = None
    labelSelector: NonEmpty | None = None
    oauth2: OAuth2 | None = None
    port: Port | None = None
    refreshInterval: Duration | None = None
    role: Literal["hcloud", "Hcloud", "robot", "Robot"]
    tlsConfig: SafeTLSConfig | None = None


class HTTPSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """An HTTP endpoint that lists targets."""

    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    enableHTTP2: bool | None = None
    followRedirects: bool | None = None
    oauth2: OAuth2 | None = None
    refreshInterval: Duration | None = None
    tlsConfig: SafeTLSConfig | None = None
    url: WebURL


class IonosSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Servers of an IONOS Cloud data center."""

    authorization: SafeAuthorization
    datacenterID: NonEmpty
    enableHTTP2: bool | None = None
    followRedirects: bool | None = None
    oauth2: OAuth2 | None = None
    port: Port | None = None
    refreshInterval: Duration | None = None
    tlsConfig: SafeTLSConfig | None = None


class NamespaceDiscovery(Model, kw_only=True, frozen=True):
    """The namespaces that Kubernetes discovery watches."""

    names: Annotated[list[str], SET] | None = None
    ownNamespace: bool | None = None


class K8SSelectorConfig(Model, kw_only=True, frozen=True):
    """Label and field selectors for one role of Kubernetes discovery."""

    field: NonEmpty | None = None
    label: NonEmpty | None = None
    role: Literal["Pod", "Endpoints", "Ingress", "Service", "Node", "EndpointSlice"]


class KubernetesSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Objects of a Kubernetes API server."""

    apiServer: NonEmpty | None = None
    attachMetadata: AttachMetadata | None = None
    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    enableHTTP2: bool | None = None
    followRedirects: bool | None = None
    namespaces: NamespaceDiscovery | None = None
    oauth2: OAuth2 | None = None
    role: Literal["Pod", "Endpoints", "Ingress", "Service", "Node", "EndpointSlice"]
    selectors: Annotated[list[K8SSelectorConfig], keyed_by("role")] | None = None
    tlsConfig: SafeTLSConfig | None = None


class KumaSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Data plane proxies of a Kuma service mesh."""

    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    clientID: NonEmpty | None = None
    enableHTTP2: bool | None = None
    fetchTimeout: Duration | None = None
    followRedirects: bool | None = None
    oauth2: OAuth2 | None = None
    refreshInterval: Duration | None = None
    server: WebURL
    tlsConfig: SafeTLSConfig | None = None


class LightSailSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Instances of AWS Lightsail."""

    accessKey: SecretKeySelector | None = None
    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    enableHTTP2: bool | None = None
    endpoint: NonEmpty | None = None
    followRedirects: bool | None = None
    oauth2: OAuth2 | None = None
    port: Port | None = None
    refreshInterval: Duration | None = None
    region: NonEmpty | None = None
    roleARN: NonEmpty | None = None
    secretKey: SecretKeySelector | None = None
    tlsConfig: SafeTLSConfig | None = None


class LinodeSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Instances of Linode."""

    authorization: SafeAuthorization | None = None
    enableHTTP2: bool | None = None
    followRedirects: bool | None = None
    oauth2: OAuth2 | None = None
    port: Port | None = None
    refreshInterval: Duration | None = None
    region: NonEmpty | None = None
    tagSeparator: NonEmpty | None = None
    tlsConfig: SafeTLSConfig | None = None


class NomadSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Services of a Nomad cluster."""

    allowStale: bool | None = None
    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    enableHTTP2: bool | None = None
    followRedirects: bool | None = None
    namespace: NonEmpty | None = None
    oauth2: OAuth2 | None = None
    refreshInterval: Duration | None = None
    region: NonEmpty | None = None
    server: WebURL
    tagSeparator: NonEmpty | None = None
    tlsConfig: SafeTLSConfig | None = None


class OpenStackSDConfig(Model, kw_only=True, frozen=True):
    """Instances, hypervisors or load balancers of OpenStack."""

    allTenants: bool | None = None
    applicationCredentialId: NonEmpty | None = None
    applicationCredentialName: NonEmpty | None = None
    applicationCredentialSecret: SecretKeySelector | None = None
    availability: Literal["Public", "public", "Admin", "admin", "Internal", "internal"] | None = None
    domainID: NonEmpty | None = None
    domainName: NonEmpty | None = None
    identityEndpoint: WebURL | None = None
    password: SecretKeySelector | None = None
    port: Port | None = None
    projectID: NonEmpty | None = None
    projectName: NonEmpty | None = None
    refreshInterval: Duration | None = None
    region: NonEmpty
    role: Literal["Instance", "Hypervisor", "LoadBalancer"]
    tlsConfig: SafeTLSConfig | None = None
    userid: NonEmpty | None = None
    username: NonEmpty | None = None


class OVHCloudSDConfig(Model, kw_only=True, frozen=True):
    """Servers of OVHcloud, dedicated or virtual."""

    applicationKey: NonEmpty
    applicationSecret: SecretKeySelector
    consumerKey: SecretKeySelector
    endpoint: NonEmpty | None = None
    refreshInterval: Duration | None = None
    service: Literal["VPS", "DedicatedServer"]


class PuppetDBSDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Resources found by a PuppetDB query."""

    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    enableHTTP2: bool | None = None
    followRedirects: bool | None = None
    includeParameters: bool | None = None
    oauth2: OAuth2 | None = None
    port: Port | None = None
    query: NonEmpty
    refreshInterval: Duration | None = None
    tlsConfig: SafeTLSConfig | None = None
    url: WebURL


class ScalewaySDConfig(ProxyConfig, kw_only=True, frozen=True):
    """Instances or bare metal servers of Scaleway."""

    accessKey: NonEmpty
    apiURL: WebURL | None = None
    enableHTTP2: bool | None = None
    followRedirects: bool | None = None
    nameFilter: NonEmpty | None = None
    port: Port | None = None
    projectID: NonEmpty
    refreshInterval: Duration | None = None
    role: Literal["Instance", "Baremetal"]
    secretKey: SecretKeySelector
    tagsFilter: Annotated[list[NonEmpty], SET, schema(minItems=1)] | None = None
    tlsConfig: SafeTLSConfig | None = None
    zone: NonEmpty | None = None


class StaticConfig(Model, kw_only=True, frozen=True):
    """Targets and labels that are listed by hand."""

    labels: Annotated[dict[str, str], ATOMIC_MAP] | None = None
    targets: Annotated[list[NonEmpty], SET, schema(minItems=1)]


class ScrapeConfigSpec(ProxyConfig, kw_only=True, frozen=True):
    """A whole scrape job: its discovery and how its targets are scraped."""

    authorization: SafeAuthorization | None = None
    azureSDConfigs: list[AzureSDConfig] | None = None
    basicAuth: BasicAuth | None = None
    bodySizeLimit: ByteSize | None = None
    consulSDConfigs: list[ConsulSDConfig] | None = None
    convertClassicHistogramsToNHCB: bool | None = None
    digitalOceanSDConfigs: list[DigitalOceanSDConfig] | None = None
    dnsSDConfigs: list[DNSSDConfig] | None = None
    dockerSDConfigs: list[DockerSDConfig] | None = None
    dockerSwarmSDConfigs: list[DockerSwarmSDConfig] | None = None
    ec2SDConfigs: list[EC2SDConfig] | None = None
    enableCompression: bool | None = None
    enableHTTP2: bool | None = None
    eurekaSDConfigs: list[EurekaSDConfig] | None = None
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
    fileSDConfigs: list[FileSDConfig] | None = None
    gceSDConfigs: list[GCESDConfig] | None = None
    hetznerSDConfigs: list[HetznerSDConfig] | None = None
    honorLabels: bool | None = None
    honorTimestamps: bool | None = None
    httpSDConfigs: list[HTTPSDConfig] | None = None
    ionosSDConfigs: list[IonosSDConfig] | None = None
    jobName: NonEmpty | None = None
    keepDroppedTargets: UInt64 | None = None
    kubernetesSDConfigs: list[KubernetesSDConfig] | None = None
    kumaSDConfigs: list[KumaSDConfig] | None = None
    labelLimit: UInt64 | None = None
    labelNameLengthLimit: UInt64 | None = None
    labelValueLengthLimit: UInt64 | None = None
    lightSailSDConfigs: list[LightSailSDConfig] | None = None
    linodeSDConfigs: list[LinodeSDConfig] | None = None
    metricRelabelings: Annotated[list[RelabelConfig], schema(minItems=1)] | None = None
    metricsPath: NonEmpty | None = None
    nameEscapingScheme: Literal["AllowUTF8", "Underscores", "Dots", "Values"] | None = None
    nameValidationScheme: Literal["UTF8", "Legacy"] | None = None
    nativeHistogramBucketLimit: UInt64 | None = None
    nativeHistogramMinBucketFactor: Quantity | None = None
    nomadSDConfigs: list[NomadSDConfig] | None = None
    oauth2: OAuth2 | None = None
    openstackSDConfigs: list[OpenStackSDConfig] | None = None
    ovhcloudSDConfigs: list[OVHCloudSDConfig] | None = None
    params: Annotated[dict[str, list[str]], ATOMIC_MAP] | None = None
    puppetDBSDConfigs: list[PuppetDBSDConfig] | None = None
    relabelings: Annotated[list[RelabelConfig], schema(minItems=1)] | None = None
    sampleLimit: UInt64 | None = None
    scalewaySDConfigs: list[ScalewaySDConfig] | None = None
    scheme: Literal["http", "https", "HTTP", "HTTPS"] | None = None
    scrapeClass: NonEmpty | None = None
    scrapeClassicHistograms: bool | None = None
    scrapeInterval: Duration | None = None
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
            schema(minItems=1),
        ]
        | None
    ) = None
    scrapeTimeout: Duration | None = None
    staticConfigs: list[StaticConfig] | None = None
    targetLimit: UInt64 | None = None
    tlsConfig: SafeTLSConfig | None = None
    trackTimestampsStaleness: bool | None = None


@rule(
    ScrapeConfigSpec,
    "[has(self.basicAuth), has(self.authorization), has(self.oauth2)].filter(x, x).size() <= 1",
    "at most one of basicAuth, authorization, or oauth2 can be configured",
)
def one_way_to_authenticate(self: ScrapeConfigSpec) -> bool:
    """Tell whether at most one way to authenticate is given."""
    return sum(way is not None for way in (self.basicAuth, self.authorization, self.oauth2)) <= 1


class ScrapeConfig(Resource, kw_only=True, frozen=True):
    """One ScrapeConfig object."""

    spec: ScrapeConfigSpec
