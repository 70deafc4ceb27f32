"""HTTP clients: proxy, TLS, basic authentication, authorization, OAuth 2, AWS and Azure."""

from typing import Annotated, Literal

from render.api.model import Model, rule
from render.api.scalars import ATOMIC_MAP, HTTPURL, NonEmpty, ProxyURL, schema
from render.api.selectors import SecretKeySelector, SecretOrConfigMap


class ProxyConfig(Model, kw_only=True, frozen=True):
    """How a client reaches its server through an HTTP proxy."""

    noProxy: str | None = None
    proxyConnectHeader: Annotated[dict[str, list[SecretKeySelector]], ATOMIC_MAP] | None = None
    proxyFromEnvironment: bool | None = None
    proxyUrl: ProxyURL | None = None


class SafeAuthorization(Model, kw_only=True, frozen=True):
    """The Authorization header, its credentials taken from a Secret."""

    credentials: SecretKeySelector | None = None
    type: str | None = None


class BasicAuth(Model, kw_only=True, frozen=True):
    """User name and password, each from a key of a Secret."""

    password: SecretKeySelector | None = None
    username: SecretKeySelector | None = None


class SafeTLSConfig(Model, kw_only=True, frozen=True):
    """The TLS side of a client, everything taken from Secrets and ConfigMaps."""

    ca: SecretOrConfigMap | None = None
    cert: SecretOrConfigMap | None = None
    insecureSkipVerify: bool | None = None
    keySecret: SecretKeySelector | None = None
    maxVersion: Literal["TLS10", "TLS11", "TLS12", "TLS13"] | None = None
    minVersion: Literal["TLS10", "TLS11", "TLS12", "TLS13"] | None = None
    serverName: str | None = None


class OAuth2(ProxyConfig, kw_only=True, frozen=True):
    """The client credentials flow of OAuth 2."""

    clientId: SecretOrConfigMap
    clientSecret: SecretKeySelector
    endpointParams: dict[str, str] | None = None
    scopes: list[str] | None = None
    tlsConfig: SafeTLSConfig | None = None
    tokenUrl: HTTPURL


class TLSConfig(SafeTLSConfig, kw_only=True, frozen=True):
    """The TLS side of a client; files mounted into the server may be named as well."""

    caFile: str | None = None
    certFile: str | None = None
    keyFile: str | None = None


class Authorization(SafeAuthorization, kw_only=True, frozen=True):
    """The Authorization header, its credentials taken from a Secret or from a file of the server."""

    credentialsFile: str | None = None


class ManagedIdentity(Model, kw_only=True, frozen=True):
    """The managed identity of the Azure machine."""

    clientId: NonEmpty | None = None


class AzureOAuth(Model, kw_only=True, frozen=True):
    """An application registered with Azure, with its client secret."""

    clientId: NonEmpty
    clientSecret: SecretKeySelector
    tenantId: Annotated[str, schema(minLength=1, pattern="^[0-9a-zA-Z-.]+$")]


class AzureSDK(Model, kw_only=True, frozen=True):
    """Leaves the choice of a credential to Azure's SDK."""

    tenantId: Annotated[str, schema(pattern="^[0-9a-zA-Z-.]+$")] | None = None


class AzureWorkloadIdentity(Model, kw_only=True, frozen=True):
    """The federated identity of a Kubernetes service account."""

    clientId: NonEmpty
    tenantId: NonEmpty


class AzureAD(Model, kw_only=True, frozen=True):
    """Fetches tokens from Microsoft Entra ID; exactly one of the ways to do so is given."""

    cloud: Literal["AzureChina", "AzureGovernment", "AzurePublic"] | None = None
    managedIdentity: ManagedIdentity | None = None
    oauth: AzureOAuth | None = None
    scope: Annotated[str, schema(pattern=r"^[\w\s:/.\\-]+$")] | None = None
    sdk: AzureSDK | None = None
    workloadIdentity: AzureWorkloadIdentity | None = None


class Sigv4(Model, kw_only=True, frozen=True):
    """Signs requests for AWS with Signature Version 4."""

    accessKey: SecretKeySelector | None = None
    externalId: NonEmpty | None = None
    profile: str | None = None
    region: str | None = None
    roleArn: str | None = None
    secretKey: SecretKeySelector | None = None
    useFIPSSTSEndpoint: bool | None = None


@rule(Sigv4, "!has(self.externalId) || has(self.roleArn)", "externalId can only be used when roleArn is specified")
def external_id_needs_role(self: Sigv4) -> bool:
    """Tell whether an external ID comes with the role that it is for."""
    return self.externalId is None or self.roleArn is not None
