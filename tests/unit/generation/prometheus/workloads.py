"""What the tests beside this file share: a server and monitors made of plain mappings."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from render import versions
from render.api.model import Resource
from render.api.prometheus import Prometheus
from render.api.prometheus_agent import PrometheusAgent
from render.findings import ObjectKey, Report
from render.generation.prometheus import scrape_classes
from render.generation.prometheus.server import Server
from render.objects.index import Object, Objects, Payload
from render.options import Options
from render.selection.references import References
from render.sources.document import Origin

R = TypeVar("R", bound=Resource)

NAMESPACE = "team-a"
ORIGIN = Origin("input.yaml", 0, 1)


def server(version: str = "v3.13.2", *, agent: bool = False, options: Options | None = None, **spec: object) -> Server:
    """A workload object in the namespace `observe`, which sees a Secret and a ConfigMap `found` in both namespaces."""
    kind, api_version = ("PrometheusAgent", "v1alpha1") if agent else ("Prometheus", "v1")
    key = ObjectKey(kind, "observe", "main")
    model: type[Any] = PrometheusAgent if agent else Prometheus
    made = resource(model, key, spec, api_version).value
    out = Server(
        key=key,
        metadata=made.metadata,
        spec=made.spec,
        version=versions.parse(version),
        options=options or Options(),
        references=References(_objects()),
        report=Report(),
    )
    out.scrape_classes, out.default_scrape_class = scrape_classes.by_name(out)
    return out


def resource(model: type[R], key: ObjectKey, spec: dict[str, Any], api_version: str = "v1") -> Object[R]:
    """An object as it comes out of the index."""
    raw = {
        "apiVersion": f"monitoring.coreos.com/{api_version}",
        "kind": key.kind,
        "metadata": {"name": key.name, "namespace": key.namespace},
        "spec": spec,
    }
    return Object(key, msgspec.convert(raw, model), ORIGIN)


def monitor(model: type[R], **spec: object) -> Object[R]:
    """A monitor called `web`."""
    return resource(model, ObjectKey(model.__name__, NAMESPACE, "web"), spec)


def _objects() -> Objects:
    objects = Objects()
    entries = {"user": "alice", "password": "swordfish", "token": "t0k3n", "empty": ""}
    for namespace in (NAMESPACE, "observe"):
        key = ObjectKey("Secret", namespace, "found")
        objects.secrets[namespace, "found"] = Payload(key, entries, {}, ORIGIN)
        objects.config_maps[namespace, "found"] = Payload(key._replace(kind="ConfigMap"), entries, {}, ORIGIN)
    return objects


def secret(key: str = "token", name: str = "found") -> dict[str, str]:
    """A reference to an entry of the Secret."""
    return {"name": name, "key": key}
