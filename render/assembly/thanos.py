"""The final objects of a ThanosRuler, in the order in which the operator makes them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from render.assembly import kubernetes, rbac, secret_access, thanos_workloads
from render.assembly.rule_files import rule_config_maps, rule_files, select_rules
from render.generation import file_fields, referring, web_config
from render.generation.thanos import remote_write, ruler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.assembly.kubernetes import Manifest
    from render.findings import Report
    from render.objects.index import Object, Objects
    from render.options import Options

REMOTE_WRITE = "remote-write.yaml"


def make(workload: Object[Any], objects: Objects, options: Options, report: Report) -> Iterator[Manifest]:
    """Secrets and ConfigMaps of one object.

    Raises Rejection where the object itself cannot be rendered; what was made before stays made, as in the operator.
    """
    owner = kubernetes.Owner(workload.key, workload.value.apiVersion, workload.value.metadata)
    this = ruler.open_ruler(workload, objects, options, report)
    prefix = kubernetes.prefix(workload.key)
    chosen = select_rules(this.spec, this.key.namespace, objects, options, report)
    made = rule_files(chosen, partial(ruler.rule_view, this))
    report.findings += made.findings
    label = {"thanos-ruler-name": this.key.name}
    rule_maps = rule_config_maps(prefix, made, owner, options, label)
    yield from rule_maps
    configuration = remote_write.configuration(this)
    if this.references.by_reference:
        written = referring.server(file_fields.THANOS, this.version, remote_write.CERTS)
        configuration = written.value(configuration)
    content = kubernetes.document(configuration)
    yield kubernetes.secret(f"{prefix}-config", owner, options, {REMOTE_WRITE: content})
    text = content.decode()
    yield from secret_access.make(text, remote_write.CERTS, owner, this, options)
    assets = kubernetes.shards(this.references.copied_assets)
    for number, shard in enumerate(assets):
        yield kubernetes.secret(f"{prefix}-tls-assets-{number}", owner, options, shard)
    web = web_config.configuration(this.spec.web, web_config.THANOS)
    yield kubernetes.secret(f"{prefix}-web-config", owner, options, {web_config.ENTRY: kubernetes.document(web)})
    if options.workloads:
        names = [manifest["metadata"]["name"] for manifest in rule_maps]
        yield from thanos_workloads.make(this, owner, options, prefix, names, len(assets))
    if options.workloads and options.rbac:
        yield from rbac.account(this.spec.serviceAccountName, owner, objects, options)
