"""The web configuration file of Prometheus, Alertmanager and ThanosRuler: TLS and HTTP of their own web interface.

Certificates and keys are mounted as whole Secrets and ConfigMaps, so the file names paths and holds no credentials.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.selection.credentials import is_given

if TYPE_CHECKING:
    from render.api.selectors import SecretOrConfigMap
    from render.api.web import WebConfigFileFields, WebHTTPConfig, WebHTTPHeaders, WebTLSConfig
    from render.generation.fields import Block

PROMETHEUS = "/etc/prometheus/web_config"
ALERTMANAGER = "/etc/alertmanager/web_config"
THANOS = "/etc/thanos/web_config"
ENTRY = "web-config.yaml"

_TLS_SETTINGS = (
    ("min_version", "minVersion"),
    ("max_version", "maxVersion"),
    ("cipher_suites", "cipherSuites"),
    ("prefer_server_cipher_suites", "preferServerCipherSuites"),
    ("curve_preferences", "curvePreferences"),
)
_HEADERS = (
    ("Content-Security-Policy", "contentSecurityPolicy", False),
    ("Strict-Transport-Security", "strictTransportSecurity", False),
    ("X-Content-Type-Options", "xContentTypeOptions", True),
    ("X-Frame-Options", "xFrameOptions", True),
    ("X-XSS-Protection", "xXSSProtection", False),
)
"""Header, attribute, and whether the server wants the value in lower case."""


def configuration(web: WebConfigFileFields | None, folder: str, field: str = "spec.web") -> Block | None:
    """The web configuration whose TLS material is mounted under `folder`; None stands for an empty file.

    Raises Rejection when the TLS settings are incomplete or contradict each other.
    """
    if web is None or (web.tlsConfig is None and web.httpConfig is None):
        return None
    out: Block = {}
    if web.tlsConfig is not None:
        check_tls(web.tlsConfig, f"{field}.tlsConfig")
        out["tls_server_config"] = tls_settings(web.tlsConfig, folder)
    if web.httpConfig is not None:
        out["http_server_config"] = _http(web.httpConfig)
    return out


def mount_path(source: SecretOrConfigMap, use: str, folder: str) -> str:
    """Where a Secret or ConfigMap with TLS material is mounted; `use` is key, cert or ca."""
    if source.secret is not None:
        return f"{folder}/secret/{source.secret.name}-{use}"
    return f"{folder}/configmap/{source.configMap.name if source.configMap is not None else ''}-{use}"


def tls_settings(tls: WebTLSConfig, folder: str) -> Block:
    """The settings of a TLS server whose material is mounted under `folder`."""
    out: Block = {}
    if cert := tls.certFile or _file(tls.cert, "cert", folder):
        out["cert_file"] = cert
    if tls.keyFile:
        out["key_file"] = tls.keyFile
    elif tls.keySecret is not None and tls.keySecret.name:
        out["key_file"] = f"{folder}/secret/{tls.keySecret.name}-key/{tls.keySecret.key}"
    if tls.clientAuthType:
        out["client_auth_type"] = tls.clientAuthType
    if authority := tls.clientCAFile or _file(tls.client_ca, "ca", folder):
        out["client_ca_file"] = authority
    for key, attribute in _TLS_SETTINGS:
        value = getattr(tls, attribute)
        if value or value is False:
            out[key] = value
    return out


def _file(source: SecretOrConfigMap | None, use: str, folder: str) -> str:
    if source is None or not is_given(source):
        return ""
    selector = source.secret if source.secret is not None else source.configMap
    return f"{mount_path(source, use, folder)}/{selector.key if selector is not None else ''}"


def _http(http: WebHTTPConfig) -> Block:
    out: Block = {}
    if http.http2 is not None:
        out["http2"] = http.http2
    if http.headers is not None:
        out["headers"] = _headers(http.headers)
    return out


def _headers(headers: WebHTTPHeaders) -> Block:
    out: Block = {}
    for name, attribute, lower in _HEADERS:
        value = getattr(headers, attribute)
        if value:
            out[name] = value.lower() if lower else value
    return out


def check_tls(tls: WebTLSConfig, field: str) -> None:
    """Certificate and key are given, each from one source. Raises Rejection.

    Source: `WebTLSConfig.Validate` of the operator's API.
    """
    _check_source(tls.client_ca, tls.clientCAFile, "client_ca", "clientCAFile", field)
    _check_source(tls.cert, tls.certFile, "cert", "certFile", field)
    has_key_secret = tls.keySecret is not None and bool(tls.keySecret.name or tls.keySecret.key)
    if tls.keyFile and has_key_secret:
        raise Rejection("keyFile and keySecret exclude each other", field, hint="keep one of the two")
    if not tls.keyFile and not has_key_secret:
        raise Rejection("a private key is needed", f"{field}.keySecret", hint="set keySecret or keyFile")
    if not tls.certFile and not is_given(tls.cert):
        raise Rejection("a certificate is needed", f"{field}.cert", hint="set cert or certFile")


def _check_source(source: SecretOrConfigMap | None, path: str | None, name: str, path_name: str, field: str) -> None:
    if source is None or not is_given(source):
        return
    if path:
        raise Rejection(f"{name} and {path_name} exclude each other", field, hint="keep one of the two")
    if source.secret is not None and source.configMap is not None:
        raise Rejection("secret and configMap exclude each other", f"{field}.{name}", hint="keep one of the two")
