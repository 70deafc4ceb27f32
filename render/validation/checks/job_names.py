"""Names of jobs in additional scrape configs that are taken."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from render.findings import Severity
from render.sources import kyaml
from render.validation.check import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.findings import Finding
    from render.objects.index import Object
    from render.validation.tree import Tree

JOB_NAME = check(
    Severity.ERROR,
    "duplicate-job-name",
    "Two scrape jobs of one name",
    description="""The additional scrape configs of a server hold two jobs of one name, or one named as a job of
        a selected monitor. Prometheus refuses a file with two jobs of one name.""",
    fix="Rename one of the two jobs in the Secret that spec.additionalScrapeConfigs names.",
    example="""
        apiVersion: monitoring.coreos.com/v1
        kind: Prometheus
        metadata: {name: main, namespace: web}
        spec:
          serviceMonitorSelector: {}
          additionalScrapeConfigs: {name: additional, key: jobs.yaml}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: additional, namespace: web}
        stringData:
          jobs.yaml: |
            - job_name: shop
              static_configs: [{targets: ["shop:80"]}]
            - job_name: shop
              static_configs: [{targets: ["shop:81"]}]
        """,
)
CHECKS = (JOB_NAME,)


def find(tree: Tree) -> Iterator[Finding]:
    """Additional jobs that have the name of another job of their server."""
    for server in tree.servers(("Prometheus", "PrometheusAgent")):
        yield from _of_server(server, tree)


def _of_server(server: Object[Any], tree: Tree) -> Iterator[Finding]:
    counted = Counter(_additional_names(server, tree))
    made = set(_made_names(server, tree)) if any("/" in name for name in counted) else set()
    for name, count in counted.items():
        if count > 1 or name in made:
            other = "a job of a selected monitor" if name in made else "another additional job"
            message = f"the additional job {name!r} has the name of {other}"
            yield JOB_NAME.finding(server.key, message, field="spec.additionalScrapeConfigs", hint="rename it")


def _additional_names(server: Object[Any], tree: Tree) -> Iterator[str]:
    """The names of the additional jobs; nothing where rendering says what is wrong with their Secret."""
    selector = server.value.spec.additionalScrapeConfigs
    payload = tree.objects.secrets.get((server.key.namespace, selector.name)) if selector is not None else None
    if payload is None:
        return
    try:
        jobs = kyaml.load_go(payload.get(selector.key) or b"")
    except ValueError:
        return
    for job in jobs if isinstance(jobs, list) else ():
        if isinstance(job, dict) and isinstance(job.get("job_name"), str):
            yield job["job_name"]


_MADE = {
    "ServiceMonitor": ("serviceMonitor", "endpoints"),
    "PodMonitor": ("podMonitor", "podMetricsEndpoints"),
    "Probe": ("probe", ""),
    "ScrapeConfig": ("scrapeConfig", ""),
}
"""For each kind how the names of its jobs begin, and the list whose every entry makes a job; without one it is one."""


def _made_names(server: Object[Any], tree: Tree) -> Iterator[str]:
    for kind, (prefix, attribute) in _MADE.items():
        chosen = next((chosen for one, chosen in tree.selected[kind] if one is server), [])
        for one in (one for one in chosen if one.key not in tree.rejected):
            name = f"{prefix}/{one.key.namespace}/{one.key.name}"
            if attribute:
                yield from (f"{name}/{number}" for number in range(len(getattr(one.value.spec, attribute) or ())))
            else:
                yield name
