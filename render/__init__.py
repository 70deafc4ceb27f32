"""Renders Prometheus Operator custom resources to their final Secrets and ConfigMaps.

The public API: `load` reads manifests into `Objects`, `render` makes the final Kubernetes objects of them. Both give
findings instead of raising for what is wrong with a manifest.

    objects = render.load(["manifests/"])
    result = render.render(objects, render.Options())
    for manifest in result.objects: ...
    for finding in result.findings: ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Finding, ObjectKey, Severity
from render.options import Options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.objects.index import Objects
    from render.pipeline import Result

__all__ = ["Finding", "ObjectKey", "Options", "Severity", "load", "render"]


def load(paths: Sequence[str], *, default_namespace: str = "default") -> Objects:
    """Read manifests from files, folders and `-` (standard input) into an index.

    What cannot be read, is no manifest or is not valid is in the index's `findings`.
    """
    from render.objects.load import load_paths

    return load_paths(paths, default_namespace)


def render(objects: Objects, options: Options | None = None) -> Result:
    """Render the index: final Kubernetes objects as plain mappings, and findings. Pure: no I/O, no global state."""
    from render import pipeline

    return pipeline.render(objects, options or Options())


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a type, asked for by name
    if name == "Objects":
        from render.objects.index import Objects

        return Objects
    if name == "Result":
        from render.pipeline import Result

        return Result
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
