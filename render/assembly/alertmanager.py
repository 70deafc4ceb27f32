"""The final objects of an Alertmanager, in the order in which the operator makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.assembly import alertmanager_workloads, kubernetes, rbac, secret_access
from render.generation import referring, web_config
from render.generation.alertmanager import base, cluster_tls, http_client, merge, server
from render.output import goyaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.assembly.kubernetes import Manifest, Owner
    from render.findings import Report
    from render.generation.alertmanager.server import Server
    from render.generation.fields import Block
    from render.objects.index import Object, Objects
    from render.options import Options

CONFIGURATION = "alertmanager.yaml.gz"


def make(workload: Object[Any], objects: Objects, options: Options, report: Report) -> Iterator[Manifest]:
    """The Secrets of one object.

    Raises Rejection where the object itself cannot be rendered; what was made before stays made, as in the operator.
    """
    owner = kubernetes.Owner(workload.key, workload.value.apiVersion, workload.value.metadata)
    this = server.open_server(workload, objects, options, report)
    prefix = kubernetes.prefix(workload.key)
    content, further = _configuration(this, objects)
    yield _configuration_secret(f"{prefix}-generated", this, content, further, owner)
    text = content.decode("utf-8", "surrogateescape")
    yield from secret_access.make(text, http_client.CERTS, owner, this, options)
    assets = kubernetes.shards(this.references.copied_assets)
    for number, shard in enumerate(assets):
        yield kubernetes.secret(f"{prefix}-tls-assets-{number}", owner, options, shard)
    web = _document(web_config.configuration(this.spec.web, web_config.ALERTMANAGER))
    yield kubernetes.secret(f"{prefix}-web-config", owner, options, {web_config.ENTRY: web})
    cluster = _document(cluster_tls.configuration(this.spec.clusterTLS))
    yield kubernetes.secret(f"{prefix}-cluster-tls-config", owner, options, {cluster_tls.ENTRY: cluster})
    if options.workloads:
        yield from alertmanager_workloads.make(this, owner, prefix, len(assets))
    if options.workloads and options.rbac:
        yield from rbac.account(this.spec.serviceAccountName, owner, objects, options)


def _configuration(this: Server, objects: Objects) -> tuple[bytes, dict[str, bytes]]:
    """The configuration, and beside it what else the user's Secret holds."""
    if merge.managed(this):
        whole = merge.configuration(this, objects)
        further = {} if this.spec.alertmanagerConfiguration is not None else base.further_entries(this)
    else:
        content, further = base.text(this), base.further_entries(this)
        merge.inspect_base(this, content)
        if not this.references.by_reference:
            return content, further
        whole = base.referring_file(this, content)
    if this.references.by_reference:
        whole = referring.alertmanager(whole, this.version, http_client.CERTS).value(whole)
    return goyaml.dumps(whole).encode("utf-8", "surrogateescape"), further


def _configuration_secret(name: str, this: Server, content: bytes, further: dict[str, bytes], owner: Owner) -> Manifest:
    """The configuration, gzipped, and beside it further files."""
    packed = kubernetes.gzip([content])
    if len(packed) > kubernetes.SECRET_LIMIT:
        message = f"the Secret {name} has {len(packed)} bytes, Kubernetes stores at most {kubernetes.SECRET_LIMIT}"
        this.report.error("secret-too-large", message, this.key, hint="select fewer AlertmanagerConfigs")
    return kubernetes.secret(name, owner, this.options, {**further, CONFIGURATION: packed})


def _document(block: Block | None) -> bytes:
    """A file's text; no block gives an empty file."""
    return b"" if block is None else goyaml.dumps(block).encode()
