"""TLS between the members of a cluster."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from render.api.alertmanager import ClusterTLSConfig
from render.findings import Rejection
from render.generation.alertmanager import cluster_tls

SERVER = {"keySecret": {"name": "s", "key": "k"}, "cert": {"secret": {"name": "s", "key": "c"}}, "minVersion": "TLS12"}
CLIENT = {"keySecret": {"name": "c", "key": "k"}, "cert": {"configMap": {"name": "c", "key": "c"}}, "serverName": "n"}


def _file(server: dict[str, Any], client: dict[str, Any]) -> dict[str, Any] | None:
    return cluster_tls.configuration(msgspec.convert({"server": server, "client": client}, ClusterTLSConfig))


def test_file() -> None:
    folder = "/etc/alertmanager/cluster_tls_config"
    written = _file(SERVER, CLIENT)
    assert written == {
        "tls_server_config": {
            "key_file": f"{folder}/server_tls/secret/s-key/k",
            "cert_file": f"{folder}/server_tls/secret/s-cert/c",
            "min_version": "TLS12",
        },
        "tls_client_config": {
            "key_file": f"{folder}/client_tls/secret/c-key/k",
            "cert_file": f"{folder}/client_tls/configmap/c-cert/c",
            "server_name": "n",
        },
    }
    assert written is not None
    assert list(written["tls_server_config"]) == ["key_file", "cert_file", "min_version"]


def test_nothing_is_an_empty_file() -> None:
    assert cluster_tls.configuration(None) is None


@pytest.mark.parametrize(
    ("server", "client", "field"),
    [
        ({}, CLIENT, "spec.clusterTLS.server"),
        (SERVER, {}, "spec.clusterTLS.client.cert"),
        (SERVER, {"cert": CLIENT["cert"]}, "spec.clusterTLS.client"),
    ],
)
def test_incomplete(server: dict[str, Any], client: dict[str, Any], field: str) -> None:
    with pytest.raises(Rejection) as caught:
        _file(server, client)
    assert caught.value.field.startswith(field)
