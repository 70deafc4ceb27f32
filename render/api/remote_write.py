"""Remote write, of Prometheus and of ThanosRuler."""

from typing import Annotated, Literal

from render.api.http_client import Authorization, AzureAD, BasicAuth, OAuth2, ProxyConfig, Sigv4, TLSConfig
from render.api.model import Model
from render.api.relabeling import RelabelConfig
from render.api.scalars import HTTPURL, Duration, schema


class MetadataConfig(Model, kw_only=True, frozen=True):
    """How metric metadata is sent to a remote storage."""

    maxSamplesPerSend: Annotated[int, schema(format="int32", minimum=-1)] | None = None
    send: bool | None = None
    sendInterval: Duration | None = None


class QueueConfig(Model, kw_only=True, frozen=True):
    """The queue between the server and a remote storage."""

    batchSendDeadline: Duration | None = None
    capacity: int | None = None
    maxBackoff: Duration | None = None
    maxRetries: int | None = None
    maxSamplesPerSend: int | None = None
    maxShards: int | None = None
    minBackoff: Duration | None = None
    minShards: int | None = None
    retryOnRateLimit: bool | None = None
    sampleAgeLimit: Duration | None = None


class RemoteWriteSpec(ProxyConfig, kw_only=True, frozen=True):
    """A remote storage to which samples are written."""

    authorization: Authorization | None = None
    azureAd: AzureAD | None = None
    basicAuth: BasicAuth | None = None
    bearerToken: str | None = None
    bearerTokenFile: str | None = None
    enableHTTP2: bool | None = None
    followRedirects: bool | None = None
    headers: dict[str, str] | None = None
    messageVersion: Literal["V1.0", "V2.0"] | None = None
    metadataConfig: MetadataConfig | None = None
    name: str | None = None
    oauth2: OAuth2 | None = None
    queueConfig: QueueConfig | None = None
    remoteTimeout: Duration | None = None
    roundRobinDNS: bool | None = None
    sendExemplars: bool | None = None
    sendNativeHistograms: bool | None = None
    sigv4: Sigv4 | None = None
    tlsConfig: TLSConfig | None = None
    url: HTTPURL
    writeRelabelConfigs: list[RelabelConfig] | None = None
