"""What scrape jobs of every monitor kind share: limits against the enforced ones, histograms, protocols, honoured labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render import versions
from render.generation.fields import Block, Row, emit
from render.golang.byte_sizes import parse_byte_size
from render.golang.quantities import approximate_float

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.api.scraping import NativeHistogramConfig
    from render.generation.prometheus.server import Server
    from render.generation.scope import Scope

LIMITS = (
    ("sample_limit", "sampleLimit", "enforcedSampleLimit", ""),
    ("target_limit", "targetLimit", "enforcedTargetLimit", "2.21.0"),
    ("label_limit", "labelLimit", "enforcedLabelLimit", "2.27.0"),
    ("label_name_length_limit", "labelNameLengthLimit", "enforcedLabelNameLengthLimit", "2.27.0"),
    ("label_value_length_limit", "labelValueLengthLimit", "enforcedLabelValueLengthLimit", "2.27.0"),
    ("keep_dropped_targets", "keepDroppedTargets", "enforcedKeepDroppedTargets", "2.47.0"),
)
"""Key, the job's own limit, the server's enforced one, and the version since which a server knows the key."""

GLOBAL_LIMITS_SINCE = versions.parse("2.45.0")
"""From here on the enforced limits stand in the global block, and a job without its own one repeats nothing."""

TEXT_1_0_SINCE = "3.0.0-rc.0"
ALWAYS_CLASSIC_SINCE = "3.0.0"


def limits(job: Any, server: Server, scope: Scope, into: Block) -> None:  # noqa: ANN401 - a spec read by attribute names
    """Add the limits of a job, none above the enforced one."""
    for key, own, enforced, since in LIMITS:
        limit = _limit(getattr(job, own), getattr(server.spec, enforced), server)
        if limit is not None and (not since or scope.allows(key, since)):
            into[key] = limit


def _limit(own: int | None, enforced: int | None, server: Server) -> int | None:
    if not enforced:
        return own
    if not own:
        return None if server.version >= GLOBAL_LIMITS_SINCE else enforced
    return min(own, enforced)


def body_size_limit(own: str | None, server: Server, scope: Scope, into: Block) -> None:
    """Add the limit of a response's size, not above the enforced one; of two equal ones the job's own is written."""
    enforced = server.spec.enforcedBodySizeLimit
    limit = own or enforced
    if own and enforced and parse_byte_size(own) > parse_byte_size(enforced):
        limit = enforced
    if limit and scope.allows("body_size_limit", "2.28.0"):
        into["body_size_limit"] = limit


def native_histograms(job: NativeHistogramConfig, scope: Scope, into: Block) -> None:
    """Add how classic and native histograms are scraped."""
    classic = _ALWAYS_CLASSIC if scope.at_least(ALWAYS_CLASSIC_SINCE) else _CLASSIC
    emit((*_HISTOGRAM_ROWS, classic, _TO_CUSTOM_BUCKETS), job, scope, into)


def _bucket_factor(quantity: int | str, _scope: Scope) -> float:
    return approximate_float(quantity)


_HISTOGRAM_ROWS = (
    Row("scrape_native_histograms", since="3.8.0"),
    Row("native_histogram_bucket_limit", since="2.45.0"),
    Row("native_histogram_min_bucket_factor", since="2.50.0", convert=_bucket_factor),
)
_CLASSIC = Row("scrape_classic_histograms", since="2.45.0")
_ALWAYS_CLASSIC = Row("always_scrape_classic_histograms", of="scrapeClassicHistograms")
_TO_CUSTOM_BUCKETS = Row("convert_classic_histograms_to_nhcb", of="convertClassicHistogramsToNHCB", since="3.0.0")


def scrape_protocols(protocols: Sequence[str] | None, scope: Scope, into: Block) -> None:
    """Add the protocols to ask for, without those that this version does not know."""
    known = [name for name in protocols or () if name != "PrometheusText1.0.0" or scope.allows(name, TEXT_1_0_SINCE)]
    if protocols and scope.allows("scrape_protocols", "2.49.0"):
        into["scrape_protocols"] = known


def fallback_scrape_protocol(protocol: str | None, scope: Scope, into: Block) -> None:
    """Add the protocol for targets that name none."""
    if protocol is not None and scope.allows("fallback_scrape_protocol", "3.0.0"):
        into["fallback_scrape_protocol"] = protocol


def honor_timestamps(own: bool | None, server: Server, into: Block) -> None:  # noqa: FBT001 - a field's value
    """Add whether a target's timestamps count; the server can forbid it for all."""
    override = bool(server.spec.overrideHonorTimestamps)
    if own is not None or override:
        into["honor_timestamps"] = bool(own) and not override
