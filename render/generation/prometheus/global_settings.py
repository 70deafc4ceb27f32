"""The `global` block: scrape settings, external labels and limits; a Prometheus evaluates rules, too."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from render.generation.fields import Block, Row, emit
from render.generation.prometheus.scraping import check_timeout, scrape_protocols

if TYPE_CHECKING:
    from render.generation.prometheus.server import Server
    from render.generation.scope import Scope

PROMETHEUS_LABEL = "prometheus"
REPLICA_LABEL = "prometheus_replica"
ZONE_LABEL = "zone"
LOG_DIRECTORY = "/var/log/prometheus"

LIMITS_SINCE = "2.45.0"
LIMITS = (
    ("sample_limit", "sampleLimit", "enforcedSampleLimit", LIMITS_SINCE),
    ("target_limit", "targetLimit", "enforcedTargetLimit", LIMITS_SINCE),
    ("label_limit", "labelLimit", "enforcedLabelLimit", LIMITS_SINCE),
    ("label_name_length_limit", "labelNameLengthLimit", "enforcedLabelNameLengthLimit", LIMITS_SINCE),
    ("label_value_length_limit", "labelValueLengthLimit", "enforcedLabelValueLengthLimit", LIMITS_SINCE),
    ("keep_dropped_targets", "keepDroppedTargets", "enforcedKeepDroppedTargets", "2.47.0"),
)
"""Key, the object's own limit, the enforced one, and the version since which a server knows the global key."""

ESCAPING_SCHEMES = {"AllowUTF8": "allow-utf-8", "Underscores": "underscores", "Dots": "dots", "Values": "values"}


def log_file(path: str, _scope: Scope) -> str:
    """A log file without a folder goes into the volume that the operator mounts for it."""
    folder = posixpath.normpath(posixpath.dirname(path) or ".")
    return posixpath.normpath(posixpath.join(LOG_DIRECTORY, path)) if folder == "." else path


def _lower(value: str, _scope: Scope) -> str:
    return value.lower()


def _escaping(value: str, _scope: Scope) -> str:
    return ESCAPING_SCHEMES[value]


SCRAPE_ROWS = (
    Row("scrape_interval", keep_empty=True),
    Row("scrape_timeout"),
)
FORMAT_ROWS = (
    Row("scrape_failure_log_file", since="2.55.0", convert=log_file),
    Row("metric_name_validation_scheme", of="nameValidationScheme", since="3.0.0", convert=_lower),
    Row("metric_name_escaping_scheme", of="nameEscapingScheme", since="3.4.0", convert=_escaping),
    Row("convert_classic_histograms_to_nhcb", of="convertClassicHistogramsToNHCB", since="3.4.0"),
    Row("always_scrape_classic_histograms", of="scrapeClassicHistograms", since="3.5.0"),
    Row("scrape_native_histograms", since="3.8.0"),
)
RULE_ROWS = (
    Row("evaluation_interval", keep_empty=True),
    Row("rule_query_offset", since="2.53.0", keep_empty=True),
    Row("query_log_file", since="2.16.0", convert=log_file),
)
"""The rows of a Prometheus alone."""


def block(server: Server) -> Block:
    """The `global` block."""
    scope, spec = server.scope, server.spec
    out = emit(SCRAPE_ROWS, spec, scope)
    scrape_protocols(spec.scrapeProtocols, scope, out)
    out["external_labels"] = external_labels(server)
    _limits(spec, scope, out)
    emit(FORMAT_ROWS, spec, scope, out)
    return out if server.agent else emit(RULE_ROWS, spec, scope, out)


def external_labels(server: Server) -> dict[str, str]:
    """The external labels, sorted: those that tell servers, replicas and zones apart, and the user's others."""
    spec = server.spec
    labels = {
        _named(spec.prometheusExternalLabelName, PROMETHEUS_LABEL): f"{server.key.namespace}/{server.key.name}",
        _named(spec.replicaExternalLabelName, REPLICA_LABEL): "$(POD_NAME)",
    }
    if server.zones is not None:
        labels[_named(server.zones.externalLabelName, ZONE_LABEL)] = "$(TOPOLOGY_ZONE)"
    labels.pop("", None)
    for name, value in (spec.externalLabels or {}).items():
        if labels.setdefault(name, value) != value:
            message = f"the external label {name!r} is left out: the operator sets it itself"
            hint = "choose another name, or rename the operator's label"
            server.report.warning(
                "external-label-reserved", message, server.key, field=f"spec.externalLabels[{name}]", hint=hint
            )
    return dict(sorted(labels.items()))


def _named(name: str | None, default: str) -> str:
    """A label's name; a name set to the empty text switches the label off."""
    return default if name is None else name


def _limits(spec: Any, scope: Scope, out: Block) -> None:  # noqa: ANN401 - a spec read by attribute names
    size = spec.bodySizeLimit if spec.bodySizeLimit is not None else spec.enforcedBodySizeLimit
    if size and scope.allows("body_size_limit", LIMITS_SINCE):
        out["body_size_limit"] = size
    for key, own, enforced, since in LIMITS:
        limit = _lower_limit(getattr(spec, own), getattr(spec, enforced))
        if limit and scope.allows(key, since):
            out[key] = limit


def _lower_limit(own: int | None, enforced: int | None) -> int:
    """The lower of the limits that are set; zero means not set."""
    return min((limit for limit in (own, enforced) if limit), default=0)


def check(server: Server) -> None:
    """The scrape timeout is not above the scrape interval. Raises Rejection."""
    check_timeout(server.spec.scrapeTimeout, server.spec.scrapeInterval, "spec.scrapeTimeout")
