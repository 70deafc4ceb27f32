"""What the webhook counts, in the text format of Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

PREFIX = "promrender_webhook"
CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """The webhook's metrics, in a registry of their own."""

    def __init__(self) -> None:
        """Start at zero."""
        self._registry = CollectorRegistry()
        self._requests = Counter(
            f"{PREFIX}_requests", "Requests by path and status code.", ["path", "code"], registry=self._registry
        )
        self._seconds = Histogram(
            f"{PREFIX}_request_duration_seconds", "Time to answer a request.", ["path"], registry=self._registry
        )
        self._verdicts = Counter(
            f"{PREFIX}_verdicts", "Answered reviews by path and verdict.", ["path", "verdict"], registry=self._registry
        )
        self._reloads = Counter(
            f"{PREFIX}_certificate_reloads", "Certificates read anew, by result.", ["result"], registry=self._registry
        )
        self._expires = Gauge(
            f"{PREFIX}_certificate_expires_timestamp_seconds",
            "When the certificate in use ends.",
            registry=self._registry,
        )

    def answered(self, path: str, code: int, seconds: float) -> None:
        """Count a request; `path` is one of the known ones."""
        self._requests.labels(path, str(code)).inc()
        self._seconds.labels(path).observe(seconds)

    def verdict(self, path: str, verdict: str) -> None:
        """Count the answer of a review: allowed, refused, converted or failed."""
        self._verdicts.labels(path, verdict).inc()

    def certificate_read(self, *, good: bool) -> None:
        """Count an attempt to read the certificate anew."""
        self._reloads.labels("success" if good else "failure").inc()

    def certificate_expires(self, timestamp: float) -> None:
        """Keep when the certificate in use ends, in seconds since 1970."""
        self._expires.set(timestamp)

    def text(self) -> bytes:
        """All metrics, as a server scrapes them."""
        return generate_latest(self._registry)
