"""What the jobs of all monitors say alike: honored labels and timestamps, limits, histograms, protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from render import versions
from render.findings import Rejection
from render.generation.fields import Block, Row, emit
from render.generation.http_client import FOLLOW_REDIRECTS, go_map
from render.golang.byte_sizes import parse_byte_size
from render.golang.durations import parse_duration
from render.golang.quantities import approximate_float

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.api.common_prometheus import ScrapeClass
    from render.generation.prometheus.server import Server
    from render.generation.scope import Scope

GLOBAL_LIMITS_SINCE = versions.parse("2.45.0")
"""Since then a limit of the global block holds for every job, which need not repeat it."""

LIMITS = (
    ("sample_limit", "sampleLimit", "enforcedSampleLimit", ""),
    ("target_limit", "targetLimit", "enforcedTargetLimit", "2.21.0"),
    ("label_limit", "labelLimit", "enforcedLabelLimit", "2.27.0"),
    ("label_name_length_limit", "labelNameLengthLimit", "enforcedLabelNameLengthLimit", "2.27.0"),
    ("label_value_length_limit", "labelValueLengthLimit", "enforcedLabelValueLengthLimit", "2.27.0"),
    ("keep_dropped_targets", "keepDroppedTargets", "enforcedKeepDroppedTargets", "2.47.0"),
)
"""Key, attribute of the monitor, attribute of the workload object that enforces it, and since when jobs can have it."""


class Interval(Protocol):
    """What has a scrape interval and timeout."""

    @property
    def interval(self) -> str | None:
        """Time from one scrape to the next."""

    @property
    def scrapeTimeout(self) -> str | None:  # noqa: N802 - the API's name
        """Time that a scrape may take."""


def _factor(quantity: int | str, _scope: Scope) -> float:
    return approximate_float(quantity)


_NATIVE = (
    Row("scrape_native_histograms", since="3.8.0"),
    Row("native_histogram_bucket_limit", since="2.45.0"),
    Row("native_histogram_min_bucket_factor", since="2.50.0", convert=_factor),
)
_CUSTOM = Row("convert_classic_histograms_to_nhcb", of="convertClassicHistogramsToNHCB", since="3.0.0")
HISTOGRAMS_2 = (*_NATIVE, Row("scrape_classic_histograms", since="2.45.0"), _CUSTOM)
HISTOGRAMS_3 = (*_NATIVE, Row("always_scrape_classic_histograms", of="scrapeClassicHistograms"), _CUSTOM)
"""The key for classic histograms has another name since version 3."""
MAJOR_3 = 3
PROTOCOL_SINCE = {"PrometheusText1.0.0": "3.0.0-rc.0"}
"""Scrape protocols that are younger than the field that lists them."""


def _lower(text: str, _scope: Scope) -> str:
    return text.lower()


REQUEST_ROWS = (
    Row("scrape_interval", of="interval"),
    Row("scrape_timeout"),
    Row("metrics_path", of="path"),
    Row("params", convert=go_map, keep_empty=True),
    Row("scheme", convert=_lower),
    FOLLOW_REDIRECTS,
    Row("enable_http2", since="2.35.0"),
)
"""How the endpoint of a ServiceMonitor or PodMonitor is asked."""


def check_interval(source: Interval, server: Server, field: str) -> None:
    """A timeout does not exceed the interval, the workload object's where the monitor has none. Raises Rejection."""
    check_timeout(source.scrapeTimeout, source.interval or server.spec.scrapeInterval, f"{field}.scrapeTimeout")


def check_timeout(timeout: str | None, interval: str, field: str) -> None:
    """A scrape ends before the next one begins. Raises Rejection; no timeout passes."""
    if not timeout:
        return
    try:
        too_long = parse_duration(timeout) > parse_duration(interval)
    except ValueError as error:
        raise Rejection(str(error), field, hint="write a duration such as 30s") from None
    if too_long:
        message = f"scrapeTimeout {timeout} is longer than the scrape interval {interval}"
        raise Rejection(message, field, hint="lower scrapeTimeout, or raise the interval")


def honor_timestamps(wanted: bool | None, server: Server, scope: Scope, out: Block) -> None:  # noqa: FBT001 - a field
    """`honor_timestamps`, where someone decides on it."""
    overridden = bool(server.spec.overrideHonorTimestamps)
    if (wanted is not None or overridden) and scope.allows("honor_timestamps", "2.9.0"):
        out["honor_timestamps"] = bool(wanted) and not overridden


def track_staleness(wanted: bool | None, scope: Scope, out: Block) -> None:  # noqa: FBT001 - a field
    """`track_timestamps_staleness`."""
    if wanted is not None and scope.allows("track_timestamps_staleness", "2.48.0"):
        out["track_timestamps_staleness"] = wanted


def limits(source: Any, server: Server, scope: Scope, out: Block) -> None:  # noqa: ANN401 - any kind of monitor
    """The limits of a job: the smaller of the monitor's and the enforced one; 0 means no limit."""
    for key, attribute, enforced_attribute, since in LIMITS:
        own, enforced = getattr(source, attribute), getattr(server.spec, enforced_attribute)
        if enforced and not own:
            own = None if server.version >= GLOBAL_LIMITS_SINCE else enforced
        if own is not None and (not since or scope.allows(key, since)):
            out[key] = min(own, enforced) if enforced else own


def histograms_and_protocols(source: Any, found: ScrapeClass | None, scope: Scope, out: Block) -> None:  # noqa: ANN401 - any kind of monitor
    """How histograms are scraped, and which protocols are asked for."""
    histograms(source, scope, out)
    protocols(source, found, scope, out)


def histograms(source: Any, scope: Scope, out: Block) -> None:  # noqa: ANN401 - any kind of monitor
    """How classic and native histograms are scraped."""
    emit(HISTOGRAMS_2 if scope.version.major < MAJOR_3 else HISTOGRAMS_3, source, scope, out)


def protocols(source: Any, found: ScrapeClass | None, scope: Scope, out: Block) -> None:  # noqa: ANN401 - any kind of monitor
    """Which protocols are asked for, and which is assumed of a target that names none: the class's by default."""
    scrape_protocols(source.scrapeProtocols, scope, out)
    fallback = source.fallbackScrapeProtocol or (found.fallbackScrapeProtocol if found is not None else None)
    if fallback and scope.allows("fallback_scrape_protocol", "3.0.0"):
        out["fallback_scrape_protocol"] = fallback


def scrape_protocols(names: Sequence[str] | None, scope: Scope, out: Block) -> None:
    """`scrape_protocols`, without those that this version does not know."""
    if names and scope.allows("scrape_protocols", "2.49.0"):
        out["scrape_protocols"] = [name for name in names if scope.allows(name, PROTOCOL_SINCE.get(name, ""))]


def body_size_limit(own: str | None, server: Server, scope: Scope, out: Block) -> None:
    """`body_size_limit`: the smaller of the monitor's and the enforced one."""
    enforced = server.spec.enforcedBodySizeLimit
    limit = own or enforced
    if own and enforced and parse_byte_size(own) > parse_byte_size(enforced):
        limit = enforced
    if limit and scope.allows("body_size_limit", "2.28.0"):
        out["body_size_limit"] = limit
