"""Annotations by which a program keeps book of the manifests that it hands over, and which are none of the manifest's.

Kustomize and Helm 4 add them before they run a function and take them away again. A workload that inherits the
annotations of its custom resource must not get them: it would be taken for that resource, and its hash would differ.
"""

from __future__ import annotations

from typing import Any

_PREFIXES = (
    "internal.config.kubernetes.io/",
    "config.kubernetes.io/",
    "config.k8s.io/",
    "kustomize.config.k8s.io/",
    "postrenderer.helm.sh/",
)


def as_written(manifest: dict[str, Any]) -> dict[str, Any]:
    """A manifest without such annotations; itself when it has none, and never changed."""
    metadata = manifest.get("metadata")
    if not isinstance(metadata, dict):
        return manifest
    annotations = metadata.get("annotations")
    if not isinstance(annotations, dict) or not any(map(_is_bookkeeping, annotations)):
        return manifest
    others = {name: text for name, text in annotations.items() if not _is_bookkeeping(name)}
    plain = {name: part for name, part in metadata.items() if name != "annotations"}
    return {**manifest, "metadata": {**plain, "annotations": others} if others else plain}


def _is_bookkeeping(name: object) -> bool:
    return isinstance(name, str) and name.startswith(_PREFIXES)
