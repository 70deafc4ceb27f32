"""The pods of a Prometheus or PrometheusAgent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import structs

from render import versions
from render.generation import config_reloader, embedded, probes, tls_mounts, volumes, web_config
from render.generation.arguments import Argument, command_line
from render.generation.config_reloader import Reloader
from render.generation.containers import hardened, image_pull_policy, resources
from render.generation.images import image
from render.generation.pods import SHARD_LABEL, Pod
from render.generation.prometheus import arguments, thanos_sidecar
from render.generation.prometheus.global_settings import LOG_DIRECTORY
from render.generation.prometheus.prometheus import RULES_FOLDER
from render.generation.relabeling import IN_ZONE, ZONE
from render.generation.scope import PROMETHEUS_CERTS
from render.generation.volumes import Mounts
from render.golang import paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.generation.fields import Block
    from render.generation.prometheus.server import Server
    from render.generation.volumes import Storage

PORT = 9090
GRACE_PERIOD = 600
"""Seconds to write down what is in memory before the container is killed."""
PROBE_TIMEOUT = 3
SERVICE = {"Prometheus": "prometheus-operated", "PrometheusAgent": "prometheus-agent-operated"}
MODE_LABEL, NAME_LABEL = "operator.prometheus.io/mode", "operator.prometheus.io/name"
CONFIG_FOLDER, UNPACKED_FOLDER = "/etc/prometheus/config", "/etc/prometheus/config_out"
CONFIG_FILE = f"{CONFIG_FOLDER}/prometheus.yaml.gz"
WEB_CONFIG_SINCE = "2.24.0"
GO_GC_SINCE = "2.53.0"
"""From here on, the configuration file holds it."""
LOG_VOLUME = "log-file"
ZONE_LABEL = "topology.kubernetes.io/zone"
"""The label of nodes that names their zone."""


def pod(server: Server, prefix: str, shard: int | None, rules: Sequence[str], assets: int) -> Pod:
    """The pods of a shard, or of a DaemonSet where `shard` is None.

    `prefix` begins the names of all objects, `rules` are the rule ConfigMaps to mount and `assets` is the number of
    Secrets with TLS assets. Raises Rejection when the pods cannot be made.
    """
    spec: Any = server.spec
    storage = volumes.storage(spec.storage, f"{prefix}-db")
    mounts = _mounts(server, prefix, None if shard is None else storage, rules, assets)
    web = _web_mounts(server, prefix)
    mounts.extend(web)
    reloader = _reloader(server, shard, rules, web)
    sidecars = thanos_sidecar.containers(server, storage, scheme(server), arguments.route_prefix(server))
    extra = thanos_sidecar.client_volume(server, f"{prefix}-{thanos_sidecar.CLIENT_VOLUME}")
    return Pod(
        spec=_placed(server, shard),
        main="prometheus",
        version=versions.canonical(spec.version or versions.DEFAULT_PROMETHEUS),
        service=SERVICE[server.key.kind],
        selector=selector(server, shard),
        containers=[_prometheus(server, mounts), config_reloader.running(reloader, server.options), *sidecars],
        init_containers=[config_reloader.initial(reloader, server.options)],
        volumes=[*mounts.volumes, *extra, *(() if shard is None else storage.volumes)],
        replicas=spec.replicas if spec.replicas is not None and spec.replicas >= 0 else 1,
        defaults={
            "automountServiceAccountToken": True,
            "shareProcessNamespace": reloader.signals,
            "terminationGracePeriodSeconds": GRACE_PERIOD,
        },
        claims=storage.claims,
        labels={MODE_LABEL: "agent" if server.agent else "server"},
    )


def selector(server: Server, shard: int | None) -> dict[str, str]:
    """The labels that tell the pods of one shard apart from all others."""
    out = {
        "app.kubernetes.io/instance": server.key.name,
        "app.kubernetes.io/managed-by": "prometheus-operator",
        "app.kubernetes.io/name": "prometheus-agent" if server.agent else "prometheus",
        NAME_LABEL: server.key.name,
    }
    if not server.agent:
        out["prometheus"] = server.key.name
    if shard is not None:
        out[SHARD_LABEL] = str(shard)
    return out


def _zone(server: Server, shard: int | None) -> str:
    """The zone of a shard; empty where shards do not follow zones."""
    return server.topology[shard % len(server.topology)] if server.topology and shard is not None else ""


def _placed(server: Server, shard: int | None) -> Any:  # noqa: ANN401 - the spec of either kind
    """The spec for the pods of a shard, which run in its zone."""
    zone = _zone(server, shard)
    if not zone:
        return server.spec
    return structs.replace(server.spec, nodeSelector={**(server.spec.nodeSelector or {}), ZONE_LABEL: zone})


def _variables(server: Server, shard: int | None) -> dict[str, str]:
    """What the relabelings of a shard in a zone refer to."""
    zone = _zone(server, shard)
    return {ZONE: zone, IN_ZONE: str((shard or 0) // len(server.topology))} if zone else {}


def scheme(server: Server) -> str:
    """How the web server is asked."""
    return "https" if server.spec.web is not None and server.spec.web.tlsConfig is not None else "http"


def _prometheus(server: Server, mounts: Mounts) -> Block:
    spec: Any = server.spec
    flags = arguments.of_agent(server) if server.agent else arguments.of_server(server)
    if server.scope.at_least(WEB_CONFIG_SINCE):
        flags.append(Argument("web.config.file", f"{web_config.PROMETHEUS}/{web_config.ENTRY}"))
    if not server.agent:
        flags += arguments.of_blocks(server)
    out: Block = {
        "name": "prometheus",
        "image": _image(server),
        **image_pull_policy(spec.imagePullPolicy),
        "args": command_line(flags, spec.additionalArgs),
        "resources": resources(spec.resources),
        "volumeMounts": mounts.mounts,
        **_probes(server),
        **hardened(),
    }
    if not spec.listenLocal:
        out["ports"] = [{"name": spec.portName or "web", "containerPort": PORT, "protocol": "TCP"}]
    garbage = spec.runtime.goGC if spec.runtime is not None and not server.agent else None
    if garbage is not None and not server.scope.at_least(GO_GC_SINCE):
        out["env"] = [{"name": "GOGC", "value": str(garbage)}]
    return out


def _image(server: Server) -> str:
    spec: Any = server.spec
    version = f"v{versions.canonical(spec.version or versions.DEFAULT_PROMETHEUS)}"
    default = server.options.prometheus_default_base_image
    if server.agent:
        return image(spec.image, default, version)
    base = spec.baseImage if spec.baseImage and spec.baseImage.strip() else default
    return image(spec.image, base, version, tag=spec.tag, sha=spec.sha)


def _probes(server: Server) -> Block:
    ready = _handler(server, "/-/ready")
    every = {"timeoutSeconds": PROBE_TIMEOUT, "periodSeconds": 5}
    startup = probes.startup_limits(server.spec.maximumStartupDurationSeconds)
    return {
        "startupProbe": {**ready, "timeoutSeconds": PROBE_TIMEOUT, **startup},
        "readinessProbe": {**ready, **every, "failureThreshold": 3},
        "livenessProbe": {**_handler(server, "/-/healthy"), **every, "failureThreshold": 6},
    }


def _handler(server: Server, path: str) -> Block:
    full = paths.clean(arguments.route_prefix(server) + path)
    if server.spec.listenLocal:  # the reference asks a server with TLS without it, and never finds it ready
        asked = "http" if server.options.reference_faults else scheme(server)
        return probes.command(paths.url(asked, f"localhost:{PORT}", full))
    return probes.http(full, server.spec.portName or "web", tls=scheme(server) == "https")


def _mounts(server: Server, prefix: str, storage: Storage | None, rules: Sequence[str], assets: int) -> Mounts:
    spec: Any = server.spec
    out = Mounts([volumes.secret("config", prefix)])
    out.volumes.append(volumes.tls_assets(prefix, assets, written=server.references.by_reference))
    out.add(volumes.memory("config-out"), UNPACKED_FOLDER)
    out.mounts.append(volumes.mount("tls-assets", PROMETHEUS_CERTS, read_only=True))
    if storage is not None:
        out.mounts.append(storage.mount(arguments.DATA_FOLDER, thanos_sidecar.DATA_SUB_PATH))
    out.mounts.extend(embedded.named(spec.volumeMounts, "spec.volumeMounts", "name", "mountPath"))
    out.extend(volumes.named_objects(spec, "/etc/prometheus"))
    own_log = _in_log_folder(spec.scrapeFailureLogFile)
    query_log = not own_log and _in_log_folder(getattr(spec, "queryLogFile", None))
    if server.options.reference_faults and spec.scrapeFailureLogFile is not None:
        query_log = False
    if own_log or query_log:
        out.volumes.append(volumes.empty(LOG_VOLUME))
    log_mount = volumes.mount(LOG_VOLUME, LOG_DIRECTORY)
    if own_log:
        out.mounts.append(log_mount)
    for name in rules:
        out.add(volumes.config_map(name, name, optional=True), f"{RULES_FOLDER}/{name}")
    if query_log:
        out.mounts.append(log_mount)
    return out


def _in_log_folder(file: str | None) -> bool:
    """Whether a log file is named without a folder, so that it needs one."""
    return bool(file) and paths.folder(file or "") == "."


def _web_mounts(server: Server, prefix: str) -> Mounts:
    if not server.scope.at_least(WEB_CONFIG_SINCE):
        return Mounts()
    return tls_mounts.web(server.spec.web, web_config.PROMETHEUS, f"{prefix}-web-config")


def _reloader(server: Server, shard: int | None, rules: Sequence[str], web: Mounts) -> Reloader:
    spec = server.spec
    mounts = [volumes.mount("config", CONFIG_FOLDER), volumes.mount("config-out", UNPACKED_FOLDER)]
    with_web = spec.web is not None or shard is None
    if server.references.by_reference:
        mounts.append(volumes.mount("tls-assets", PROMETHEUS_CERTS))
    if with_web:
        mounts += web.mounts
    mounts += [volumes.mount(name, f"{RULES_FOLDER}/{name}") for name in rules]
    host = f"{server.options.localhost}:{PORT}"
    prefix = arguments.route_prefix(server)
    signals = spec.reloadStrategy == "ProcessSignal"
    info = paths.url(scheme(server), host, paths.clean(f"{prefix}/api/v1/status/runtimeinfo"))
    return Reloader(
        spec=spec,
        mounts=mounts,
        watched=[*(f"{RULES_FOLDER}/{name}" for name in rules), CONFIG_FOLDER],
        config=CONFIG_FILE,
        unpacked=arguments.CONFIG_FILE,
        shard=shard,
        web_config=f"{web_config.PROMETHEUS}/{web_config.ENTRY}" if with_web and web.mounts else "",
        reload_url=paths.url(scheme(server), host, paths.clean(f"{prefix}/-/reload")),
        runtime_info_url=info if signals else "",
        pull_policy=spec.imagePullPolicy,
        certificates=PROMETHEUS_CERTS if server.references.by_reference else "",
        variables=_variables(server, shard),
    )
