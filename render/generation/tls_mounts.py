"""The web configuration of a server in its pod, and the TLS material that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from render.generation import volumes, web_config
from render.generation.resource_names import unique_label
from render.generation.volumes import Mounts
from render.selection.credentials import is_given

if TYPE_CHECKING:
    from render.api.selectors import SecretKeySelector, SecretOrConfigMap
    from render.api.web import WebConfigFileFields
    from render.generation.fields import Block

WEB_CONFIG = "web-config"
WEB_CONFIG_TLS = "web-config-tls"
"""What names of volumes with TLS material of the web server begin with."""


def web(fields: WebConfigFileFields | None, folder: str, secret_name: str) -> Mounts:
    """The web configuration file and its TLS material, below `folder`.

    The file is always mounted, so that a server that turns to TLS need not restart.
    """
    out = Mounts()
    out.add(volumes.secret(WEB_CONFIG, secret_name), f"{folder}/{web_config.ENTRY}", web_config.ENTRY)
    tls = fields.tlsConfig if fields is not None else None
    if tls is not None:
        given = Material(tls.keySecret, tls.cert, tls.client_ca)
        out.extend(material(WEB_CONFIG_TLS, folder, given, "spec.web.tlsConfig"))
    return out


class Material(NamedTuple):
    """Where key, certificate and authority are kept; what is given by path is kept nowhere."""

    key: SecretKeySelector | None
    cert: SecretOrConfigMap | None
    authority: SecretOrConfigMap | None


def material(prefix: str, folder: str, given: Material, field: str) -> Mounts:
    """Key, certificate and authority as volumes below `folder`, in this order; `prefix` begins the volumes' names."""
    out = Mounts()
    if given.key is not None and given.key.name:
        label = unique_label(f"{prefix}-secret-key", given.key.name, field)
        out.add(volumes.secret(label, given.key.name), f"{folder}/secret/{given.key.name}-key")
    for source, use, path_use in ((given.cert, "cert", "cert"), (given.authority, "client-ca", "ca")):
        if source is not None and is_given(source):
            out.add(_volume(source, f"{prefix}-{{}}-{use}", field), web_config.mount_path(source, path_use, folder))
    return out


def _volume(source: SecretOrConfigMap, prefix: str, field: str) -> Block:
    if source.secret is not None:
        name = source.secret.name or ""
        return volumes.secret(unique_label(prefix.format("secret"), name, field), name)
    name = (source.configMap.name if source.configMap is not None else "") or ""
    return volumes.config_map(unique_label(prefix.format("configmap"), name, field), name)
