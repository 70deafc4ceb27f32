"""The containers that unpack a configuration before the server starts, and reload the server when it changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from render.generation import probes
from render.generation.containers import environment_field, hardened, image_pull_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from render.generation.fields import Block
    from render.options import Options

NAME, INIT_NAME = "config-reloader", "init-config-reloader"
DEFAULT_MEMORY, RESOLVING_MEMORY = "50Mi", "100Mi"
PORT, INIT_PORT = 8080, 8081
"""Two ports, so that no two containers of a pod have the same."""


@dataclass(frozen=True, slots=True)
class Reloader:
    """What a reloader reads and whom it tells.

    `spec` is the workload object's, `config` is the packed configuration and `unpacked` the file that it is written
    to. `shard` is None in a DaemonSet, where the reloader learns its node instead. `reload_url` is empty where the
    reloader sends a signal, and asks `runtime_info_url` for the outcome. `certificates` is the folder for the TLS files
    of a reloader that resolves references to Secrets, else empty. `variables` are more of those that a configuration
    refers to.
    """

    spec: Any
    mounts: list[Block]
    watched: list[str]
    config: str = ""
    unpacked: str = ""
    shard: int | None = -1
    web_config: str = ""
    reload_url: str = ""
    runtime_info_url: str = ""
    pull_policy: str | None = field(default=None)
    certificates: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def signals(self) -> bool:
        """Whether the server is told by a signal."""
        return bool(self.runtime_info_url)


def account_token(reloader: Reloader) -> Block:
    """What a pod says by default so that its reloader may ask the API, where it has to."""
    return {"automountServiceAccountToken": True} if reloader.certificates else {}


def running(reloader: Reloader, options: Options) -> Block:
    """The container that runs beside the server."""
    local = bool(reloader.spec.listenLocal) and not reloader.signals
    arguments = [f"--listen-address={options.localhost if local else ''}:{PORT}"]
    if reloader.web_config:
        arguments.append(f"--web-config-file={reloader.web_config}")
    if reloader.signals:
        arguments += ["--reload-method=signal", f"--runtimeinfo-url={reloader.runtime_info_url}"]
    else:
        arguments.append(f"--reload-url={reloader.reload_url}")
    out = _container(NAME, reloader, arguments, options)
    if not local:
        out["ports"] = [_port("reloader-web", PORT)]
    if options.enable_config_reloader_probes:
        handler = probes.command(f"http://localhost:{PORT}/healthz") if local else probes.http("/healthz", PORT)
        out |= {"livenessProbe": handler, "readinessProbe": handler}
    return out


def initial(reloader: Reloader, options: Options) -> Block:
    """The container that runs once, before the server."""
    out = _container(INIT_NAME, reloader, ["--watch-interval=0", f"--listen-address=:{INIT_PORT}"], options)
    out["ports"] = [_port("reloader-init", INIT_PORT)]
    return out


def _container(name: str, reloader: Reloader, arguments: list[str], options: Options) -> Block:
    return {
        "name": name,
        "image": options.prometheus_config_reloader,
        **image_pull_policy(reloader.pull_policy),
        "command": ["/bin/prometheus-config-reloader"],
        "args": [*arguments, *_common_arguments(reloader)],
        "env": _environment(reloader),
        "resources": _resources(options, resolving=bool(reloader.certificates)),
        "volumeMounts": reloader.mounts,
        **hardened(),
    }


def _common_arguments(reloader: Reloader) -> list[str]:
    spec, out = reloader.spec, []
    if reloader.config:
        out = [f"--config-file={reloader.config}", f"--config-envsubst-file={reloader.unpacked}"]
    if reloader.certificates:
        out += ["--resolve-secrets", f"--tls-assets-dir={reloader.certificates}"]
    out += [f"--watched-dir={folder}" for folder in reloader.watched]
    if spec.logLevel and spec.logLevel != "info":
        out.append(f"--log-level={spec.logLevel}")
    if spec.logFormat and spec.logFormat != "logfmt":
        out.append(f"--log-format={spec.logFormat}")
    return out


def _environment(reloader: Reloader) -> list[Block]:
    out = [environment_field("POD_NAME", "metadata.name")]
    if reloader.shard is None:
        out.append(environment_field("NODE_NAME", "spec.nodeName"))
    variables = {"SHARD": str(reloader.shard or 0), **reloader.variables}
    return out + [{"name": name, "value": value} for name, value in variables.items()]


def _resources(options: Options, *, resolving: bool) -> Block:
    """What the container may use; one that resolves references needs more than the default."""
    out: Block = {"limits": {}, "requests": {}}
    for kind, resource, amount in (
        ("limits", "cpu", options.config_reloader_cpu_limit),
        ("limits", "memory", options.config_reloader_memory_limit),
        ("requests", "cpu", options.config_reloader_cpu_request),
        ("requests", "memory", options.config_reloader_memory_request),
    ):
        if amount != "0":
            out[kind][resource] = RESOLVING_MEMORY if resolving and amount == DEFAULT_MEMORY else amount
    return out


def _port(name: str, number: int) -> Block:
    return {"name": name, "containerPort": number, "protocol": "TCP"}
