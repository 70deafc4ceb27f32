"""The final objects of a Prometheus or PrometheusAgent, in the order in which the operator makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.assembly import kubernetes
from render.assembly.rule_files import file_names
from render.findings import Rejection, Report
from render.generation import rules, web_config
from render.generation.prometheus import (
    agent,
    pod_monitor,
    probe,
    prometheus,
    scrape_config,
    server,
    service_monitor,
    thanos_sidecar,
)
from render.output import goyaml
from render.selection import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.assembly.kubernetes import Manifest, Owner
    from render.generation.fields import Block
    from render.generation.prometheus.server import Server
    from render.objects.index import Object, Objects
    from render.options import Options

RESOURCES = (service_monitor, pod_monitor, probe, scrape_config)
"""The kinds of configuration resources, in the order in which the operator selects them."""

PREFIX = {"Prometheus": "prometheus", "PrometheusAgent": "prom-agent"}
CONFIGURATION = "prometheus.yaml.gz"
LEAST_RULE_CONFIG_MAPS = 3
"""A Prometheus pod mounts at least so many rule ConfigMaps, so that a few more rules do not restart it."""


def make(workload: Object[Any], objects: Objects, options: Options, report: Report) -> Iterator[Manifest]:
    """Secrets and ConfigMaps of one object.

    Raises Rejection where the object itself cannot be rendered; what was made before stays made, as in the operator.
    """
    owner = kubernetes.Owner(workload.key, workload.value.apiVersion, workload.value.metadata)
    this = server.open_server(workload, objects, options, report)
    prefix = f"{PREFIX[workload.key.kind]}-{workload.key.name}"
    rule_names: list[str] = []
    if not this.agent:
        made = list(_rule_config_maps(prefix, this, objects, owner))
        rule_names = rules.mounted_names(prefix, made, LEAST_RULE_CONFIG_MAPS)
        yield from made
    if server.unmanaged(this):
        yield from _unmanaged_configuration(prefix, this, objects, owner)
    else:
        yield _configuration_secret(prefix, _configuration(this, objects, rule_names), this, owner)
    for number, shard in enumerate(kubernetes.shards(this.references.assets)):
        yield kubernetes.secret(f"{prefix}-tls-assets-{number}", owner, options, shard)
    web = web_config.configuration(this.spec.web, web_config.PROMETHEUS)
    yield kubernetes.secret(f"{prefix}-web-config", owner, options, {web_config.ENTRY: _document(web)})
    if not this.agent:
        client = _document(thanos_sidecar.http_client(this))
        name = f"{prefix}-thanos-prometheus-http-client-file"
        yield kubernetes.secret(name, owner, options, {thanos_sidecar.ENTRY: client})


def _document(block: Block | None) -> bytes:
    """A file's text; no block gives an empty file."""
    return b"" if block is None else goyaml.dumps(block).encode()


def _unmanaged_configuration(prefix: str, this: Server, objects: Objects, owner: Owner) -> Iterator[Manifest]:
    """An empty configuration Secret where the configuration is the user's own and the source does not hold it."""
    own = (this.key.namespace, prefix) in objects.secrets
    this.report.warning(
        "unmanaged",
        f"no selector of monitors is set, so the Secret {prefix} is {'left' if own else 'made empty and left'} to its user",
        this.key,
        field="spec",
        hint="set spec.serviceMonitorSelector: {} or another selector, or --disable-unmanaged-prometheus-configuration",
    )
    if not own:
        yield kubernetes.secret(prefix, owner, this.options, {CONFIGURATION: kubernetes.gzip(b"")})


def _configuration(this: Server, objects: Objects, rule_names: list[str]) -> Block:
    accepted = [
        (
            kind,
            resources.accept(
                resources.select(kind.KIND, kind.selectors(this.spec), this.key.namespace, objects, this.options),
                lambda found, kind=kind: kind.check(found, this),  # type: ignore[misc]
                this.report,
            ),
        )
        for kind in RESOURCES
    ]
    jobs = {kind.KIND: [job for found in chosen for job in kind.generate(found, this)] for kind, chosen in accepted}
    if this.agent:
        agent.check(this)
        return agent.configuration(this, jobs)
    prometheus.check(this)
    return prometheus.configuration(this, jobs, rule_names)


def _configuration_secret(prefix: str, configuration: Block, this: Server, owner: Owner) -> Manifest:
    text = goyaml.dumps(configuration).encode("utf-8", "surrogateescape")
    packed = kubernetes.gzip(text)
    if len(packed) > kubernetes.SECRET_LIMIT:
        sizes = f"{len(packed)} bytes, Kubernetes stores at most {kubernetes.SECRET_LIMIT}"
        message = f"the Secret {prefix} has {sizes}; {_largest(configuration)}"
        this.report.error(
            "secret-too-large",
            message,
            this.key,
            hint="select fewer monitors, or split them over several Prometheus objects",
        )
    return kubernetes.secret(prefix, owner, this.options, {CONFIGURATION: packed})


def _largest(configuration: Block, count: int = 3) -> str:
    """Names the largest jobs of a configuration."""
    sized = sorted(
        ((len(goyaml.dumps(job)), str(job.get("job_name", ""))) for job in configuration["scrape_configs"]),
        reverse=True,
    )
    jobs = ", ".join(f"{name} ({size} bytes)" for size, name in sized[:count])
    return f"{len(sized)} jobs, the largest are {jobs}"


def _rule_config_maps(prefix: str, this: Server, objects: Objects, owner: Owner) -> Iterator[Manifest]:
    selectors = (this.spec.ruleSelector, this.spec.ruleNamespaceSelector)
    chosen = resources.select("PrometheusRule", selectors, this.key.namespace, objects, this.options)
    files: dict[str, str] = {}
    for name, rule in zip(file_names(chosen, this.report), chosen, strict=True):
        try:
            files[name] = rules.rule_file(rule, server.dialect(this, rule), this.scope_of(rule.key))
        except Rejection as rejection:
            this.report.rejected(rule.key, rejection)
    for number, group in enumerate(rules.config_maps(files)):
        name = f"{prefix}-rulefiles-{number}"
        yield kubernetes.config_map(name, owner, this.options, group, {"prometheus-name": this.key.name})
