"""The `otlp` block: how OTLP data is received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.fields import Block, Row, emit

if TYPE_CHECKING:
    from render.api.common_prometheus import OTLPConfig
    from render.generation.prometheus.server import Server

FIELD = "spec.otlp"
SINCE = "2.55.0"
PROMOTE_ALL_SINCE = "3.5.0"
STRATEGIES_SINCE = {"NoTranslation": "3.4.0", "UnderscoreEscapingWithoutSuffixes": "3.6.0"}

ROWS = (
    Row("promote_resource_attributes", since=SINCE),
    Row("translation_strategy", since="3.0.0"),
    Row("keep_identifying_resource_attributes", since="3.1.0"),
    Row("convert_histograms_to_nhcb", of="convertHistogramsToNHCB", since="3.4.0"),
    Row("promote_all_resource_attributes", since=PROMOTE_ALL_SINCE),
    Row("ignore_resource_attributes", since=PROMOTE_ALL_SINCE),
    Row("promote_scope_metadata", since="3.6.0"),
    Row("label_name_underscore_sanitization", since="3.8.0"),
    Row("label_name_preserve_multiple_underscores", since="3.8.0"),
)


def block(server: Server) -> Block | None:
    """The `otlp` block; None when there is nothing in it."""
    settings = server.spec.otlp
    return emit(ROWS, settings, server.scope) or None if settings is not None else None


def check(server: Server) -> None:
    """The version knows OTLP and the strategy, and the promoted attributes are consistent. Raises Rejection."""
    settings = server.spec.otlp
    if settings is None:
        return
    if not server.scope.at_least(SINCE):
        message = f"otlp needs Prometheus {SINCE} or later, and this is {server.version}"
        raise Rejection(message, FIELD, hint="raise spec.version, or remove the block")
    _check_strategy(settings, server)
    if server.scope.at_least(PROMOTE_ALL_SINCE):
        _check_promotion(settings)


def _check_strategy(settings: OTLPConfig, server: Server) -> None:
    strategy = settings.translationStrategy or ""
    field = f"{FIELD}.translationStrategy"
    if strategy == "NoUTF8EscapingWithSuffixes" and server.spec.nameValidationScheme == "Legacy":
        message = f"{strategy} makes names that the nameValidationScheme Legacy does not take"
        raise Rejection(message, field, hint="use another strategy, or the nameValidationScheme UTF8")
    since = STRATEGIES_SINCE.get(strategy)
    if since and not server.scope.at_least(since):
        message = f"{strategy} needs Prometheus {since} or later, and this is {server.version}"
        raise Rejection(message, field, hint="raise spec.version, or use another strategy")


def _check_promotion(settings: OTLPConfig) -> None:
    if settings.promoteAllResourceAttributes and settings.promoteResourceAttributes:
        message = "promoteAllResourceAttributes and promoteResourceAttributes exclude each other"
        raise Rejection(message, f"{FIELD}.promoteResourceAttributes", hint="keep one of the two")
    if settings.ignoreResourceAttributes and not settings.promoteAllResourceAttributes:
        message = "ignoreResourceAttributes needs promoteAllResourceAttributes"
        hint = "set promoteAllResourceAttributes: true, or remove the list"
        raise Rejection(message, f"{FIELD}.ignoreResourceAttributes", hint=hint)
