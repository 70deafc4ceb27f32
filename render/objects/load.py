"""From documents to the index: classify, check against the schema, decode.

Duplicates and invalid objects become findings.

`inspect` does the work on one document and runs where the document is read, perhaps in another process; what it keeps
is plain, so that it can be sent. `index` puts what was kept in order, in this process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.api import KINDS
from render.findings import Finding, ObjectKey, Severity
from render.objects import schema, targets
from render.objects.index import Object, Objects, Payload
from render.sources.reading import Wish, fulfil, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from render.sources.document import Document, Origin
    from render.sources.reading import Read

MONITORING_GROUP = "monitoring.coreos.com/"
CORE_KINDS = frozenset({"Secret", "ConfigMap", "Namespace", "ServiceAccount"})

OWN_DOMAIN = "promrender.dev/"
"""Annotations of this domain are for us."""

RESOURCE, INVALID, PAYLOAD, NAMESPACE, UNKNOWN, TARGET, ANNOTATED, ACCOUNT = range(8)
"""What a kept entry is; it stands first in the entry."""


def load_paths(paths: Sequence[str], default_namespace: str = "default") -> Objects:
    """Read and index manifests; objects without a namespace get `default_namespace`.

    An object that the API server would refuse is left out and reported as an error for each thing that is wrong with
    it. When an object is defined twice, the first definition stays and an error names both places.
    """
    return indexed(read(paths, inspect), default_namespace)


def load_each(paths: Sequence[str], default_namespace: str = "default") -> list[Objects]:
    """An index of each file alone, and first one that has the findings of reading and the names of all files.

    Files that are no manifests are passed over, also where the user named them.
    """
    found = fulfil(Wish(inspect_whole, lenient=True), paths)
    kept: dict[str, list[tuple[Origin, list[Any]]]] = {}
    for origin, entry in found.kept:
        kept.setdefault(origin.file, []).append((origin, entry))
    unread = Objects(findings=found.findings, texts=found.texts, files=found.files)
    each = []
    for file, entries in kept.items():
        objects = index(entries, default_namespace)
        objects.texts.update(found.texts)
        objects.files.append(file)
        each.append(objects)
    return [unread, *each]


def indexed(found: Read, default_namespace: str) -> Objects:
    """The index of what was read with `inspect` or `inspect_whole`."""
    objects = index(found.kept, default_namespace)
    objects.findings[:0] = found.findings
    objects.texts.update(found.texts)
    objects.files += found.files
    return objects


def inspect(document: Document) -> list[Any] | None:
    """What to keep of a document; None for kinds that do not take part."""
    raw = document.raw
    api_version, kind = str(raw["apiVersion"]), str(raw["kind"])
    if api_version == "v1" and kind in CORE_KINDS:
        return _inspect_core(kind, raw)
    if not api_version.startswith(MONITORING_GROUP):
        return None
    namespace, name = _identity(raw)
    if (api_version, kind) not in KINDS:
        return [UNKNOWN, kind, namespace, name, api_version]
    errors = schema.check(api_version, kind, raw)
    if errors:
        told = [[schema.path_text(error.path), error.message, error.hint] for error in errors]
        return [INVALID, kind, namespace, name, told]
    return [RESOURCE, kind, namespace, name, api_version, schema.pack(raw, pruned=not document.has_null)]


def inspect_whole(document: Document) -> list[Any] | None:
    """What to keep of a document for validation."""
    raw = document.raw
    kept = inspect(document)
    if kept is None and (found := targets.inspect(raw)) is not None:
        kept = [TARGET, raw["kind"], *_identity(raw), *found]
    metadata = raw.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    own = {
        key: text
        for key, text in (annotations.items() if isinstance(annotations, dict) else ())
        if isinstance(key, str) and key.startswith(OWN_DOMAIN) and isinstance(text, str)
    }
    return [ANNOTATED, raw["kind"], *_identity(raw), own, kept] if own else kept


STORED = frozenset(
    {"ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig", "PrometheusRule", "AlertmanagerConfig", "Namespace"}
)
"""Kinds of which what is kept may be stored: of many a tree has thousands, and credentials are not written in them."""


def may_be_stored(entry: list[Any]) -> bool:
    """Whether what `inspect` or `inspect_whole` kept of a document may be stored."""
    return entry[0] == TARGET or entry[1] in STORED


def _identity(raw: dict[str, Any]) -> tuple[str, str]:
    """Namespace and name of a raw object; what is missing or no text is empty."""
    metadata = raw.get("metadata")
    if not isinstance(metadata, dict):
        return "", ""
    return str(metadata.get("namespace") or ""), str(metadata.get("name") or "")


def _inspect_core(kind: str, raw: dict[str, Any]) -> list[Any]:
    namespace, name = _identity(raw)
    problem = _core_problem(kind, raw, name)
    if problem:
        return [INVALID, kind, "" if kind == "Namespace" else namespace, name, [problem]]
    if kind == "Namespace":
        return [NAMESPACE, kind, "", name, _texts(raw["metadata"], "labels")]
    if kind == "ServiceAccount":
        return [ACCOUNT, kind, namespace, name]
    plain, encoded = ("stringData", "data") if kind == "Secret" else ("data", "binaryData")
    return [PAYLOAD, kind, namespace, name, _texts(raw, plain), _texts(raw, encoded)]


def _texts(raw: dict[str, Any], field: str) -> dict[str, str]:
    return {name: value or "" for name, value in (raw.get(field) or {}).items()}


def _core_problem(kind: str, raw: dict[str, Any], name: str) -> tuple[str, str, str] | None:
    """Field, message and hint of what is wrong with an object of the core; never quotes a value."""
    if not name:
        return "metadata", f"the {kind} has no name", "set metadata.name"
    places = [(raw, "", field) for field in ("data", "stringData", "binaryData")]
    for parent, prefix, field in ((raw["metadata"], "metadata.", "labels"), *places):
        texts = parent.get(field)
        if texts is not None and not isinstance(texts, dict):
            return prefix + field, f"{field} is no mapping", "write entries as key: text"
        for key, value in (texts or {}).items():
            if value is not None and not isinstance(value, str):
                return prefix + schema.path_text((field, key)), "the value is not text", "put it into quotes"
    return None


def index(kept: Iterable[tuple[Origin, list[Any]]], default_namespace: str) -> Objects:
    """The index of what `inspect` kept, in the order of reading."""
    objects = Objects()
    for origin, entry in kept:
        add(objects, origin, entry, default_namespace)
    return objects


def add(objects: Objects, origin: Origin, entry: list[Any], default_namespace: str) -> None:
    """Put what `inspect` kept of one document into the index."""
    what, kind, namespace, name, *rest = entry
    key = ObjectKey(kind, "" if kind == "Namespace" else namespace or default_namespace, name)
    if what == RESOURCE:
        _add_resource(objects, key, origin, *rest)
    elif what == PAYLOAD:
        _add_payload(objects, key, origin, *rest)
    elif what == NAMESPACE:
        objects.namespaces[name] = rest[0]
    elif what == ACCOUNT:
        objects.service_accounts.add((key.namespace, name))
    elif what == UNKNOWN:
        objects.findings.append(_unknown_kind(key, origin, *rest))
    elif what == TARGET:
        objects.targets.append(targets.target(key, *rest))
    elif what == ANNOTATED:
        objects.annotations[key], kept = rest
        if kept is not None:
            add(objects, origin, kept, default_namespace)
    else:
        errors = rest[0]
        objects.findings += [_error("schema", text, key, origin, field, hint) for field, text, hint in errors]


def _add_resource(objects: Objects, key: ObjectKey, origin: Origin, api_version: str, packed: bytes) -> None:
    found = objects.resources.setdefault(key.kind, {})
    if not _is_duplicate(objects, found, key, origin):
        found[key.namespace, key.name] = Object(key, schema.unpack(api_version, key.kind, packed), origin)


def _add_payload(
    objects: Objects, key: ObjectKey, origin: Origin, plain: dict[str, str], encoded: dict[str, str]
) -> None:
    found = objects.secrets if key.kind == "Secret" else objects.config_maps
    if not _is_duplicate(objects, found, key, origin):
        found[key.namespace, key.name] = Payload(key, plain, encoded, origin)


def _is_duplicate(objects: Objects, found: dict[tuple[str, str], Any], key: ObjectKey, origin: Origin) -> bool:
    first = found.get((key.namespace, key.name))
    if first is None:
        return False
    places = f"first in {first.origin.file}:{first.origin.line}, again in {origin.file}:{origin.line}"
    message = f"defined twice: {places}; the first one is used"
    objects.findings.append(_error("duplicate-object", message, key, origin, hint="keep one of the two"))
    return True


def _unknown_kind(key: ObjectKey, origin: Origin, api_version: str) -> Finding:
    versions = sorted(version for version, kind in KINDS if kind == key.kind)
    if versions:
        message, hint = f"{key.kind} has no version {api_version}", f"use {' or '.join(versions)}"
    else:
        message, hint = f"{api_version} has no kind {key.kind}", f"known are {', '.join(sorted({k for _, k in KINDS}))}"
    return _error("kind-unknown", message, key, origin, "kind", hint)


def _error(code: str, message: str, key: ObjectKey, origin: Origin, field: str = "", hint: str = "") -> Finding:
    return Finding(Severity.ERROR, code, message, key, field, origin.file, origin.line, hint=hint)
