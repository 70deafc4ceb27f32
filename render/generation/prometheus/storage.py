"""The `storage` block: exemplars, the time series database, and how long it keeps samples (in the file since 3.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.fields import Block, Row, emit
from render.golang.quantities import approximate_float

if TYPE_CHECKING:
    from render.api.common_prometheus import ChunkEncodingConfig, TSDBSpec
    from render.generation.prometheus.server import Server
    from render.generation.scope import Scope

DEFAULT_RETENTION = "24h"
RETENTION_SINCE = "3.11.0"
START_TIMESTAMPS = "st-storage"
"""The feature that keeps start timestamps, which the chunk encoding Xor cannot hold."""


def _share(value: int | str, _scope: Scope) -> float:
    return approximate_float(value)


def _chunk_encoding(block: ChunkEncodingConfig, _scope: Scope) -> Block:
    return {"floats": (block.floats or "").lower()}


_TSDB_ROWS = (
    Row("stale_series_compaction_threshold", since="3.10.0", convert=_share),
    Row("chunk_encoding", since="3.13.0", convert=_chunk_encoding),
)
_OUT_OF_ORDER = Row("out_of_order_time_window", since="2.39.0", keep_empty=True)
_OUT_OF_ORDER_AGENT = Row("out_of_order_time_window", since="2.54.0", keep_empty=True)
_EXEMPLARS = (Row("max_exemplars", of="maxSize", since="2.29.0"),)


def block(server: Server) -> Block | None:
    """The `storage` block; None when nothing is to be said."""
    scope, spec = server.scope, server.spec
    tsdb = _tsdb(spec.tsdb, server)
    if server.agent:
        return {"tsdb": tsdb} if tsdb else None
    out: Block = {}
    exemplars = getattr(spec, "exemplars", None)
    if exemplars is not None:
        maximum = emit(_EXEMPLARS, exemplars, scope)
        if maximum:
            out["exemplars"] = maximum
    if server.scope.at_least(RETENTION_SINCE):
        tsdb["retention"] = _retention(spec)
    if tsdb:
        out["tsdb"] = tsdb
    return out or None


def _tsdb(tsdb: TSDBSpec | None, server: Server) -> Block:
    if tsdb is None:
        return {}
    out_of_order = _OUT_OF_ORDER_AGENT if server.agent else _OUT_OF_ORDER
    rows = (out_of_order, *(row for row in _TSDB_ROWS if row.key != "chunk_encoding" or _encoding(tsdb)))
    return emit(rows, tsdb, server.scope)


def _encoding(tsdb: TSDBSpec) -> str:
    return (tsdb.chunkEncoding.floats if tsdb.chunkEncoding is not None else None) or ""


def _retention(spec: Any) -> Block:  # noqa: ANN401 - the fields of a Prometheus, which an agent does not have
    """Time and size as far as they are set; the time has a default where neither is."""
    out: Block = {}
    if spec.retention or not spec.retentionSize:
        out["time"] = spec.retention or DEFAULT_RETENTION
    if spec.retentionSize:
        out["size"] = spec.retentionSize
    return out


def check(server: Server) -> None:
    """The share of stale series is one, and the chunk encoding fits the enabled features. Raises Rejection."""
    tsdb = server.spec.tsdb
    if tsdb is None:
        return
    share = tsdb.staleSeriesCompactionThreshold
    if share is not None and not 0 <= approximate_float(share) <= 1:
        message = f"staleSeriesCompactionThreshold is a share from 0 to 1, not {share}"
        raise Rejection(message, "spec.tsdb.staleSeriesCompactionThreshold", hint="write a share such as 0.5")
    if _encoding(tsdb) == "Xor" and START_TIMESTAMPS in (server.spec.enableFeatures or ()):
        message = f"the chunk encoding Xor cannot hold the start timestamps that the feature {START_TIMESTAMPS} keeps"
        raise Rejection(message, "spec.tsdb.chunkEncoding.floats", hint="use Xor2, or remove the feature")
