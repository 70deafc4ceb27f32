"""The scrape jobs of a Prometheus or PrometheusAgent: its monitors are selected, checked and turned into jobs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from render import forked
from render.findings import Finding, Report
from render.generation import file_fields, referring
from render.generation.prometheus import agent, pod_monitor, probe, scrape_config, server, service_monitor
from render.generation.scope import PROMETHEUS_CERTS
from render.output import goyaml
from render.selection import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.generation.fields import Block
    from render.generation.prometheus.server import Server
    from render.objects.index import Object, Objects

Jobs = dict[str, list[goyaml.WrittenItem]]

RESOURCES = (service_monitor, pod_monitor, probe, scrape_config)
"""The kinds of configuration resources, in the order in which the operator selects them."""
MANY = 2_000
"""So many resources of a kind are worth a second process."""
ASIDE = 0.4
"""The part of them that it gets: rules are read beside it, too."""


@dataclass(frozen=True, slots=True)
class _Made:
    """Jobs, written, and what was said about them."""

    texts: list[str]
    findings: list[Finding]


def jobs(this: Server, objects: Objects) -> Jobs:
    """The jobs of the accepted resources by kind, already written: ten thousand take less memory so.

    Raises Rejection when a selector is not valid.
    """
    return {} if server.unmanaged(this) else {kind.KIND: _of_kind(kind, this, objects) for kind in RESOURCES}


def _of_kind(kind: Any, this: Server, objects: Objects) -> list[goyaml.WrittenItem]:  # noqa: ANN401 - a module of RESOURCES
    selectors = kind.selectors(this.spec)
    candidates = resources.select(kind.KIND, selectors, this.key.namespace, objects, this.options, this.report)
    accepted = resources.accept(candidates, lambda found: kind.check(found, this), this.report)
    if len(accepted) < MANY or this.access is not None:
        return _written(kind, this, accepted)
    begin = len(accepted) - int(len(accepted) * ASIDE)
    with forked.aside(partial(_made, kind, this, accepted[begin:]), _Made, worth=True) as rest:
        first = _written(kind, this, accepted[:begin])
        last = rest()
    this.report.findings += last.findings
    return first + [goyaml.WrittenItem(text) for text in last.texts]


def _made(kind: Any, this: Server, accepted: list[Object[Any]]) -> _Made:  # noqa: ANN401 - as above
    report = Report()
    made = _written(kind, replace(this, report=report), accepted)
    return _Made([str(text) for text in made], report.findings)


def _written(kind: Any, this: Server, accepted: list[Object[Any]]) -> list[goyaml.WrittenItem]:  # noqa: ANN401 - as above
    made: Iterator[Block] = (job for found in accepted for job in kind.generate(found, this))
    if this.access is not None and not (this.daemon_set and kind.KIND not in agent.JOBS_BEFORE):
        made = this.access.noting(made)
    if this.references.by_reference:
        written = referring.server(file_fields.PROMETHEUS, this.version, PROMETHEUS_CERTS)
        return [written.written_item(job, "scrape_configs") for job in made]
    return [goyaml.written_item(job) for job in made]
