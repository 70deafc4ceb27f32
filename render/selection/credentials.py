"""Checks of client blocks that many resources share: proxy, TLS, basic auth, authorization, OAuth 2, SigV4, Azure AD.

Each check first asks whether the block is consistent in itself, then resolves its key references, so that generation
cannot meet a missing one; the certificates of a TLS block become assets on the way. All of them raise Rejection, and an
absent block passes. `namespace` is where references resolve; `field` is the block's path, as in
`spec.endpoints[0].tlsConfig`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from render.findings import Rejection
from render.golang import urls

if TYPE_CHECKING:
    from render.api.http_client import (
        Authorization,
        AzureAD,
        BasicAuth,
        OAuth2,
        ProxyConfig,
        SafeAuthorization,
        SafeTLSConfig,
        Sigv4,
        TLSConfig,
    )
    from render.api.selectors import SecretKeySelector, SecretOrConfigMap
    from render.selection.references import References

_ONE_SOURCE = "keep either the secret or the configMap"
_PAIR = "give both the client's certificate and its key, or neither"


class Client(Protocol):
    """What names at most one way to authenticate."""

    @property
    def authorization(self) -> SafeAuthorization | None:
        """A header of any type."""

    @property
    def basicAuth(self) -> BasicAuth | None:  # noqa: N802 - the API's name
        """User name and password."""

    @property
    def bearerTokenSecret(self) -> SecretKeySelector | None:  # noqa: N802 - the API's name
        """A bearer token."""

    @property
    def oauth2(self) -> OAuth2 | None:
        """A token from a server."""


def validate_client(client: Client, field: str) -> None:
    """At most one of authorization, basicAuth, bearerTokenSecret and oauth2 is given, consistent in itself."""
    ways = ("authorization", "basicAuth", "bearerTokenSecret", "oauth2")
    given = [way for way in ways if getattr(client, way) is not None]
    if len(given) > 1:
        raise Rejection(f"{given[0]} and {given[1]} exclude each other", f"{field}.{given[1]}", hint="keep one of them")
    if client.authorization is not None:
        validate_authorization_type(client.authorization, f"{field}.authorization")
        if client.authorization.credentials is None:
            raise Rejection("credentials are needed", f"{field}.authorization", hint="reference a key of a Secret")
    if client.oauth2 is not None:
        validate_oauth2(client.oauth2, f"{field}.oauth2")


def check_secret(namespace: str, selector: SecretKeySelector | None, references: References, field: str) -> None:
    """The value of one Secret's key exists; an absent selector is an error here."""
    if selector is None:
        raise Rejection(
            "a key of a Secret is needed", field, code="reference-missing", hint="name a Secret and one of its keys"
        )
    references.secret(namespace, selector, field)


def check_basic_auth(namespace: str, block: BasicAuth | None, references: References, field: str) -> None:
    """Both references of a basicAuth block are there."""
    if block is not None:
        check_secret(namespace, block.username, references, f"{field}.username")
        check_secret(namespace, block.password, references, f"{field}.password")


def check_safe_authorization(
    namespace: str, block: SafeAuthorization | None, references: References, field: str
) -> None:
    """An authorization block with credentials is no basic one, and its credentials are there.

    Without credentials nothing is looked at. Credentials that name no Secret pass and are left out later.
    """
    if block is None or block.credentials is None:
        return
    validate_authorization_type(block, field)
    _check_credentials(namespace, block, references, field)


def check_authorization(namespace: str, block: Authorization | None, references: References, field: str) -> None:
    """As `check_safe_authorization`, for a block that may name a file instead of credentials."""
    if block is None or block.credentials is None:
        return
    if block.credentialsFile:
        raise Rejection("credentials and credentialsFile exclude each other", field, hint="keep one of the two")
    validate_authorization_type(block, field)
    _check_credentials(namespace, block, references, field)


def validate_authorization_type(block: SafeAuthorization, field: str) -> None:
    """An authorization block is no basic one."""
    if (block.type or "").strip().lower() == "basic":
        raise Rejection(
            "the type Basic does not belong here", f"{field}.type", hint="use basicAuth for basic authentication"
        )


def _check_credentials(namespace: str, block: SafeAuthorization, references: References, field: str) -> None:
    if block.credentials is not None and block.credentials.name:
        references.secret(namespace, block.credentials, f"{field}.credentials")


def check_oauth2(namespace: str, block: OAuth2 | None, references: References, field: str) -> None:
    """An oauth2 block has its token URL and client, consistent TLS and proxy parts, and its references are there."""
    if block is None:
        return
    validate_oauth2(block, field)
    references.either(namespace, block.clientId, f"{field}.clientId")
    references.secret(namespace, block.clientSecret, f"{field}.clientSecret")
    _check_connect_headers(namespace, block, references, field)
    check_safe_tls(namespace, block.tlsConfig, references, f"{field}.tlsConfig")


def validate_oauth2(block: OAuth2, field: str) -> None:
    """An oauth2 block in itself, without its references."""
    if not block.tokenUrl:
        raise Rejection("tokenUrl is needed", f"{field}.tokenUrl", hint="give the URL that hands out tokens")
    if not is_given(block.clientId):
        raise Rejection("clientId is needed", f"{field}.clientId", hint="reference a key of a Secret or ConfigMap")
    _check_one_source(block.clientId, f"{field}.clientId")
    if block.tlsConfig is not None:
        validate_safe_tls(block.tlsConfig, f"{field}.tlsConfig")
    validate_proxy(block, field)


def check_safe_tls(namespace: str, block: SafeTLSConfig | None, references: References, field: str) -> None:
    """A TLS block that takes everything from Secrets and ConfigMaps; its values become assets."""
    if block is not None:
        validate_safe_tls(block, field)
        references.add_tls(namespace, block.ca, block.cert, block.keySecret, field)


def check_tls(namespace: str, block: TLSConfig | None, references: References, field: str) -> None:
    """A TLS block that may name files of the server instead; the referenced values become assets."""
    if block is not None:
        validate_tls(block, field)
        references.add_tls(namespace, block.ca, block.cert, block.keySecret, field)


def validate_safe_tls(block: SafeTLSConfig, field: str) -> None:
    """A TLS block in itself: one source for each part, certificate and key together, versions in order."""
    _check_one_source(block.ca, f"{field}.ca")
    _check_one_source(block.cert, f"{field}.cert")
    _check_pair(is_given(block.cert), block.keySecret is not None, field)
    _check_tls_versions(block, field)


def validate_tls(block: TLSConfig, field: str) -> None:
    """As `validate_safe_tls`, and no part both as a file and as a reference."""
    _check_file_or_source(block.caFile, given=is_given(block.ca), file="caFile", source="ca", field=field)
    _check_one_source(block.ca, f"{field}.ca")
    _check_file_or_source(block.certFile, given=is_given(block.cert), file="certFile", source="cert", field=field)
    _check_one_source(block.cert, f"{field}.cert")
    _check_file_or_source(
        block.keyFile, given=block.keySecret is not None, file="keyFile", source="keySecret", field=field
    )
    has_cert = bool(block.certFile) or is_given(block.cert)
    has_key = bool(block.keyFile) or block.keySecret is not None
    _check_pair(has_cert, has_key, field)
    _check_tls_versions(block, field)


def is_given(source: SecretOrConfigMap | None) -> bool:
    """Whether a source names a Secret or a ConfigMap; an empty mapping counts as absent."""
    return source is not None and (source.secret is not None or source.configMap is not None)


def _check_one_source(source: SecretOrConfigMap | None, field: str) -> None:
    if source is not None and source.secret is not None and source.configMap is not None:
        raise Rejection("secret and configMap exclude each other", field, hint=_ONE_SOURCE)


def _check_file_or_source(path: str | None, *, given: bool, file: str, source: str, field: str) -> None:
    if path and given:
        raise Rejection(f"{file} and {source} exclude each other", field, hint="keep one of the two")


def _check_pair(has_cert: bool, has_key: bool, field: str) -> None:  # noqa: FBT001 - two equal facts
    if has_cert and not has_key:
        raise Rejection("a client certificate without its key", field, hint=_PAIR)
    if has_key and not has_cert:
        raise Rejection("a client key without its certificate", field, hint=_PAIR)


def _check_tls_versions(block: SafeTLSConfig, field: str) -> None:
    if block.minVersion is not None and block.maxVersion is not None and block.maxVersion < block.minVersion:
        message = f"maxVersion {block.maxVersion} is below minVersion {block.minVersion}"
        raise Rejection(message, f"{field}.maxVersion", hint="exchange the two")


def check_sigv4(namespace: str, block: Sigv4 | None, references: References, field: str) -> None:
    """A sigv4 block has both keys or neither, and those are there."""
    if block is None or (block.accessKey is None and block.secretKey is None):
        return
    if block.accessKey is None or block.secretKey is None:
        raise Rejection("accessKey and secretKey belong together", field, hint="give both, or neither")
    references.secret(namespace, block.accessKey, f"{field}.accessKey")
    references.secret(namespace, block.secretKey, f"{field}.secretKey")


def check_azure_ad(namespace: str, block: AzureAD | None, references: References, field: str) -> None:
    """The client secret of an azureAd block is there."""
    if block is not None and block.oauth is not None:
        references.secret(namespace, block.oauth.clientSecret, f"{field}.oauth.clientSecret")


def check_proxy(namespace: str, block: ProxyConfig | None, references: References, field: str) -> None:
    """The proxy fields of a block: consistent, with a URL that can be read, and headers whose Secrets are there."""
    if block is not None:
        validate_proxy(block, field)
        _check_connect_headers(namespace, block, references, field)


def check_server_proxy(namespace: str, block: ProxyConfig, references: References, field: str) -> None:
    """As `check_proxy`, where the reference looks at the headers alone and the server refuses the whole file later."""
    if not references.reference_faults:
        validate_proxy(block, field)
    _check_connect_headers(namespace, block, references, field)


def validate_proxy(block: ProxyConfig, field: str) -> None:
    """The proxy fields of a block in themselves, without their references."""
    url, environment, without = block.proxyUrl, block.proxyFromEnvironment, block.noProxy
    if block.proxyConnectHeader and not (environment or url):
        raise Rejection("proxyConnectHeader needs a proxy", field, hint="set proxyUrl or proxyFromEnvironment")
    if environment and url:
        raise Rejection("proxyFromEnvironment and proxyUrl exclude each other", field, hint="keep one of the two")
    if environment and without:
        raise Rejection("proxyFromEnvironment and noProxy exclude each other", field, hint="keep one of the two")
    if without and not url:
        raise Rejection("noProxy needs proxyUrl", field, hint="set proxyUrl, or remove noProxy")
    for name, selectors in (block.proxyConnectHeader or {}).items():
        _check_header(name, selectors, f"{field}.proxyConnectHeader[{name}]")
    if url is not None:
        _check_url(url, f"{field}.proxyUrl")


def _check_header(name: str, selectors: list[SecretKeySelector], field: str) -> None:
    if not selectors:
        raise Rejection(f"the header {name!r} has no values", field, hint="reference at least one key of a Secret")
    for number, selector in enumerate(selectors):
        if not selector.name and not selector.key and selector.optional is None:
            raise Rejection(
                f"a value of the header {name!r} is empty", f"{field}[{number}]", hint="name a Secret and its key"
            )


def _check_url(url: str, field: str) -> None:
    try:
        urls.parse_url(url)
    except ValueError as error:
        raise Rejection(f"not a URL: {error}", field, hint="write a URL such as http://proxy.example:3128") from None


def _check_connect_headers(namespace: str, block: ProxyConfig, references: References, field: str) -> None:
    for name, selectors in (block.proxyConnectHeader or {}).items():
        for number, selector in enumerate(selectors):
            references.secret(namespace, selector, f"{field}.proxyConnectHeader[{name}][{number}]")
