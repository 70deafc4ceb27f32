"""A server from a spec written as in a manifest, with Secrets to refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from render.api.prometheus import Prometheus
from render.api.prometheus_agent import PrometheusAgent
from render.findings import ObjectKey, Report
from render.generation.prometheus import server
from render.objects.index import Object, Objects, Payload
from render.options import Options
from render.sources.document import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.generation.prometheus.server import Server

ORIGIN = Origin("server.yaml", 0, 1)
MODELS: dict[str, Any] = {"Prometheus": Prometheus, "PrometheusAgent": PrometheusAgent}


@pytest.fixture
def serve() -> Callable[..., Server]:
    """`serve(spec, secrets={name: {key: value}}, kind=…, options=…)` opens a server `monitoring/main`."""

    def opened(
        spec: dict[str, Any],
        secrets: dict[str, dict[str, str]] | None = None,
        kind: str = "Prometheus",
        options: Options | None = None,
    ) -> Server:
        key = ObjectKey(kind, "monitoring", "main")
        raw = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "main", "namespace": "monitoring"}, "spec": spec}
        objects = Objects()
        for name, entries in (secrets or {}).items():
            secret = ObjectKey("Secret", "monitoring", name)
            objects.secrets["monitoring", name] = Payload(secret, entries, {}, ORIGIN)
        workload: Object[Any] = Object(key, msgspec.convert(raw, MODELS[kind]), ORIGIN)
        return server.open_server(workload, objects, options or Options(), Report())

    return opened
