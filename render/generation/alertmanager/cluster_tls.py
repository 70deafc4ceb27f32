"""TLS between the members of a cluster: the file that `--cluster.tls-config` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation import web_config
from render.selection import credentials

if TYPE_CHECKING:
    from render.api.alertmanager import ClusterTLSConfig
    from render.api.http_client import SafeTLSConfig
    from render.api.selectors import SecretOrConfigMap
    from render.generation.fields import Block

FOLDER = "/etc/alertmanager/cluster_tls_config"
ENTRY = "cluster-tls-config.yaml"
FIELD = "spec.clusterTLS"
_SERVER_ORDER = (
    "key_file",
    "cert_file",
    "client_auth_type",
    "client_ca_file",
    "min_version",
    "max_version",
    "cipher_suites",
    "prefer_server_cipher_suites",
    "curve_preferences",
)


def configuration(tls: ClusterTLSConfig | None) -> Block | None:
    """The file; None stands for an empty one. Raises Rejection when the settings are incomplete."""
    if tls is None:
        return None
    web_config.check_tls(tls.server, f"{FIELD}.server")
    credentials.validate_safe_tls(tls.client, f"{FIELD}.client")
    if not credentials.is_given(tls.client.cert):
        raise Rejection("a certificate is needed", f"{FIELD}.client.cert", hint="reference a Secret or ConfigMap")
    server = web_config.tls_settings(tls.server, f"{FOLDER}/server_tls")
    return {
        "tls_server_config": {key: server[key] for key in _SERVER_ORDER if key in server},
        "tls_client_config": _client(tls.client, f"{FOLDER}/client_tls"),
    }


def _client(tls: SafeTLSConfig, folder: str) -> Block:
    out: Block = {}
    if tls.keySecret is not None:
        out["key_file"] = f"{folder}/secret/{tls.keySecret.name}-key/{tls.keySecret.key}"
    for key, source, use in (("cert_file", tls.cert, "cert"), ("ca_file", tls.ca, "ca")):
        if source is not None and credentials.is_given(source):
            out[key] = _path(source, use, folder)
    if tls.serverName is not None:
        out["server_name"] = tls.serverName
    if tls.insecureSkipVerify is not None:
        out["insecure_skip_verify"] = tls.insecureSkipVerify
    return out


def _path(source: SecretOrConfigMap, use: str, folder: str) -> str:
    selector = source.secret if source.secret is not None else source.configMap
    return f"{web_config.mount_path(source, use, folder)}/{selector.key if selector is not None else ''}"
