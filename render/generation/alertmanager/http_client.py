"""`http_config` of Alertmanager: how receivers reach their services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.alertmanager.http_headers import HEADERS
from render.generation.alertmanager.kinds import (
    FLAG,
    KEPT_FLAG,
    LISTS_MAP,
    SHOWN_FLAG,
    SHOWN_TEXT,
    TEXT,
    TEXT_MAP,
    TEXTS,
    block,
)
from render.generation.alertmanager.shape import Field, Shape, any_of, one_of, prune, require
from render.generation.fields import Row, emit
from render.golang import urls
from render.selection import credentials
from render.selection.references import asset_name

if TYPE_CHECKING:
    from render.api.alertmanager import HTTPConfig as GlobalHTTPConfig
    from render.api.alertmanager_config_v1alpha1 import HTTPConfig
    from render.api.http_client import OAuth2, ProxyConfig, SafeTLSConfig
    from render.generation.fields import Block
    from render.generation.scope import Scope

CERTS = "/etc/alertmanager/certs"
TLS_VERSIONS = ("TLS10", "TLS11", "TLS12", "TLS13")
PROXIES_SINCE = "0.26.0"


def _load_tls(tls: Block) -> None:
    _check_tls_names(tls)
    if bool(tls.get("cert_file")) != bool(tls.get("key_file")):
        raise Rejection("cert_file and key_file belong together", hint="give both, or neither")


def _check_tls_names(tls: Block) -> None:
    for key in ("min_version", "max_version"):
        if tls.get(key) and tls[key] not in TLS_VERSIONS:
            raise Rejection("is no TLS version", key, hint=f"write one of {', '.join(TLS_VERSIONS)}")


def _check_tls_versions(tls: Block, _scope: Scope) -> None:
    _check_tls_names(tls)
    low, high = tls.get("min_version"), tls.get("max_version")
    if low and high and high < low:
        raise Rejection("max_version is below min_version", "max_version", hint="exchange the two")


TLS = Shape(
    (
        Field("ca_file", TEXT),
        Field("cert_file", TEXT),
        Field("key_file", TEXT),
        Field("server_name", TEXT),
        Field("insecure_skip_verify", SHOWN_FLAG),
        Field("min_version", TEXT),
        Field("max_version", TEXT),
    ),
    load=_load_tls,
)
TLS_OF_HTTP = Shape(
    tuple(
        Field(field.key, field.kind, since="0.25.0" if field.key.endswith("version") else "") for field in TLS.fields
    ),
    load=_load_tls,
    rules=_check_tls_versions,
)
"""The TLS block of an HTTP client; mail has the same without gates."""

_PROXY_FIELDS = (
    Field("proxy_url", TEXT),
    Field("no_proxy", TEXT),
    Field("proxy_from_environment", FLAG),
    Field("proxy_connect_header", LISTS_MAP),
)


def _check_proxy(client: Block) -> None:
    url, environment = client.get("proxy_url"), client.get("proxy_from_environment")
    if client.get("proxy_connect_header") and not (environment or url):
        raise Rejection("needs proxy_url or proxy_from_environment", "proxy_connect_header", hint="set one of the two")
    if environment and url:
        raise Rejection(
            "proxy_from_environment and proxy_url exclude each other", "proxy_url", hint="keep one of the two"
        )
    if client.get("no_proxy") and environment:
        raise Rejection(
            "proxy_from_environment and no_proxy exclude each other", "no_proxy", hint="keep one of the two"
        )
    if client.get("no_proxy") and not url:
        raise Rejection("needs proxy_url", "no_proxy", hint="set proxy_url, or remove no_proxy")


def _load_proxy(client: Block) -> None:
    try:
        urls.parse_url(client.get("proxy_url") or "")
    except ValueError:
        raise Rejection("is no URL", "proxy_url") from None
    _check_proxy(client)


def _load_authorization(authorization: Block) -> None:
    if authorization.get("type", "").strip().lower() == "basic":
        raise Rejection("the type basic does not belong here", "type", hint="use basic_auth")


AUTHORIZATION = Shape(
    (Field("type", TEXT), Field("credentials", TEXT), Field("credentials_file", TEXT)), load=_load_authorization
)
BASIC_AUTH = Shape((Field("username", TEXT), Field("password", TEXT), Field("password_file", TEXT)))


def _load_oauth2(oauth2: Block) -> None:
    _load_proxy(oauth2)
    any_of(oauth2, "client_id")
    any_of(oauth2, "token_url")
    one_of(oauth2, "client_secret", "client_secret_file")


OAUTH2 = Shape(
    (
        Field("client_id", SHOWN_TEXT),
        Field("client_secret", SHOWN_TEXT),
        Field("client_secret_file", TEXT),
        Field("scopes", TEXTS),
        Field("token_url", SHOWN_TEXT),
        Field("endpoint_params", TEXT_MAP),
        *_PROXY_FIELDS,
        Field("tls_config", block(TLS)),
    ),
    load=_load_oauth2,
)


def _load_client(client: Block) -> None:
    one_of(client, "bearer_token", "bearer_token_file")
    one_of(client, "basic_auth", "oauth2", "authorization")
    for key in ("bearer_token", "bearer_token_file"):
        for way in ("basic_auth", "oauth2", "authorization") if client.get(key) else ():
            one_of(client, key, way)
    one_of(client.get("basic_auth") or {}, "password", "password_file")
    one_of(client.get("authorization") or {}, "credentials", "credentials_file")
    _load_proxy(client)


def _client_rules(client: Block, scope: Scope) -> None:
    if client.get("tls_config") is not None:
        prune(TLS_OF_HTTP, client["tls_config"], scope, "tls_config")
    if scope.at_least(PROXIES_SINCE):
        _check_proxy(client)
    if client.get("oauth2") is not None:
        _prune_oauth2(client["oauth2"], scope)


def _prune_oauth2(oauth2: Block, scope: Scope) -> None:
    """All proxy settings go together, and only when another one than proxy_from_environment is there."""
    if not any(oauth2.get(key) for key in ("proxy_url", "no_proxy", "proxy_connect_header")):
        return
    for field in _PROXY_FIELDS:
        if oauth2.get(field.key) and not scope.allows(f"oauth2.{field.key}", since="0.25.0"):
            del oauth2[field.key]


HTTP_CLIENT = Shape(
    (
        Field("authorization", block(AUTHORIZATION), needs="0.22.0"),
        Field("basic_auth", block(BASIC_AUTH)),
        Field("oauth2", block(OAUTH2), needs="0.22.0"),
        Field("bearer_token", TEXT),
        Field("bearer_token_file", TEXT),
        Field("tls_config", block(TLS_OF_HTTP)),
        Field("follow_redirects", KEPT_FLAG, since="0.22.0"),
        Field("enable_http2", KEPT_FLAG, since="0.25.0"),
        Field("http_headers", HEADERS, since="0.28.0"),
        Field("proxy_url", TEXT),
        *(Field(field.key, field.kind, since=PROXIES_SINCE) for field in _PROXY_FIELDS[1:]),
    ),
    load=_load_client,
    rules=_client_rules,
)

HTTP_CONFIG = Field("http_config", block(HTTP_CLIENT))


def prune_client(holder: Block, scope: Scope) -> None:
    """Prune the `http_config` of an integration or of the global settings. Raises Rejection."""
    if holder.get("http_config") is not None:
        prune(HTTP_CLIENT, holder["http_config"], scope, "http_config")


def validate(client: HTTPConfig | None, field: str) -> None:
    """The client of a receiver in itself, without its references. Raises Rejection."""
    if client is None:
        return
    credentials.validate_client(client, field)
    if client.tlsConfig is not None:
        credentials.validate_safe_tls(client.tlsConfig, f"{field}.tlsConfig")
    credentials.validate_proxy(client, field)


def check(client: HTTPConfig | GlobalHTTPConfig, scope: Scope, field: str) -> None:
    """The references of a client are there; TLS assets are kept. Raises Rejection."""
    references, namespace = scope.references, scope.namespace
    if client.bearerTokenSecret is not None:
        scope.secret(client.bearerTokenSecret, f"{field}.bearerTokenSecret")
    credentials.check_safe_authorization(namespace, client.authorization, references, f"{field}.authorization")
    credentials.check_basic_auth(namespace, client.basicAuth, references, f"{field}.basicAuth")
    credentials.check_safe_tls(namespace, client.tlsConfig, references, f"{field}.tlsConfig")
    credentials.check_proxy(namespace, client, references, field)
    credentials.check_oauth2(namespace, client.oauth2, references, f"{field}.oauth2")


def check_version(client: HTTPConfig, scope: Scope, field: str) -> None:
    """What the operator refuses, not leaves out, for an old Alertmanager. Raises Rejection."""
    proxies = ("noProxy", "proxyFromEnvironment", "proxyConnectHeader")
    for attributes, since in ((("authorization", "oauth2"), "0.22.0"), (proxies, "0.25.0")):
        for attribute in attributes:
            if getattr(client, attribute) is not None:
                require(scope, since, f"{field}.{attribute}")


def generate(client: HTTPConfig | GlobalHTTPConfig, scope: Scope) -> Block:
    """`http_config`. Raises Rejection when credentials are missing."""
    out: Block = emit(_ROWS, client, scope)
    if client.basicAuth is not None:
        auth = emit(_BASIC_AUTH_ROWS, client.basicAuth, scope)
        if any(auth.values()):
            out["basic_auth"] = auth
    if client.authorization is not None and client.authorization.credentials is not None:
        token = scope.secret(client.authorization.credentials)
        if token:
            out["authorization"] = {"type": client.authorization.type or "Bearer", "credentials": token}
    out |= _proxy(client, scope)
    proxy_url = getattr(client, "proxyURL", None)
    if proxy_url:
        out["proxy_url"] = proxy_url
    return out


def _secret(selector: Any, scope: Scope) -> str:  # noqa: ANN401 - selectors of both API versions
    return scope.secret(selector)


def _proxy(proxy: ProxyConfig, scope: Scope) -> Block:
    return emit(_PROXY_ROWS, proxy, scope)


def _connect_headers(headers: dict[str, list[Any]], scope: Scope) -> Block:
    return {name: [scope.secret(selector) for selector in selectors] for name, selectors in headers.items()}


def _oauth2(oauth2: OAuth2, scope: Scope) -> Block:
    return {
        "client_id": scope.either(oauth2.clientId),
        "client_secret": scope.secret(oauth2.clientSecret),
        "scopes": oauth2.scopes,
        "token_url": oauth2.tokenUrl,
        "endpoint_params": oauth2.endpointParams,
        **_proxy(oauth2, scope),
    }


def tls(tls_config: SafeTLSConfig, scope: Scope) -> Block:
    """`tls_config`, its files being assets."""
    out: Block = emit(_TLS_ROWS, tls_config, scope)
    for key, source in (("ca_file", tls_config.ca), ("cert_file", tls_config.cert)):
        if source is not None and credentials.is_given(source):
            out[key] = f"{CERTS}/{asset_name(scope.namespace, source)}"
    if tls_config.keySecret is not None:
        out["key_file"] = f"{CERTS}/0_{scope.namespace}_{tls_config.keySecret.name}_{tls_config.keySecret.key}"
    return out


_ROWS = (
    Row("oauth2", convert=_oauth2),
    Row("bearer_token", of="bearerTokenSecret", convert=_secret),
    Row("tls_config", convert=tls),
    Row("follow_redirects"),
    Row("enable_http2", of="enableHttp2"),
)
_BASIC_AUTH_ROWS = (Row("username", convert=_secret), Row("password", convert=_secret))
_PROXY_ROWS = (
    Row("proxy_url"),
    Row("no_proxy"),
    Row("proxy_from_environment"),
    Row("proxy_connect_header", convert=_connect_headers),
)
_TLS_ROWS = (Row("server_name"), Row("insecure_skip_verify"), Row("min_version"), Row("max_version"))
