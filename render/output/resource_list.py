"""What a KRM function gives back: the items with what was made of them, and findings as `results`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Finding, ObjectKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Manifest = Mapping[str, Any]

GROUP = "monitoring.coreos.com/"
_KEPT = "config.kubernetes.io/"
_IDENTITY_KEPT = ("internal.config.kubernetes.io/", _KEPT)


def merged(items: Sequence[Manifest], made: Iterable[Manifest], default_namespace: str) -> list[Manifest]:
    """The items, then what was made.

    An item of an earlier run is replaced where it stands and keeps its annotations about files.
    """
    wanted = {key_of(manifest, default_namespace): manifest for manifest in made}
    out = []
    for item in items:
        fresh = wanted.pop(key_of(item, default_namespace), None)
        out.append(item if fresh is None else _with_annotations(fresh, item))
    return [*out, *wanted.values()]


def without_custom_resources(items: Iterable[Manifest]) -> list[Manifest]:
    """The items but for those of the monitoring API, which a cluster without the operator does not know."""
    return [item for item in items if not str(item.get("apiVersion")).startswith(GROUP)]


def key_of(manifest: Manifest, default_namespace: str) -> ObjectKey:
    """Identity of an object."""
    metadata = manifest.get("metadata") or {}
    namespace = str(metadata.get("namespace") or default_namespace)
    return ObjectKey(str(manifest.get("kind")), namespace, str(metadata.get("name") or ""))


def _with_annotations(fresh: Manifest, item: Manifest) -> Manifest:
    metadata = dict(fresh["metadata"])
    earlier = (item.get("metadata") or {}).get("annotations") or {}
    kept = {name: text for name, text in earlier.items() if name.startswith(_IDENTITY_KEPT)}
    if kept:
        metadata["annotations"] = {**(metadata.get("annotations") or {}), **kept}
    return {**fresh, "metadata": metadata}


def results(findings: Iterable[Finding], items: Iterable[Manifest], default_namespace: str) -> list[dict[str, Any]]:
    """The findings as the specification of KRM functions wants them."""
    versions = {key_of(item, default_namespace): str(item.get("apiVersion")) for item in items}
    return [_result(finding, versions) for finding in findings]


def _result(finding: Finding, versions: Mapping[ObjectKey, str]) -> dict[str, Any]:
    message = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
    result: dict[str, Any] = {"message": message, "severity": str(finding.severity)}
    if finding.object is not None:
        kind, namespace, name = finding.object
        api_version = versions.get(finding.object)
        reference = {"apiVersion": api_version, "kind": kind, "name": name, "namespace": namespace}
        result["resourceRef"] = {key: value for key, value in reference.items() if value}
    if finding.field:
        result["field"] = {"path": finding.field}
    if finding.file:
        result["file"] = {"path": finding.file}
    return result | {"tags": {"code": finding.code}}
