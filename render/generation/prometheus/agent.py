"""The configuration file of a PrometheusAgent, in the operator's order of keys."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.prometheus import (
    additional_configs,
    api_server,
    global_settings,
    otlp,
    remote_write,
    runtime,
    scrape_classes,
    storage,
    tracing,
)
from render.generation.prometheus.prometheus import without_absent
from render.output.goyaml import Again

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from render.generation.fields import Block
    from render.generation.prometheus.server import Server

DAEMON_SET_GATE = "PrometheusAgentDaemonSet"
JOBS_BEFORE = ("PodMonitor",)
JOBS_AFTER = ("ServiceMonitor", "Probe", "ScrapeConfig")
"""An agent's order of jobs: the additional ones stand between the two groups. A DaemonSet has the first group alone."""


def configuration(server: Server, jobs: Mapping[str, Sequence[Any]]) -> Block:
    """The whole file: `jobs` holds the scrape jobs by kind, as blocks or already written.

    Raises Rejection when the text of `additionalScrapeConfigs` cannot be read.
    """
    after = () if server.daemon_set else JOBS_AFTER
    out: Block = {
        "global": global_settings.block(server),
        "runtime": runtime.block(server),
        "scrape_configs": [
            *chain.from_iterable(jobs.get(kind, []) for kind in JOBS_BEFORE),
            *additional_configs.scrape_configs(server),
            *chain.from_iterable(jobs.get(kind, []) for kind in after),
        ],
        **_storage(server),
        "remote_write": remote_write.generate(server.spec.remoteWrite or (), server.scope) or None,
        "otlp": otlp.block(server),
        "tracing": tracing.block(server),
    }
    return without_absent(out)


def _storage(server: Server) -> Block:
    """The `storage` block; with `reference_faults` one for each setting, which a server refuses."""
    block = storage.block(server)
    if block is None or not server.options.reference_faults:
        return {"storage": block}
    return {
        Again("storage") if number else "storage": {"tsdb": {key: value}}
        for number, (key, value) in enumerate(block["tsdb"].items())
    }


def check(server: Server) -> None:
    """What fails a PrometheusAgent as a whole, in the operator's order. Raises Rejection."""
    if server.daemon_set and not server.options.gate(DAEMON_SET_GATE):
        message = f"the mode DaemonSet needs the operator's feature gate {DAEMON_SET_GATE}"
        raise Rejection(
            message, "spec.mode", hint=f"pass --feature-gates={DAEMON_SET_GATE}=true, or use the mode StatefulSet"
        )
    remote_write.check(server.spec.remoteWrite or (), server.scope)
    api_server.check(server)
    scrape_classes.check(server)
    tracing.check(server)
    global_settings.check(server)
    storage.check(server)
    otlp.check(server)
