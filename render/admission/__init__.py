"""The admission and conversion webhook: what the API server asks before it stores a monitoring object.

`answer` is the whole of it without HTTP. The verdicts are those of `promrender render`; the paths and answers are those
of the reference operator's webhook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.admission import alertmanager_configs, conversion, prometheus_rules
from render.admission.review import Settings, Unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["PATHS", "Settings", "Unusable", "answer"]

PATHS: Mapping[str, Callable[[Any, Settings], dict[str, Any]]] = {
    "/admission-prometheusrules/validate": prometheus_rules.validate,
    "/admission-prometheusrules/mutate": prometheus_rules.mutate,
    "/admission-alertmanagerconfigs/validate": alertmanager_configs.validate,
    "/convert": conversion.convert,
}
"""What answers at each path."""


def answer(path: str, review: Any, settings: Settings) -> dict[str, Any]:  # noqa: ANN401 - any value of JSON
    """The review that answers `review` at one of `PATHS`. Raises Unusable for what is no such review."""
    return PATHS[path](review, settings)
