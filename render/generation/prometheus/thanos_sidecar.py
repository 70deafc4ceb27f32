"""The Thanos sidecar: its container, and the HTTP client file with which it reaches its Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render import versions
from render.findings import Rejection
from render.generation import embedded, volumes
from render.generation.arguments import Argument, command_line
from render.generation.containers import environment_secret, hardened, image_pull_policy, resources
from render.generation.grpc_server import tls_arguments
from render.generation.images import image
from render.golang import paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.api.prometheus import ThanosSpec
    from render.generation.fields import Block
    from render.generation.prometheus.server import Server
    from render.generation.volumes import Storage

ENTRY = "prometheus.http-client-file.yaml"
CLIENT_VOLUME = "thanos-prometheus-http-client-file"
CONFIG_FOLDER = "/etc/thanos/config"
CLIENT_FILE_SINCE = "0.24.0"
GET_CONFIG_SINCE = "0.29.0"
DATA_FOLDER, DATA_SUB_PATH = "/prometheus", "prometheus-db"
SHIPPER_META_FILE = "thanos.shipper.json"
DELAYED_COMPACTION, FAULTY_DELAYED_COMPACTION = ("3.9.0", "0.42.0"), ("3.9.0", "0.41.0")
"""Versions of Prometheus and Thanos from which blocks are compacted once they are uploaded.

The reference takes 0.41 as well, whose sidecar refuses to upload with such a server (prometheus-operator 8763).
"""
LOOPBACK = "127.0.0.1"


def http_client(_server: Server) -> Block:
    """The client's settings, the same for every server: both run in one pod, and no certificate names localhost."""
    return {"tls_config": {"insecure_skip_verify": True}}


def uploads(thanos: ThanosSpec | None) -> bool:
    """Whether the sidecar uploads blocks to an object storage."""
    return thanos is not None and (thanos.objectStorageConfig is not None or thanos.objectStorageConfigFile is not None)


def delays_compaction(server: Server) -> bool:
    """Whether the server compacts blocks as soon as the sidecar has uploaded them."""
    spec: Any = server.spec
    since, thanos_since = FAULTY_DELAYED_COMPACTION if server.options.reference_faults else DELAYED_COMPACTION
    return (
        uploads(spec.thanos)
        and not spec.disableCompaction
        and server.scope.at_least(since)
        and _version(spec.thanos) >= versions.parse(thanos_since)
    )


def client_volume(server: Server, secret_name: str) -> list[Block]:
    """The volume of the HTTP client file, for a sidecar that reads one."""
    thanos = getattr(server.spec, "thanos", None)
    if thanos is None or _version(thanos) < versions.parse(CLIENT_FILE_SINCE):
        return []
    return [volumes.secret(CLIENT_VOLUME, secret_name)]


def containers(server: Server, storage: Storage, scheme: str, route_prefix: str) -> list[Block]:
    """The sidecar's container, if the object asks for one.

    Raises Rejection when its version or its image cannot be read, or an additional argument is set already.
    """
    thanos: ThanosSpec | None = getattr(server.spec, "thanos", None)
    if thanos is None:
        return []
    url = f"{scheme}://{server.options.localhost}:9090{paths.clean(route_prefix)}"
    arguments = [Argument("prometheus.url", url), *_arguments(thanos, server)]
    base = thanos.baseImage if thanos.baseImage is not None else server.options.thanos_default_base_image
    version = thanos.version if thanos.version is not None else versions.DEFAULT_THANOS
    own = embedded.named(thanos.volumeMounts, "spec.thanos.volumeMounts", "name", "mountPath")
    mounts = [volumes.mount(one["name"], one["mountPath"]) for one in own]
    if uploads(thanos):
        mounts.append(storage.mount(DATA_FOLDER, DATA_SUB_PATH))
    if client_volume(server, ""):
        mounts.append(volumes.mount(CLIENT_VOLUME, CONFIG_FOLDER))
    return [
        {
            "name": "thanos-sidecar",
            "image": image(thanos.image, base, version, tag=thanos.tag, sha=thanos.sha),
            **image_pull_policy(server.spec.imagePullPolicy),
            "args": ["sidecar", *command_line(arguments, thanos.additionalArgs, "spec.thanos.additionalArgs")],
            "env": list(_environment(thanos)),
            "ports": [{"name": "http", "containerPort": 10902}, {"name": "grpc", "containerPort": 10901}],
            "resources": resources(thanos.resources, field="spec.thanos.resources"),
            "volumeMounts": mounts,
            **hardened(),
        },
    ]


def _version(thanos: ThanosSpec) -> versions.Version:
    try:
        return versions.parse(thanos.version if thanos.version is not None else versions.DEFAULT_THANOS)
    except ValueError as error:
        hint = "write a version such as v0.42.4"
        raise Rejection(str(error), "spec.thanos.version", code="version-invalid", hint=hint) from None


def _environment(thanos: ThanosSpec) -> Iterator[Block]:
    if thanos.objectStorageConfig is not None and thanos.objectStorageConfigFile is None:
        selector = thanos.objectStorageConfig
        yield environment_secret("OBJSTORE_CONFIG", selector.name or "", selector.key or "")
    if thanos.tracingConfig is not None and not thanos.tracingConfigFile:
        selector = thanos.tracingConfig
        yield environment_secret("TRACING_CONFIG", selector.name or "", selector.key or "")


def _arguments(thanos: ThanosSpec, server: Server) -> Iterator[Argument]:
    yield Argument("grpc-address", f"{LOOPBACK if thanos.listenLocal or thanos.grpcListenLocal else ''}:10901")
    yield Argument("http-address", f"{LOOPBACK if thanos.listenLocal or thanos.httpListenLocal else ''}:10902")
    yield from tls_arguments(thanos.grpcServerTlsConfig)
    yield from _upload_arguments(thanos, server)
    if thanos.tracingConfigFile:
        yield Argument("tracing.config-file", thanos.tracingConfigFile)
    elif thanos.tracingConfig is not None:
        yield Argument("tracing.config", "$(TRACING_CONFIG)")
    for name, value in (
        ("log.level", thanos.logLevel or server.spec.logLevel),
        ("log.format", thanos.logFormat or server.spec.logFormat),
        ("min-time", thanos.minTime),
        ("prometheus.ready_timeout", thanos.readyTimeout),
    ):
        if value:
            yield Argument(name, value)
    if _version(thanos) >= versions.parse(GET_CONFIG_SINCE):
        if thanos.getConfigTimeout:
            yield Argument("prometheus.get_config_timeout", thanos.getConfigTimeout)
        if thanos.getConfigInterval:
            yield Argument("prometheus.get_config_interval", thanos.getConfigInterval)
    if client_volume(server, ""):
        yield Argument("prometheus.http-client-file", f"{CONFIG_FOLDER}/{ENTRY}")


def _upload_arguments(thanos: ThanosSpec, server: Server) -> Iterator[Argument]:
    if not uploads(thanos):
        return
    if thanos.objectStorageConfigFile is not None:
        yield Argument("objstore.config-file", thanos.objectStorageConfigFile)
    else:
        yield Argument("objstore.config", "$(OBJSTORE_CONFIG)")
    yield Argument("tsdb.path", DATA_FOLDER)
    if delays_compaction(server):
        yield Argument("shipper.meta-file-name", SHIPPER_META_FILE)
        yield Argument("shipper.ignore-unequal-block-size")
