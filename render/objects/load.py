"""From documents to the index: classify, check against the schema, decode; duplicates and invalid objects become findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.api import KINDS
from render.findings import Finding, ObjectKey, Severity
from render.objects import schema
from render.objects.index import Object, Objects, Payload

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from render.sources.document import Document, Origin

MONITORING_GROUP = "monitoring.coreos.com/"
CORE_KINDS = frozenset({"Secret", "ConfigMap", "Namespace"})


def load(documents: Iterable[Document], default_namespace: str = "default") -> Objects:
    """Index `documents`; objects without a namespace get `default_namespace`.

    An object that the API server would refuse is left out and reported as an error for each thing that is wrong with it. When an
    object is defined twice, the first definition stays and an error names both files.
    """
    objects = Objects()
    for document in documents:
        add(objects, document, default_namespace)
    return objects


def add(objects: Objects, document: Document, default_namespace: str) -> None:
    """Put one document into the index; kinds that do not take part are passed over."""
    raw = document.raw
    api_version, kind = str(raw.get("apiVersion", "")), str(raw.get("kind", ""))
    if api_version == "v1" and kind in CORE_KINDS:
        _add_core(objects, kind, document, default_namespace)
    elif api_version.startswith(MONITORING_GROUP):
        _add_custom_resource(objects, api_version, kind, document, default_namespace)


def key_of(kind: str, raw: dict[str, Any], default_namespace: str) -> ObjectKey:
    """Identity of a raw object; missing parts are empty texts."""
    metadata = raw.get("metadata")
    if not isinstance(metadata, dict):
        return ObjectKey(kind, default_namespace, "")
    return ObjectKey(kind, str(metadata.get("namespace") or default_namespace), str(metadata.get("name") or ""))


def _add_custom_resource(
    objects: Objects, api_version: str, kind: str, document: Document, default_namespace: str
) -> None:
    key, origin = key_of(kind, document.raw, default_namespace), document.origin
    if (api_version, kind) not in KINDS:
        known = ", ".join(sorted({f"{known_kind} ({version})" for version, known_kind in KINDS}))
        objects.findings.append(
            _finding(
                "kind-unknown",
                f"{api_version} has no kind {kind!r}",
                key,
                origin,
                field="kind",
                hint=f"known are {known}",
            ),
        )
        return
    errors = schema.check(api_version, kind, document.raw)
    if errors:
        objects.findings += [
            _finding("schema", error.message, key, origin, field=schema.path_text(error.path), hint=error.hint)
            for error in errors
        ]
        return
    value = schema.decode(api_version, kind, document.raw)
    found = objects.resources.setdefault(kind, {})
    if not _is_duplicate(objects, found, key, origin):
        found[key.namespace, key.name] = Object(key, value, origin)


def _add_core(objects: Objects, kind: str, document: Document, default_namespace: str) -> None:
    raw, origin = document.raw, document.origin
    if kind == "Namespace":
        key = ObjectKey(kind, "", key_of(kind, raw, "").name)
        labels = (raw.get("metadata") or {}).get("labels") or {}
        objects.namespaces[key.name] = {str(name): str(value) for name, value in labels.items()}
        return
    key = key_of(kind, raw, default_namespace)
    wrong = _payload_problem(kind, raw)
    if wrong:
        objects.findings.append(_finding("schema", wrong, key, origin, hint="give every entry a text"))
        return
    found = objects.secrets if kind == "Secret" else objects.config_maps
    if _is_duplicate(objects, found, key, origin):
        return
    plain, encoded = ("stringData", "data") if kind == "Secret" else ("data", "binaryData")
    found[key.namespace, key.name] = Payload(key, _entries(raw, plain), _entries(raw, encoded), origin)


def _entries(raw: dict[str, Any], field: str) -> dict[str, str]:
    return {name: value or "" for name, value in (raw.get(field) or {}).items()}


def _payload_problem(kind: str, raw: dict[str, Any]) -> str:
    """What is wrong with the entries of a Secret or ConfigMap; never quotes a value."""
    if not isinstance(raw.get("metadata"), dict) or not raw["metadata"].get("name"):
        return f"the {kind} has no metadata.name"
    for field in ("data", "stringData", "binaryData"):
        entries = raw.get(field)
        if entries is None:
            continue
        if not isinstance(entries, dict):
            return f"{field} is no mapping"
        for name, value in entries.items():
            if value is not None and not isinstance(value, str):
                return f"{field}.{name} is {type(value).__name__}, not text"
    return ""


def _is_duplicate(objects: Objects, found: dict[tuple[str, str], Any], key: ObjectKey, origin: Origin) -> bool:
    first = found.get((key.namespace, key.name))
    if first is None:
        return False
    message = f"defined twice: first in {first.origin.file}:{first.origin.line}, again in {origin.file}:{origin.line}; the first one is used"
    objects.findings.append(_finding("duplicate-object", message, key, origin, hint="keep one of the two"))
    return True


def _finding(code: str, message: str, key: ObjectKey, origin: Origin, *, field: str = "", hint: str = "") -> Finding:
    return Finding(Severity.ERROR, code, message, key, field, origin.file, origin.line, hint=hint)


def load_paths(paths: Sequence[str], default_namespace: str = "default") -> Objects:
    """Read and index manifests. TEMPORARY: until render.sources reads folders."""
    from pathlib import Path

    from render.sources import kyaml
    from render.sources.document import Document, Origin

    documents = []
    for path in paths:
        for number, found in enumerate(kyaml.load_all(Path(path).read_bytes())):
            if isinstance(found.value, dict):
                documents.append(Document(found.value, Origin(path, number, found.line)))
    return load(documents, default_namespace)
