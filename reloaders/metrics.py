"""The metrics of `config-reloader`: the names of prometheus-config-reloader, and ours beside them."""

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

    def __init__(self, method: str) -> None:
        disable_created_metrics()
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.reloads = _counter(registry, "reloader_reloads", "Reloads tried.")
        self.reloads_failed = _counter(registry, "reloader_reloads_failed", "Reloads that failed.")
        self.successful = _gauge(registry, "reloader_last_reload_successful", "Whether the last reload went well.")
        self.succeeded_at = _gauge(
            registry, "reloader_last_reload_success_timestamp_seconds", "Time of the last successful reload."
        )
        self.applies = _counter(registry, "reloader_config_apply_operations", "Times that the files were looked at.")
        self.applies_failed = _counter(
            registry, "reloader_config_apply_operations_failed", "Looks at the files that ended in a failure."
        )
        self.expansion_errors = _gauge(
            registry,
            "reloader_config_environment_variable_expansion_errors",
            "Variables that the configuration names and the environment lacks.",
        )
        self.watches = _gauge(registry, "reloader_watches", "Folders watched.")
        self.watch_events = _counter(registry, "reloader_watch_events", "Events received from the watched folders.")
        self.watch_errors = _counter(registry, "reloader_watch_errors", "Folders that could not be watched.")
        self.latency = Histogram(
            "reloader_change_to_reload_seconds",
            "Time from the first change of a file to the successful reload.",
            registry=registry,
            buckets=BUCKETS,
        )
        self.secrets_failed = _gauge(
            registry, "reloader_secret_references_unresolved", "References to Secrets and ConfigMaps without a value."
        )
        _gauge(registry, "reloader_info", "How the server is reloaded.", method=method).set(1)
        _build_info(registry)

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)


def _counter(registry: CollectorRegistry, name: str, text: str) -> Counter:
    return Counter(name, text, registry=registry)


def _gauge(registry: CollectorRegistry, name: str, text: str, **labels: str) -> Gauge:
    gauge = Gauge(name, text, tuple(labels), registry=registry)
    return gauge.labels(**labels) if labels else gauge


def _build_info(registry: CollectorRegistry) -> None:
    import platform
    from importlib.metadata import version

    labels = {
        "branch": "",
        "goarch": platform.machine(),
        "goos": "linux",
        "goversion": f"python{platform.python_version()}",
        "revision": "",
        "tags": "",
        "version": version("promrender"),
    }
    name = "prometheus_config_reloader_build_info"
    _gauge(registry, name, "Version of the reloader; goversion holds that of Python.", **labels).set(1)
