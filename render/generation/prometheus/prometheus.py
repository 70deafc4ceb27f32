"""The configuration file of a Prometheus, in the operator's order of keys."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from render.generation.prometheus import (
    additional_configs,
    alerting,
    api_server,
    global_settings,
    otlp,
    remote_read,
    remote_write,
    runtime,
    scrape_classes,
    storage,
    tracing,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from render.generation.fields import Block
    from render.generation.prometheus.server import Server

RULES_FOLDER = "/etc/prometheus/rules"
JOBS = ("ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig")
"""The order of the kinds' jobs; the additional ones come last."""


def configuration(server: Server, jobs: Mapping[str, Sequence[Any]], rule_config_maps: Iterable[str]) -> Block:
    """The whole file.

    `jobs` holds the scrape jobs by kind, as blocks or already written, `rule_config_maps` the names of the ConfigMaps
    with rules. Raises Rejection when a text of `additional…Configs` cannot be read.
    """
    spec: Any = server.spec
    out: Block = {"global": global_settings.block(server), "runtime": runtime.block(server)}
    if spec.ruleSelector is not None:
        out["rule_files"] = [f"{RULES_FOLDER}/{name}/*.yaml" for name in rule_config_maps]
    additional = additional_configs.scrape_configs(server)
    out["scrape_configs"] = [*chain.from_iterable(jobs.get(kind, []) for kind in JOBS), *additional]
    out["storage"] = storage.block(server)
    out["alerting"] = alerting.block(server)
    out["remote_write"] = remote_write.generate(spec.remoteWrite or (), server.scope) or None
    out["remote_read"] = remote_read.generate(spec.remoteRead or (), server.scope) or None
    out["otlp"] = otlp.block(server)
    out["tracing"] = tracing.block(server)
    return without_absent(out)


def without_absent(out: Block) -> Block:
    """The parts that are there."""
    return {key: part for key, part in out.items() if part is not None}


def check(server: Server) -> None:
    """What fails a Prometheus as a whole, in the operator's order. Raises Rejection.

    `server.open_server` has looked at the version before.
    """
    spec: Any = server.spec
    remote_read.check(spec.remoteRead or (), server.scope)
    remote_write.check(spec.remoteWrite or (), server.scope)
    api_server.check(server)
    alerting.check(server)
    scrape_classes.check(server)
    tracing.check(server)
    global_settings.check(server)
    storage.check(server)
    otlp.check(server)
