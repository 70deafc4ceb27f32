"""How the server reaches others: basic auth, authorization, OAuth 2.0, TLS, proxy. Once, for every block that has them.

The rows at the end are what blocks put into their own tables; each block has its own order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.generation.fields import Block, Row, emit
from render.output.goyaml import sort_keys
from render.selection.references import asset_name

if TYPE_CHECKING:
    from render.api.http_client import (
        Authorization,
        BasicAuth,
        OAuth2,
        SafeAuthorization,
        SafeTLSConfig,
        Sigv4,
        TLSConfig,
    )
    from render.api.selectors import SecretKeySelector, SecretOrConfigMap
    from render.generation.scope import Scope


def basic_auth(block: BasicAuth, scope: Scope) -> Block:
    """`basic_auth` with the values that the references hold; an absent reference gives an empty text."""
    return {
        "username": scope.secret(block.username) if block.username is not None else "",
        "password": scope.secret(block.password) if block.password is not None else "",
    }


def safe_authorization(block: SafeAuthorization, scope: Scope) -> Block:
    """`authorization`: the type is Bearer unless it is set."""
    out: Block = {"type": (block.type or "Bearer").strip()}
    if block.credentials is not None and block.credentials.name:
        out["credentials"] = scope.secret(block.credentials)
    return out


def authorization(block: Authorization, scope: Scope) -> Block:
    """`authorization` that may name a file."""
    out = safe_authorization(block, scope)
    if block.credentialsFile:
        out["credentials_file"] = block.credentialsFile
    return out


def oauth2(block: OAuth2, scope: Scope) -> Block:
    """`oauth2`; its proxy and TLS parts exist since 2.43.0."""
    out: Block = {
        "client_id": scope.either(block.clientId),
        "client_secret": scope.secret(block.clientSecret),
        "token_url": block.tokenUrl,
    }
    return emit(_OAUTH2_ROWS, block, scope, out)


def sigv4(block: Sigv4, scope: Scope) -> Block:
    """`sigv4`; the keys are written when both have a value."""
    out = emit(_SIGV4_REGION, block, scope)
    if block.accessKey is not None and block.secretKey is not None:
        access_key, secret_key = scope.secret(block.accessKey), scope.secret(block.secretKey)
        if access_key and secret_key:
            out |= {"access_key": access_key, "secret_key": secret_key}
    return emit(_SIGV4_ROLE, block, scope, out)


def _asset(source: SecretOrConfigMap, scope: Scope) -> str:
    return f"{scope.certs}/{asset_name(scope.namespace, source)}"


def _key_asset(selector: SecretKeySelector, scope: Scope) -> str:
    return f"{scope.certs}/0_{scope.namespace}_{selector.name}_{selector.key}"


def safe_tls(block: SafeTLSConfig | TLSConfig, scope: Scope) -> Block:
    """`tls_config` whose files are assets: values copied from Secrets and ConfigMaps."""
    out: Block = {}
    if block.insecureSkipVerify is not None:
        out["insecure_skip_verify"] = block.insecureSkipVerify
    for key, source in (("ca_file", block.ca), ("cert_file", block.cert)):
        if source is not None and (source.secret is not None or source.configMap is not None):
            out[key] = _asset(source, scope)
    if block.keySecret is not None:
        out["key_file"] = _key_asset(block.keySecret, scope)
    if block.serverName:
        out["server_name"] = block.serverName
    return emit(_TLS_VERSION_ROWS, block, scope, out)


def tls(block: TLSConfig, scope: Scope) -> Block:
    """`tls_config` that may also name files of the server's own file system."""
    return emit(_TLS_FILE_ROWS, block, scope, safe_tls(block, scope))


def _connect_headers(headers: dict[str, list[SecretKeySelector]], scope: Scope) -> dict[str, Any]:
    return {name: [scope.secret(selector) for selector in selectors] for name, selectors in sorted(headers.items())}


def go_map(mapping: dict[str, Any], _scope: Scope) -> dict[str, Any]:
    """A mapping in the order in which go-yaml writes a Go map."""
    return sort_keys(mapping)


def text_map(mapping: dict[str, Any], _scope: Scope) -> dict[str, Any]:
    """A mapping in the byte order of its keys, which the operator uses where it sorts itself."""
    return dict(sorted(mapping.items()))


BASIC_AUTH = Row("basic_auth", convert=basic_auth)
SAFE_AUTHORIZATION = Row("authorization", since="2.26.0", convert=safe_authorization)
AUTHORIZATION = Row("authorization", since="2.26.0", convert=authorization)
OAUTH2 = Row("oauth2", since="2.27.0", convert=oauth2)
SAFE_TLS = Row("tls_config", of="tlsConfig", convert=safe_tls)
TLS = Row("tls_config", of="tlsConfig", convert=tls)
FOLLOW_REDIRECTS = Row("follow_redirects", since="2.26.0")
ENABLE_HTTP2 = Row("enable_http2", of="enableHTTP2", since="2.35.0")
PROXY = (
    Row("proxy_url", of="proxyUrl", keep_empty=True),
    Row("no_proxy", since="2.43.0", keep_empty=True),
    Row("proxy_from_environment", since="2.43.0"),
    Row("proxy_connect_header", since="2.43.0", convert=_connect_headers, keep_empty=True),
)
_SIGV4_REGION = (Row("region"),)
_SIGV4_ROLE = (
    Row("profile"),
    Row("role_arn"),
    Row("external_id", since="3.11.0"),
    Row("use_fips_sts_endpoint", of="useFIPSSTSEndpoint", since="2.54.0"),
)
_TLS_VERSION_ROWS = (
    Row("min_version", since="2.35.0", keep_empty=True),
    Row("max_version", since="2.41.0", keep_empty=True),
)
_TLS_FILE_ROWS = (Row("ca_file"), Row("cert_file"), Row("key_file"))
_OAUTH2_ROWS = (
    Row("scopes"),
    Row("endpoint_params", convert=go_map),
    *(Row(row.key, row.of, "2.43.0", convert=row.convert, keep_empty=row.keep_empty) for row in PROXY),
    Row("tls_config", of="tlsConfig", since="2.43.0", convert=safe_tls),
)
