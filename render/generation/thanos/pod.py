"""The pods of a ThanosRuler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render import versions
from render.findings import Rejection
from render.generation import config_reloader, embedded, tls_mounts, volumes, web_config
from render.generation.arguments import command_line
from render.generation.config_reloader import Reloader
from render.generation.containers import environment_field, hardened, image_pull_policy, resources
from render.generation.images import image
from render.generation.pods import Pod
from render.generation.thanos import arguments
from render.generation.thanos.arguments import Files
from render.generation.thanos.remote_write import CERTS
from render.generation.volumes import Mounts
from render.golang import paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.generation.fields import Block
    from render.generation.thanos.ruler import Ruler
    from render.options import Options

PORT, GRPC_PORT = 10902, 10901
SERVICE = "thanos-ruler-operated"
GRACE_PERIOD = 120
LEAST_MEMORY = "200Mi"
WEB_CONFIG_SINCE = "0.21.0"
REMOTE_WRITE_FOLDER = f"{arguments.CONFIG_FOLDER}/{arguments.REMOTE_WRITE}"
WEB_CONFIG_FILE = f"{web_config.THANOS}/{web_config.ENTRY}"


def pod(ruler: Ruler, options: Options, prefix: str, rules: Sequence[str], assets: int) -> Pod:
    """The pods of a ThanosRuler, whose objects' names begin with `prefix`.

    `rules` are the rule ConfigMaps to mount and `assets` is the number of Secrets with TLS assets. Raises Rejection
    when the pods cannot be made.
    """
    spec = ruler.spec
    if spec.queryConfig is None and not spec.queryEndpoints:
        message = "a ThanosRuler needs somebody to ask: neither queryConfig nor queryEndpoints is set"
        raise Rejection(message, "spec.queryEndpoints", hint="name a Thanos Query, or give queryConfig")
    files = Files()
    command = ["rule", *command_line(list(arguments.flags(ruler, prefix, files)), spec.additionalArgs)]
    storage = volumes.storage(spec.storage, f"{prefix}-data")
    web = Mounts()
    if ruler.scope.at_least(WEB_CONFIG_SINCE):
        web = tls_mounts.web(spec.web, web_config.THANOS, f"{prefix}-web-config")
        command.append(f"--http.config={WEB_CONFIG_FILE}")
    mounts = _mounts(ruler, prefix, files, web, assets)
    mounts.mounts.append(storage.mount(arguments.DATA_FOLDER, ""))
    for name in rules:
        mounts.add(volumes.config_map(name, name, optional=True), f"{arguments.RULES_FOLDER}/{name}")
    mounts.mounts.extend(embedded.named(spec.volumeMounts, "spec.volumeMounts", "name", "mountPath"))
    reloader = _reloader(ruler, options, rules, web)
    return Pod(
        spec=spec,
        main="thanos-ruler",
        version=versions.canonical(spec.version or versions.DEFAULT_THANOS),
        service=SERVICE,
        selector=selector(ruler),
        containers=[_ruler(ruler, options, command, mounts), config_reloader.running(reloader, options)],
        init_containers=[config_reloader.initial(reloader, options)] if reloader.certificates else [],
        volumes=[*mounts.volumes, *storage.volumes],
        replicas=max(0, spec.replicas) if spec.replicas is not None else 1,
        defaults={
            "terminationGracePeriodSeconds": GRACE_PERIOD,
            **config_reloader.account_token(reloader),
        },
        claims=storage.claims,
        main_fixed=True,
    )


def selector(ruler: Ruler) -> dict[str, str]:
    """The labels that select the pods: those that the user adds to them, too, as in the reference."""
    metadata = ruler.spec.podMetadata
    return {
        **((metadata.labels if metadata is not None else None) or {}),
        "app.kubernetes.io/instance": ruler.key.name,
        "app.kubernetes.io/managed-by": "prometheus-operator",
        "app.kubernetes.io/name": "thanos-ruler",
        "thanos-ruler": ruler.key.name,
    }


def _ruler(ruler: Ruler, options: Options, command: list[str], mounts: Mounts) -> Block:
    spec = ruler.spec
    version = spec.version if spec.version and spec.version.strip() else versions.DEFAULT_THANOS
    ports = [{"name": "grpc", "containerPort": GRPC_PORT, "protocol": "TCP"}]
    if not spec.listenLocal:
        ports.append({"name": spec.portName, "containerPort": PORT, "protocol": "TCP"})
    return {
        "name": "thanos-ruler",
        "image": image(spec.image, options.thanos_default_base_image, version),
        **image_pull_policy(spec.imagePullPolicy),
        "args": command,
        "env": [environment_field("POD_NAME", "metadata.name")],
        "ports": ports,
        "resources": resources(spec.resources, memory=LEAST_MEMORY),
        "volumeMounts": mounts.mounts,
        **hardened(),
    }


def _mounts(ruler: Ruler, prefix: str, files: Files, web: Mounts, assets: int) -> Mounts:
    """Files that flags name, TLS assets and the web configuration."""
    written = ruler.references.by_reference
    out = Mounts(list(files.mounts.volumes), list(files.mounts.mounts))
    out.add(volumes.tls_assets(prefix, assets, written=written), CERTS)
    if written:
        out.add(volumes.memory("config-out"), arguments.UNPACKED_FOLDER)
    out.extend(web)
    return out


def _resolving_mounts() -> list[Block]:
    """What the reloader needs to resolve the references in the remote write configuration."""
    return [
        volumes.mount(arguments.REMOTE_WRITE, REMOTE_WRITE_FOLDER, read_only=True),
        volumes.mount("config-out", arguments.UNPACKED_FOLDER),
        volumes.mount("tls-assets", CERTS),
    ]


def _reloader(ruler: Ruler, options: Options, rules: Sequence[str], web: Mounts) -> Reloader:
    folders = [f"{arguments.RULES_FOLDER}/{name}" for name in rules]
    rule_mounts = [volumes.mount(name, folder) for name, folder in zip(rules, folders, strict=True)]
    tls = ruler.spec.web is not None and ruler.spec.web.tlsConfig is not None
    scheme = "https" if tls and ruler.scope.at_least(WEB_CONFIG_SINCE) else "http"
    path = paths.clean(f"{ruler.spec.routePrefix or ''}/-/reload")
    written = ruler.references.by_reference
    return Reloader(
        spec=ruler.spec,
        mounts=[*rule_mounts, *web.mounts, *(_resolving_mounts() if written else ())],
        config=f"{REMOTE_WRITE_FOLDER}/{arguments.REMOTE_WRITE_FILE}" if written else "",
        unpacked=arguments.UNPACKED_FILE if written else "",
        certificates=CERTS if written else "",
        watched=folders,
        web_config=WEB_CONFIG_FILE if web.mounts else "",
        reload_url=paths.url(scheme, f"{options.localhost}:{PORT}", path),
    )
