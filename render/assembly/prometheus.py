"""The final objects of a Prometheus or PrometheusAgent, in the order in which the operator makes them."""

from __future__ import annotations

from functools import partial
from heapq import nlargest
from typing import TYPE_CHECKING, Any, TypeVar

from render import forked
from render.assembly import jobs, kubernetes, prometheus_workloads, rbac, secret_access
from render.assembly.rule_files import RuleFiles, rule_config_maps, rule_files, select_rules
from render.findings import Rejection, Report
from render.generation import file_fields, referring, rules, web_config
from render.generation.prometheus import agent, prometheus, server, thanos_sidecar
from render.generation.scope import PROMETHEUS_CERTS
from render.output import goyaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from render.assembly.kubernetes import Manifest, Owner
    from render.generation.fields import Block
    from render.generation.prometheus.server import Server
    from render.objects.index import Object, Objects
    from render.options import Options

T = TypeVar("T")
CONFIGURATION = "prometheus.yaml.gz"
MANY_RULES = 100
"""So many PrometheusRules are worth a process of their own."""
LEAST_RULE_CONFIG_MAPS = 3
"""A Prometheus pod mounts at least so many rule ConfigMaps, so that a few more rules do not restart it."""


def make(workload: Object[Any], objects: Objects, options: Options, report: Report) -> Iterator[Manifest]:
    """Secrets and ConfigMaps of one object.

    Raises Rejection where the object itself cannot be rendered; what was made before stays made, as in the operator.
    """
    owner = kubernetes.Owner(workload.key, workload.value.apiVersion, workload.value.metadata)
    this = server.open_server(workload, objects, options, report)
    prefix = kubernetes.prefix(workload.key)
    chosen = _attempted(lambda: _rules(this, objects))
    if isinstance(chosen, Rejection):
        _attempted(partial(jobs.jobs, this, objects))  # monitors are looked at all the same
        raise chosen
    reading = partial(rule_files, chosen, partial(server.rule_view, this))
    with forked.aside(reading, RuleFiles, worth=len(chosen) >= MANY_RULES) as made_rules:
        found = _attempted(partial(jobs.jobs, this, objects))
        made = made_rules()
    report.findings += made.findings
    label = {"prometheus-name": this.key.name}
    rule_maps = [] if this.agent else rule_config_maps(prefix, made, owner, options, label)
    yield from rule_maps
    if isinstance(found, Rejection):
        raise found
    rule_names = [] if this.agent else rules.mounted_names(prefix, rule_maps, LEAST_RULE_CONFIG_MAPS)
    if server.unmanaged(this):
        yield from _unmanaged_configuration(prefix, this, objects, owner)
    else:
        yield from _configuration_objects(prefix, _configuration(this, found, rule_names), this, owner)
    assets = kubernetes.shards(this.references.copied_assets)
    for number, shard in enumerate(assets):
        yield kubernetes.secret(f"{prefix}-tls-assets-{number}", owner, options, shard)
    web = web_config.configuration(this.spec.web, web_config.PROMETHEUS)
    yield kubernetes.secret(f"{prefix}-web-config", owner, options, {web_config.ENTRY: kubernetes.document(web)})
    if not this.agent:
        client = kubernetes.document(thanos_sidecar.http_client(this))
        name = f"{prefix}-thanos-prometheus-http-client-file"
        yield kubernetes.secret(name, owner, options, {thanos_sidecar.ENTRY: client})
    if options.workloads:
        yield from prometheus_workloads.make(this, owner, prefix, rule_names, len(assets))
        yield from _access(this, owner, objects)


def _access(this: Server, owner: Owner, objects: Objects) -> Iterator[Manifest]:
    """The account and its rights, where they are asked for."""
    if this.access is not None:
        yield from rbac.account(this.spec.serviceAccountName, owner, objects, this.options)
        yield from rbac.roles(this.spec.serviceAccountName, owner, this.access, this.options)


def _unmanaged_configuration(prefix: str, this: Server, objects: Objects, owner: Owner) -> Iterator[Manifest]:
    """Nothing, or an empty Secret for a pod that is rendered, too, when the source does not hold the user's."""
    empty = this.options.workloads and (this.key.namespace, prefix) not in objects.secrets
    this.report.warning(
        "unmanaged",
        f"no selector of monitors is set: the Secret {prefix} is {'made empty, ' if empty else ''}yours to fill"
        + (", and so are the rights that it needs" if this.access is not None else ""),
        this.key,
        field="spec",
        hint="set spec.serviceMonitorSelector: {} or another selector, or --disable-unmanaged-prometheus-configuration",
    )
    if empty:
        yield kubernetes.secret(prefix, owner, this.options, {CONFIGURATION: kubernetes.gzip([])})


def _rules(this: Server, objects: Objects) -> list[Object[Any]]:
    return [] if this.agent else select_rules(this.spec, this.key.namespace, objects, this.options, this.report)


def _attempted(work: Callable[[], T]) -> T | Rejection:
    """The result, or the rejection: the rule ConfigMaps come first even when the configuration fails."""
    try:
        return work()
    except Rejection as rejection:
        return rejection


def _configuration(this: Server, found: jobs.Jobs, rule_names: list[str]) -> Block:
    if this.agent:
        agent.check(this)
        made = agent.configuration(this, found)
    else:
        prometheus.check(this)
        made = prometheus.configuration(this, found, rule_names)
    if this.access is not None:
        this.access.note_configuration(made)
    return made


def _configuration_objects(prefix: str, configuration: Block, this: Server, owner: Owner) -> Iterator[Manifest]:
    """The configuration's Secret, and the reloader's rights to resolve the references in it."""
    if this.references.by_reference:
        written = referring.server(file_fields.PROMETHEUS, this.version, PROMETHEUS_CERTS)
        configuration = written.value(configuration)
    chunks = goyaml.chunks(configuration)
    yield _configuration_secret(prefix, configuration, chunks, this, owner)
    if this.references.by_reference:
        text = "".join(chunks)
        yield from secret_access.make(text, PROMETHEUS_CERTS, owner, this, this.options)


def _configuration_secret(prefix: str, configuration: Block, chunks: list[str], this: Server, owner: Owner) -> Manifest:
    packed = kubernetes.gzip(piece.encode("utf-8", "surrogateescape") for piece in chunks)
    if len(packed) > kubernetes.SECRET_LIMIT:
        sizes = f"{len(packed)} bytes, Kubernetes stores at most {kubernetes.SECRET_LIMIT}"
        message = f"the Secret {prefix} has {sizes}; {_largest(configuration['scrape_configs'])}"
        this.report.error(
            "secret-too-large",
            message,
            this.key,
            hint="select fewer monitors, or split them over several Prometheus objects",
        )
    return kubernetes.secret(prefix, owner, this.options, {CONFIGURATION: packed})


def _largest(jobs: list[Any], count: int = 3) -> str:
    """Names the largest jobs of a configuration."""
    texts = (job if isinstance(job, goyaml.WrittenItem) else goyaml.written_item(job) for job in jobs)
    largest = nlargest(count, ((len(text), text.partition("job_name: ")[2].partition("\n")[0]) for text in texts))
    names = ", ".join(f"{name} ({size} bytes)" for size, name in largest)
    return f"{len(jobs)} jobs, the largest are {names}"
