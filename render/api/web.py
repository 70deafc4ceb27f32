"""The web server of Prometheus, Alertmanager and ThanosRuler."""

from typing import Literal

from render.api.model import Model
from render.api.selectors import SecretKeySelector, SecretOrConfigMap


class WebHTTPHeaders(Model, kw_only=True, frozen=True):
    """Security headers that the web server adds to its answers."""

    contentSecurityPolicy: str | None = None
    strictTransportSecurity: str | None = None
    xContentTypeOptions: Literal["", "NoSniff"] | None = None
    xFrameOptions: Literal["", "Deny", "SameOrigin"] | None = None
    xXSSProtection: str | None = None


class WebHTTPConfig(Model, kw_only=True, frozen=True):
    """HTTP settings of the web server."""

    headers: WebHTTPHeaders | None = None
    http2: bool | None = None


class WebTLSConfig(Model, kw_only=True, frozen=True):
    """The TLS side of a web server."""

    cert: SecretOrConfigMap | None = None
    certFile: str | None = None
    cipherSuites: list[str] | None = None
    client_ca: SecretOrConfigMap | None = None
    clientAuthType: str | None = None
    clientCAFile: str | None = None
    curvePreferences: list[str] | None = None
    keyFile: str | None = None
    keySecret: SecretKeySelector | None = None
    maxVersion: str | None = None
    minVersion: str | None = None
    preferServerCipherSuites: bool | None = None


class WebConfigFileFields(Model, kw_only=True, frozen=True):
    """The web server's configuration file: TLS and HTTP."""

    httpConfig: WebHTTPConfig | None = None
    tlsConfig: WebTLSConfig | None = None
