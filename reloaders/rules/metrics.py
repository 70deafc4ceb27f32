"""The metrics of `rules-reloader`: the names of configmap-reload, and ours beside them."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from reloaders.latencies import BUCKETS

_WEBHOOK = ("webhook",)


class Metrics:
    """Counters and gauges of one reloader in a registry of their own; webhooks are shown without credentials."""

    def __init__(self) -> None:
        disable_created_metrics()
        self.registry = registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=registry)
        self.last_error = Gauge(
            "configmap_reload_last_reload_error", "Whether the last request failed.", _WEBHOOK, registry=registry
        )
        self.duration = Gauge(
            "configmap_reload_last_request_duration_seconds",
            "How long the last successful request took.",
            _WEBHOOK,
            registry=registry,
        )
        self.successes = Counter(
            "configmap_reload_success_reloads", "Requests that went well.", _WEBHOOK, registry=registry
        )
        self.errors = Counter(
            "configmap_reload_request_errors", "Requests that failed.", (*_WEBHOOK, "reason"), registry=registry
        )
        self.requests = Counter(
            "configmap_reload_requests", "Answers by status.", (*_WEBHOOK, "status_code"), registry=registry
        )
        self.watch_errors = Counter(
            "configmap_reload_watcher_errors", "Folders that could not be watched.", registry=registry
        )
        self.held = Gauge(
            "rules_reloader_held", "Whether a reload is held back since rule files are wrong.", registry=registry
        )
        self.faults = Gauge("rules_reloader_faults", "Faults in the rule files.", registry=registry)
        self.unreadable = Counter(
            "rules_reloader_read_errors", "Looks at the folders that ended in an error.", registry=registry
        )
        self.latency = Histogram(
            "rules_reloader_change_to_reload_seconds",
            "Time from the first change of a file to the last successful request.",
            registry=registry,
            buckets=BUCKETS,
        )

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
