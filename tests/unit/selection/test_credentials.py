"""Client blocks: what is consistent, what is refused and where, and that no value shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from render.api.http_client import Authorization, BasicAuth, OAuth2, ProxyConfig, SafeAuthorization, Sigv4, TLSConfig
from render.findings import ObjectKey, Rejection
from render.objects.index import Objects, Payload
from render.selection import credentials
from render.selection.references import References
from render.sources.document import Origin

if TYPE_CHECKING:
    from render.api.model import Model

Check = Callable[[str, Any, References, str], None]

FOUND = {"name": "found", "key": "token"}
MISSING = {"name": "found", "key": "none"}
SOURCE = {"secret": FOUND}
OAUTH2 = {"clientId": SOURCE, "clientSecret": FOUND, "tokenUrl": "https://idp.example/token"}


@pytest.fixture
def references() -> References:
    objects = Objects()
    key = ObjectKey("Secret", "team", "found")
    objects.secrets["team", "found"] = Payload(key, {"token": "swordfish", "empty": ""}, {}, Origin("s.yaml", 0, 1))
    return References(objects)


ACCEPTED = [
    (credentials.check_basic_auth, BasicAuth, {"username": FOUND, "password": FOUND}),
    (credentials.check_safe_authorization, SafeAuthorization, {"type": "Basic"}),
    (credentials.check_safe_authorization, SafeAuthorization, {"credentials": {"name": "", "key": "x"}}),
    (credentials.check_authorization, Authorization, {"credentialsFile": "/token"}),
    (credentials.check_oauth2, OAuth2, OAUTH2),
    (credentials.check_tls, TLSConfig, {"caFile": "/ca", "certFile": "/cert", "keyFile": "/key"}),
    (credentials.check_tls, TLSConfig, {"ca": {}, "caFile": "/ca"}),
    (credentials.check_tls, TLSConfig, {"ca": {"secret": {"name": "found", "key": "empty"}}}),
    (credentials.check_sigv4, Sigv4, {"region": "eu"}),
    (credentials.check_proxy, ProxyConfig, {"proxyUrl": "http://p:3128", "noProxy": "a,b"}),
    (credentials.check_proxy, ProxyConfig, {"proxyFromEnvironment": True, "proxyConnectHeader": {"X": [FOUND]}}),
    (credentials.check_proxy, ProxyConfig, {"proxyFromEnvironment": False, "proxyUrl": "http://p:3128"}),
]

REFUSED = [
    (credentials.check_basic_auth, BasicAuth, {"username": FOUND}, "f.password"),
    (credentials.check_basic_auth, BasicAuth, {"username": MISSING, "password": FOUND}, "f.username"),
    (credentials.check_safe_authorization, SafeAuthorization, {"type": " basic", "credentials": FOUND}, "f.type"),
    (credentials.check_safe_authorization, SafeAuthorization, {"credentials": MISSING}, "f.credentials"),
    (credentials.check_authorization, Authorization, {"credentials": FOUND, "credentialsFile": "/token"}, "f"),
    (credentials.check_oauth2, OAuth2, OAUTH2 | {"tokenUrl": ""}, "f.tokenUrl"),
    (credentials.check_oauth2, OAuth2, OAUTH2 | {"clientId": {}}, "f.clientId"),
    (credentials.check_oauth2, OAuth2, OAUTH2 | {"clientId": {"secret": FOUND, "configMap": FOUND}}, "f.clientId"),
    (credentials.check_oauth2, OAuth2, OAUTH2 | {"tlsConfig": {"keySecret": FOUND}}, "f.tlsConfig"),
    (credentials.check_oauth2, OAuth2, OAUTH2 | {"noProxy": "a"}, "f"),
    (credentials.check_tls, TLSConfig, {"ca": SOURCE, "caFile": "/ca"}, "f"),
    (credentials.check_tls, TLSConfig, {"certFile": "/cert"}, "f"),
    (credentials.check_tls, TLSConfig, {"keyFile": "/key"}, "f"),
    (credentials.check_tls, TLSConfig, {"minVersion": "TLS13", "maxVersion": "TLS12"}, "f.maxVersion"),
    (credentials.check_tls, TLSConfig, {"ca": SOURCE}, "f.ca"),
    (credentials.check_safe_tls, TLSConfig, {"cert": SOURCE}, "f"),
    (credentials.check_sigv4, Sigv4, {"accessKey": FOUND}, "f"),
    (credentials.check_proxy, ProxyConfig, {"noProxy": "a"}, "f"),
    (credentials.check_proxy, ProxyConfig, {"proxyConnectHeader": {"X": [FOUND]}}, "f"),
    (credentials.check_proxy, ProxyConfig, {"proxyFromEnvironment": True, "noProxy": "a"}, "f"),
    (credentials.check_proxy, ProxyConfig, {"proxyFromEnvironment": True, "proxyUrl": "http://p"}, "f"),
    (credentials.check_proxy, ProxyConfig, {"proxyUrl": "http://a{b}"}, "f.proxyUrl"),
    (
        credentials.check_proxy,
        ProxyConfig,
        {"proxyUrl": "http://p", "proxyConnectHeader": {"X": []}},
        "f.proxyConnectHeader[X]",
    ),
    (
        credentials.check_proxy,
        ProxyConfig,
        {"proxyUrl": "http://p", "proxyConnectHeader": {"X": [FOUND, MISSING]}},
        "f.proxyConnectHeader[X][1]",
    ),
]


@pytest.mark.parametrize(("check", "model", "raw"), ACCEPTED)
def test_consistent_blocks_pass(check: Check, model: type[Model], raw: dict[str, Any], references: References) -> None:
    check("team", msgspec.convert(raw, model), references, "f")
    assert not references.assets


@pytest.mark.parametrize(("check", "model", "raw", "field"), REFUSED)
def test_the_others_are_refused_where_they_are_wrong(
    check: Check, model: type[Model], raw: dict[str, Any], field: str, references: References
) -> None:
    with pytest.raises(Rejection) as refused:
        check("team", msgspec.convert(raw, model), references, "f")
    assert refused.value.field == field
    assert "swordfish" not in str(refused.value)
    assert not references.assets


@pytest.mark.parametrize("check", [credentials.check_tls, credentials.check_oauth2, credentials.check_proxy])
def test_an_absent_block_passes(check: Check, references: References) -> None:
    check("team", None, references, "f")


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"authorization": {"credentials": FOUND}, "oauth2": OAUTH2}, "f.oauth2"),
        ({"basicAuth": {}, "bearerTokenSecret": FOUND}, "f.bearerTokenSecret"),
        ({"bearerTokenSecret": FOUND, "oauth2": OAUTH2}, "f.oauth2"),
        ({"authorization": {}}, "f.authorization"),
        ({"oauth2": OAUTH2 | {"tokenUrl": ""}}, "f.oauth2.tokenUrl"),
    ],
)
def test_a_client_authenticates_in_one_way(raw: dict[str, Any], field: str) -> None:
    from render.api.service_monitor import Endpoint

    with pytest.raises(Rejection) as refused:
        credentials.validate_client(msgspec.convert(raw, Endpoint), "f")
    assert refused.value.field == field
