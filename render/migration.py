"""Rule ConfigMaps, as operators before 0.20 selected them, to PrometheusRules: one for each rule file.

What the reference's own migration does (one object `<ConfigMap>-<file>` for each file, labels kept, its own ConfigMaps
left out), but that a name which Kubernetes would refuse is made valid, and what is no rule file is a finding.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from render.api.metadata import DNS_SUBDOMAIN
from render.findings import Finding, ObjectKey, Severity
from render.objects import schema
from render.objects.index import Objects
from render.objects.locate import located
from render.sources import kyaml
from render.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from render.sources.document import Document, Origin

API_VERSION, KIND = "monitoring.coreos.com/v1", "PrometheusRule"
MADE_BY_THE_OPERATOR = ("managed-by", "prometheus-operator")
"""A label of the ConfigMaps that an operator made of PrometheusRules itself."""

LONGEST_NAME = 253
_VALID_NAME = re.compile(DNS_SUBDOMAIN)
_NOT_IN_NAME = re.compile(r"[^a-z0-9.-]+")


class _ConfigMap(NamedTuple):
    key: ObjectKey
    labels: dict[str, str]
    data: dict[str, Any]
    has_binary: bool
    origin: Origin


@dataclass(slots=True)
class Migration:
    """The PrometheusRules as plain mappings, in the order of the ConfigMaps, and what there was to say."""

    objects: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def migrate_rules(
    paths: Sequence[str], selected: Callable[[Mapping[str, str]], bool], default_namespace: str = "default"
) -> Migration:
    """Read manifests and turn every ConfigMap whose labels are `selected` into PrometheusRules.

    What cannot be one is an error with its place, and never stops the others.
    """
    found = read(paths, _rule_files)
    result = Migration()
    seen: dict[ObjectKey, Origin] = {}
    for origin, (namespace, name, labels, data, binary) in found.kept:
        key = ObjectKey("ConfigMap", namespace or default_namespace, name)
        if not selected(labels) or MADE_BY_THE_OPERATOR in labels.items():
            continue
        config_map = _ConfigMap(key, labels, data, binary, origin)
        first = seen.setdefault(key, origin)
        if first is not origin:
            message = f"defined twice, first in {first.file}:{first.line}; that one is used"
            result.findings.append(_error("duplicate-object", message, config_map, hint="keep one of the two"))
        else:
            _migrate(config_map, result)
    result.findings = [*found.findings, *located(result.findings, Objects(texts=found.texts))]
    return result


def _rule_files(document: Document) -> list[Any] | None:
    """Keep a ConfigMap: its namespace, name, labels, data, and whether it has binary data."""
    raw = document.raw
    metadata = raw.get("metadata")
    if raw.get("kind") != "ConfigMap" or raw.get("apiVersion") != "v1" or not isinstance(metadata, dict):
        return None
    labels = {key: value for key, value in _mapping(metadata, "labels").items() if isinstance(value, str)}
    identity = [str(metadata.get("namespace") or ""), str(metadata.get("name") or "")]
    return [*identity, labels, _mapping(raw, "data"), bool(raw.get("binaryData"))]


def _mapping(raw: Mapping[str, Any], field: str) -> dict[str, Any]:
    value = raw.get(field)
    return value if isinstance(value, dict) else {}


def _migrate(config_map: _ConfigMap, result: Migration) -> None:
    if not config_map.key.name:
        result.findings.append(_error("schema", "the ConfigMap has no name", config_map, hint="set metadata.name"))
        return
    if not config_map.data:
        message = "holds no rule file" + (", and binaryData is not read" if config_map.has_binary else "")
        result.findings.append(_finding(Severity.WARNING, "no-rules", message, config_map))
    elif config_map.has_binary:
        result.findings.append(_finding(Severity.WARNING, "binary-data", "binaryData is not read", config_map))
    taken = {(made["metadata"]["namespace"], made["metadata"]["name"]) for made in result.objects}
    for file, text in sorted(config_map.data.items()):
        spec = _spec(config_map, file, text, result.findings)
        if spec is None:
            continue
        name = _name(config_map.key.name, file)
        if (config_map.key.namespace, name) in taken:
            name = _distinct(name, f"{config_map.key.name}/{file}")
        taken.add((config_map.key.namespace, name))
        _check(_rule(config_map, name, spec), config_map, file, result)


def _spec(config_map: _ConfigMap, file: str, text: object, findings: list[Finding]) -> dict[str, Any] | None:
    """The content of a rule file; None when it is no mapping, with a finding that says why."""
    hint = "rule files of Prometheus 1 are converted by `promtool update rules` of Prometheus 2.0 to 2.4"
    try:
        documents = kyaml.load_all(text.encode()) if isinstance(text, str) else []
    except kyaml.KyamlError as error:
        message = f"is no YAML: {error.message} (line {error.line} of the rule file)"
        findings.append(_error("invalid-rules", message, config_map, file, hint))
        return None
    values = [document.value for document in documents if document.value is not None]
    if len(values) == 1 and isinstance(values[0], dict):
        return values[0]
    if len(values) > 1:
        message, hint = f"holds {len(values)} YAML documents", "a rule file is one: put each into an entry of its own"
    elif not values:
        message, hint = "is empty", "remove the entry, or write `groups: []`"
    else:
        message = "is no mapping with `groups`"
    findings.append(_error("invalid-rules", message, config_map, file, hint))
    return None


def _rule(config_map: _ConfigMap, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name, "namespace": config_map.key.namespace}
    if config_map.labels:
        metadata["labels"] = config_map.labels
    return {"apiVersion": API_VERSION, "kind": KIND, "metadata": metadata, "spec": schema.prune_nulls(spec)}


def _check(rule: dict[str, Any], config_map: _ConfigMap, file: str, result: Migration) -> None:
    """Keep an object that the API server would take; else say what it would not."""
    errors = schema.check(API_VERSION, KIND, rule)
    for error in errors:
        inside = ".".join(part for part in schema.path_text(error.path).split(".")[1:] if part)
        message = f"{inside}: {error.message}" if inside else error.message
        result.findings.append(_error("invalid-rules", message, config_map, file, error.hint))
    if errors:
        return
    metadata = rule["metadata"]
    if metadata["name"] != (wanted := f"{config_map.key.name}-{file}"):
        message = f"becomes {KIND} {metadata['name']}, since {wanted} is no valid or unique name"
        result.findings.append(_finding(Severity.INFO, "renamed", message, config_map, file))
    result.objects.append(rule)


def _name(config_map: str, file: str) -> str:
    """`<ConfigMap>-<file>`, made a DNS subdomain (RFC 1123) where it is none."""
    wanted = f"{config_map}-{file}"
    name = wanted
    if not _VALID_NAME.fullmatch(name):
        labels = (label.strip("-") for label in _NOT_IN_NAME.sub("-", wanted.lower()).split("."))
        name = ".".join(label for label in labels if label)
    return name if len(name) <= LONGEST_NAME else _distinct(name, wanted)


def _distinct(name: str, source: str) -> str:
    """The name, cut where it is too long, with `-<8 hex digits>` of what it was made from."""
    mark = hashlib.sha256(source.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_NAME - 9].rstrip('-.')}-{mark}"


def _error(code: str, message: str, config_map: _ConfigMap, file: str = "", hint: str = "") -> Finding:
    return _finding(Severity.ERROR, code, message, config_map, file, hint)


def _finding(
    severity: Severity, code: str, message: str, config_map: _ConfigMap, file: str = "", hint: str = ""
) -> Finding:
    place = schema.path_text(("data", file)) if file else ""
    origin = config_map.origin
    return Finding(severity, code, message, config_map.key, place, origin.file, origin.line, hint=hint)
