"""The web configuration file: paths of mounted material, headers, and what is refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from render.api.web import WebConfigFileFields
from render.findings import Rejection
from render.generation import web_config

KEY = {"keySecret": {"name": "tls", "key": "tls.key"}}
CERTIFICATE = {"cert": {"configMap": {"name": "public", "key": "tls.crt"}}}


def _file(**web: dict[str, Any]) -> dict[str, Any] | None:
    return web_config.configuration(msgspec.convert(web, WebConfigFileFields), web_config.PROMETHEUS)


def test_nothing_configured_is_an_empty_file() -> None:
    assert web_config.configuration(None, web_config.THANOS) is None
    assert _file() is None


def test_material_is_mounted_as_whole_objects() -> None:
    settings = {
        **KEY,
        **CERTIFICATE,
        "client_ca": {"secret": {"name": "ca", "key": "ca.crt"}},
        "preferServerCipherSuites": False,
        "minVersion": "TLS12",
        "clientAuthType": "RequireAndVerifyClientCert",
    }
    written = _file(tlsConfig=settings)
    assert written is not None
    assert list(written["tls_server_config"].items()) == [
        ("cert_file", "/etc/prometheus/web_config/configmap/public-cert/tls.crt"),
        ("key_file", "/etc/prometheus/web_config/secret/tls-key/tls.key"),
        ("client_auth_type", "RequireAndVerifyClientCert"),
        ("client_ca_file", "/etc/prometheus/web_config/secret/ca-ca/ca.crt"),
        ("min_version", "TLS12"),
        ("prefer_server_cipher_suites", False),
    ]


def test_headers_have_a_fixed_order_and_empty_ones_are_left_out() -> None:
    headers = {"xFrameOptions": "SameOrigin", "xContentTypeOptions": "", "contentSecurityPolicy": "self"}
    written = _file(httpConfig={"http2": False, "headers": headers})
    assert written == {
        "http_server_config": {
            "http2": False,
            "headers": {"Content-Security-Policy": "self", "X-Frame-Options": "sameorigin"},
        },
    }
    assert written is not None
    assert list(written["http_server_config"]["headers"]) == ["Content-Security-Policy", "X-Frame-Options"]


@pytest.mark.parametrize(
    ("tls", "why"),
    [
        ({}, "private key"),
        (KEY, "certificate is needed"),
        ({**KEY, **CERTIFICATE, "certFile": "/c"}, "cert and certFile"),
        ({**KEY, **CERTIFICATE, "keyFile": "/k"}, "keyFile and keySecret"),
        (
            {**KEY, **CERTIFICATE, "client_ca": {"secret": {"name": "a", "key": "b"}}, "clientCAFile": "/ca"},
            "client_ca and clientCAFile",
        ),
        ({**KEY, "cert": {**CERTIFICATE["cert"], "secret": {"name": "a", "key": "b"}}}, "secret and configMap"),
    ],
)
def test_tls_settings_that_are_refused(tls: dict[str, Any], why: str) -> None:
    with pytest.raises(Rejection, match=why):
        _file(tlsConfig=tls)
