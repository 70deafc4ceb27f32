"""The metrics of `dashboard-reloader`."""

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


class Metrics:
    """Counters and gauges of one reloader in a registry of their own."""

    def __init__(self) -> None:
        disable_created_metrics()
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.files = Gauge("dashboard_reloader_files", "Files in the folder that are ours.", registry=registry)
        self.writes = Counter("dashboard_reloader_writes", "Files written.", registry=registry)
        self.removals = Counter("dashboard_reloader_removals", "Files removed.", registry=registry)
        self.errors = Counter(
            "dashboard_reloader_errors",
            "Files that are not what the cluster says (refused, fetch, conflict, write, remove).",
            ("kind",),
            registry=registry,
        )
        self.events = Counter("dashboard_reloader_events", "Events of the watches.", ("type",), registry=registry)
        self.lists = Counter("dashboard_reloader_lists", "Times that all objects were listed.", registry=registry)
        self.watch_errors = Counter("dashboard_reloader_watch_errors", "Watches that broke.", registry=registry)
        self.requests = Counter("dashboard_reloader_requests", "Requests sent.", registry=registry)
        self.requests_failed = Counter("dashboard_reloader_requests_failed", "Requests that failed.", registry=registry)
        self.scripts_failed = Counter("dashboard_reloader_scripts_failed", "Scripts that failed.", registry=registry)
        self.successful = Gauge(
            "dashboard_reloader_last_request_successful", "Whether the last request went well.", registry=registry
        )
        self.contact = Gauge(
            "dashboard_reloader_last_api_contact_timestamp_seconds", "When the API last answered.", registry=registry
        )
        self.latency = Histogram(
            "dashboard_reloader_change_to_request_seconds",
            "Time from the first change of a file to the successful request.",
            registry=registry,
            buckets=BUCKETS,
        )

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
