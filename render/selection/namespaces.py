"""Which namespaces a workload object looks into: its selector, and the operator's own scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.selection.labels import compile_selector

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.api.selectors import LabelSelector
    from render.objects.index import Objects
    from render.options import Options


def namespace_filter(selector: LabelSelector | None, own: str, objects: Objects) -> Callable[[str], bool]:
    """Whether resources of a namespace can be selected: no selector means the workload object's own namespace alone.

    Raises Rejection when the selector is not valid.
    """
    if selector is None:
        return lambda namespace: namespace == own
    matches = compile_selector(selector)
    known: dict[str, bool] = {}

    def selected(namespace: str) -> bool:
        verdict = known.get(namespace)
        if verdict is None:
            verdict = known[namespace] = matches(objects.namespace_labels(namespace))
        return verdict

    return selected


def watched(namespace: str, options: Options) -> bool:
    """Whether the operator looks at a namespace at all (flags `namespaces` and `deny-namespaces`)."""
    if options.namespaces:
        return namespace in options.namespaces
    return namespace not in options.deny_namespaces
