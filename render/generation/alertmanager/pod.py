"""The pods of an Alertmanager."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from render import versions
from render.generation import config_reloader, embedded, probes, tls_mounts, volumes, web_config
from render.generation.alertmanager import arguments, cluster_tls
from render.generation.arguments import Argument, command_line
from render.generation.config_reloader import Reloader
from render.generation.containers import environment_field, hardened, image_pull_policy, resources
from render.generation.images import image
from render.generation.pods import Pod
from render.generation.tls_mounts import Material
from render.generation.volumes import Mounts
from render.golang import paths

if TYPE_CHECKING:
    from render.api.selectors import SecretOrConfigMap
    from render.generation.alertmanager.server import Server
    from render.generation.fields import Block

PORT, MESH_PORT = 9093, 9094
GRACE_PERIOD = 120
LEAST_MEMORY = "200Mi"
CONFIG_FOLDER, UNPACKED_FOLDER = "/etc/alertmanager/config", "/etc/alertmanager/config_out"
CONFIG_FILE = f"{CONFIG_FOLDER}/alertmanager.yaml.gz"
CERTS_FOLDER, TEMPLATES_FOLDER = "/etc/alertmanager/certs", "/etc/alertmanager/templates"
TEMPLATES = "notification-templates"
DATA_SUB_PATH = "alertmanager-db"
WEB_CONFIG_SINCE, CLUSTER_TLS_SINCE = "0.22.0", "0.24.0"
WEB_CONFIG_FILE = f"{web_config.ALERTMANAGER}/{web_config.ENTRY}"
CLUSTER_TLS_FILE = f"{cluster_tls.FOLDER}/{cluster_tls.ENTRY}"


@dataclass(frozen=True, slots=True)
class _Watched:
    """What the config-reloader sees of the pod: mounts, and the folders that it watches."""

    mounts: list[Block]
    folders: list[str]

    def add(self, more: list[Block]) -> None:
        self.mounts.extend(more)
        self.folders.extend(mount["mountPath"] for mount in more)


def pod(server: Server, prefix: str, assets: int) -> Pod:
    """The pods of an Alertmanager, whose objects' names begin with `prefix`, with so many Secrets of TLS assets.

    Raises Rejection when the pods cannot be made.
    """
    spec = server.spec
    storage = volumes.storage(spec.storage, f"{prefix}-db")
    mounts = _base_mounts(server, prefix, assets)
    mounts.mounts.append(storage.mount(arguments.DATA_FOLDER, DATA_SUB_PATH))
    seen = _Watched(
        [volumes.mount("config-volume", CONFIG_FOLDER, read_only=True), volumes.mount("config-out", UNPACKED_FOLDER)],
        [CONFIG_FOLDER],
    )
    if server.references.by_reference:
        seen.mounts.append(volumes.mount("tls-assets", CERTS_FOLDER))
    for more in (_templates(server), volumes.named_objects(spec, "/etc/alertmanager")):
        mounts.extend(more)
        seen.add(more.mounts)
    mounts.mounts.extend(embedded.named(spec.volumeMounts, "spec.volumeMounts", "name", "mountPath"))
    web = _web_mounts(server, prefix)
    mounts.extend(web)
    seen.mounts.extend(web.mounts)
    mounts.extend(_cluster_mounts(server, prefix))
    reloader = _reloader(server, seen)
    return Pod(
        spec=spec,
        main="alertmanager",
        version=versions.canonical(spec.version or versions.DEFAULT_ALERTMANAGER),
        service=arguments.SERVICE,
        selector=selector(server),
        containers=[_alertmanager(server, mounts), config_reloader.running(reloader, server.options)],
        init_containers=[config_reloader.initial(reloader, server.options)],
        volumes=[*mounts.volumes, *storage.volumes],
        replicas=arguments.replicas(server),
        defaults={
            "terminationGracePeriodSeconds": GRACE_PERIOD,
            **config_reloader.account_token(reloader),
        },
        claims=storage.claims,
        main_fixed=True,
    )


def selector(server: Server) -> dict[str, str]:
    """The labels that tell the pods of one Alertmanager apart from all others."""
    return {
        "alertmanager": server.key.name,
        "app.kubernetes.io/instance": server.key.name,
        "app.kubernetes.io/managed-by": "prometheus-operator",
        "app.kubernetes.io/name": "alertmanager",
    }


def _alertmanager(server: Server, mounts: Mounts) -> Block:
    spec = server.spec
    version = spec.version if spec.version and spec.version.strip() else versions.DEFAULT_ALERTMANAGER
    base = spec.baseImage if spec.baseImage and spec.baseImage.strip() else None
    environment = [environment_field("POD_IP", "status.podIP")]
    if server.scope.at_least(arguments.PEER_NAME_SINCE):
        environment.append(environment_field("POD_NAME", "metadata.name"))
    repository = base or server.options.alertmanager_default_base_image
    return {
        "name": "alertmanager",
        "image": image(spec.image, repository, version, tag=spec.tag, sha=spec.sha),
        **image_pull_policy(spec.imagePullPolicy),
        "args": command_line(_flags(server), spec.additionalArgs),
        "env": environment,
        "ports": _ports(server),
        "resources": resources(spec.resources, memory=LEAST_MEMORY),
        "volumeMounts": mounts.mounts,
        **_probes(server),
        **hardened(),
    }


def _flags(server: Server) -> list[Argument]:
    out = list(arguments.flags(server))
    if server.scope.at_least(WEB_CONFIG_SINCE):
        out.append(Argument("web.config.file", WEB_CONFIG_FILE))
    if server.spec.clusterTLS is not None and server.scope.allows("clusterTLS", CLUSTER_TLS_SINCE):
        out.append(Argument("cluster.tls-config", CLUSTER_TLS_FILE))
    return out


def _ports(server: Server) -> list[Block]:
    mesh: list[Block] = [
        {"name": "mesh-tcp", "containerPort": MESH_PORT, "protocol": "TCP"},
        {"name": "mesh-udp", "containerPort": MESH_PORT, "protocol": "UDP"},
    ]
    if server.spec.listenLocal:
        return mesh
    return [{"name": server.spec.portName or "web", "containerPort": PORT, "protocol": "TCP"}, *mesh]


def _tls(server: Server) -> bool:
    web = server.spec.web
    return web is not None and web.tlsConfig is not None and server.scope.at_least(WEB_CONFIG_SINCE)


def _probes(server: Server) -> Block:
    """Who listens on its own loopback address alone cannot be asked."""
    if server.spec.listenLocal:
        return {}
    port, prefix, tls = server.spec.portName or "web", arguments.route_prefix(server), _tls(server)
    ready = probes.http(paths.clean(f"{prefix}/-/ready"), port, tls=tls)
    healthy = probes.http(paths.clean(f"{prefix}/-/healthy"), port, tls=tls)
    limits = {"timeoutSeconds": 3, "failureThreshold": 10}
    return {
        "livenessProbe": {**healthy, **limits},
        "readinessProbe": {**ready, **limits, "initialDelaySeconds": 3, "periodSeconds": 5},
    }


def _base_mounts(server: Server, prefix: str, assets: int) -> Mounts:
    return Mounts(
        [
            volumes.secret("config-volume", f"{prefix}-generated"),
            volumes.tls_assets(prefix, assets, written=server.references.by_reference),
            volumes.memory("config-out"),
        ],
        [
            volumes.mount("config-volume", CONFIG_FOLDER),
            volumes.mount("config-out", UNPACKED_FOLDER, read_only=True),
            volumes.mount("tls-assets", CERTS_FOLDER, read_only=True),
        ],
    )


def _templates(server: Server) -> Mounts:
    """The templates that the configuration object names; of two with the same file name, the first one counts."""
    chosen = server.spec.alertmanagerConfiguration
    out = Mounts()
    if chosen is None or not chosen.templates:
        return out
    sources: dict[str, Block] = {}
    for template in chosen.templates:
        for file, source in _template_sources(template):
            sources.setdefault(file, source)
    out.add({"name": TEMPLATES, "projected": {"sources": list(sources.values())}}, TEMPLATES_FOLDER)
    return out


def _template_sources(template: SecretOrConfigMap) -> list[tuple[str, Block]]:
    out = []
    for kind, selected in (("configMap", template.configMap), ("secret", template.secret)):
        if selected is not None:
            item = {"key": selected.key, "path": selected.key}
            out.append((selected.key or "", {kind: {"name": selected.name, "items": [item]}}))
    return out


def _web_mounts(server: Server, prefix: str) -> Mounts:
    if not server.scope.at_least(WEB_CONFIG_SINCE):
        return Mounts()
    return tls_mounts.web(server.spec.web, web_config.ALERTMANAGER, f"{prefix}-web-config")


def _cluster_mounts(server: Server, prefix: str) -> Mounts:
    out = Mounts()
    if not server.scope.at_least(CLUSTER_TLS_SINCE):
        return out
    out.add(volumes.secret("cluster-tls-config", f"{prefix}-cluster-tls-config"), CLUSTER_TLS_FILE, cluster_tls.ENTRY)
    tls = server.spec.clusterTLS
    if tls is not None:
        served = Material(tls.server.keySecret, tls.server.cert, tls.server.client_ca)
        used = Material(tls.client.keySecret, tls.client.cert, tls.client.ca)
        for side, given in (("server", served), ("client", used)):
            field, folder = f"{cluster_tls.FIELD}.{side}", f"{cluster_tls.FOLDER}/{side}_tls"
            out.extend(tls_mounts.material(f"cluster-tls-{side}-config", folder, given, field))
    return out


def _reloader(server: Server, seen: _Watched) -> Reloader:
    path = paths.clean(f"{arguments.route_prefix(server)}/-/reload")
    return Reloader(
        spec=server.spec,
        mounts=seen.mounts,
        watched=seen.folders,
        config=CONFIG_FILE,
        unpacked=arguments.CONFIG_FILE,
        web_config=WEB_CONFIG_FILE if server.scope.at_least(WEB_CONFIG_SINCE) else "",
        reload_url=paths.url("https" if _tls(server) else "http", f"{server.options.localhost}:{PORT}", path),
        pull_policy=server.spec.imagePullPolicy,
        certificates=CERTS_FOLDER if server.references.by_reference else "",
    )
