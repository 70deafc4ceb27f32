"""Relabel configs: which are valid, how they are written, and those that the operator adds by itself.

It adds steps for sharding and for the enforced namespace label.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from render import versions
from render.findings import Rejection
from render.generation.enforcement import enforced_label
from render.golang.names import is_label_name
from render.golang.re2 import compile_regex
from render.output.goyaml import Constant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from render.api.common_prometheus import CommonPrometheusFields
    from render.api.relabeling import RelabelConfig
    from render.findings import ObjectKey
    from render.generation.fields import Block
    from render.generation.prometheus.server import Server
    from render.versions import Version

SHARD = "SHARD"
ZONE, IN_ZONE = "TOPOLOGY_ZONE", "INZONE_SHARD"
LEGACY_TEMPLATE = r"(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+"
DEFAULT_REGEX = "(.*)"
DEFAULT_SEPARATOR = ";"
DEFAULT_REPLACEMENT = "$1"
UTF8_SINCE = versions.parse("3.0.0")

_SINCE = {
    "lowercase": versions.parse("2.36.0"),
    "uppercase": versions.parse("2.36.0"),
    "keepequal": versions.parse("2.41.0"),
    "dropequal": versions.parse("2.41.0"),
}
_CASE = frozenset({"lowercase", "uppercase"})
_EQUAL = frozenset({"keepequal", "dropequal"})
_WITH_TARGET = frozenset({"replace", "hashmod"}) | _CASE | _EQUAL
_REGEX_ONLY = frozenset({"labeldrop", "labelkeep"})


def relabel_configs(steps: Iterable[RelabelConfig] | None) -> list[Block]:
    """Relabel configs as the server reads them: absent and empty fields are left out, the action is lower-cased."""
    return [_relabel_config(step) for step in steps or ()]


def _relabel_config(step: RelabelConfig) -> Block:
    out: Block = {}
    if step.sourceLabels:
        out["source_labels"] = step.sourceLabels
    if step.separator is not None:
        out["separator"] = step.separator
    if step.targetLabel:
        out["target_label"] = step.targetLabel
    if step.regex:
        out["regex"] = step.regex
    if step.modulus:
        out["modulus"] = step.modulus
    if step.replacement is not None:
        out["replacement"] = step.replacement
    out["action"] = step.action.lower()
    return out


def check_relabel_configs(steps: Sequence[RelabelConfig] | None, version: Version, field: str) -> None:
    """Every step is one that a server of this version takes. Raises Rejection.

    Source: `relabel.Config.Validate` of the server, which the operator applies with the label names of its version.
    """
    for number, step in enumerate(steps or ()):
        _check_step(step, version, f"{field}[{number}]")


def _check_step(step: RelabelConfig, version: Version, field: str) -> None:
    action = step.action.lower()
    since = _SINCE.get(action)
    if since is not None and version < since:
        message = f"the action {action} needs Prometheus {since} or later, and this is {version}"
        _refuse(message, f"{field}.action", "raise spec.version")
    _check_regex(step.regex or "", f"{field}.regex")
    if action == "hashmod" and not step.modulus:
        _refuse("the action hashmod needs a modulus above 0", f"{field}.modulus", "set modulus")
    utf8 = version >= UTF8_SINCE
    if action in _WITH_TARGET:
        _check_target(step.targetLabel or "", action, f"{field}.targetLabel", utf8=utf8)
    if action == "labelmap" and step.replacement is not None and not _is_template(step.replacement, utf8=utf8):
        _refuse_label(step.replacement, f"{field}.replacement")
    if action in _CASE and _is_set(step.replacement, DEFAULT_REPLACEMENT):
        _refuse_other_fields(action, "sourceLabels, separator, regex and targetLabel", field)
    if action in _EQUAL and (step.regex not in (None, "", DEFAULT_REGEX) or _has_rewriting(step)):
        _refuse_other_fields(action, "sourceLabels and targetLabel", field)
    if action in _REGEX_ONLY and (step.sourceLabels or step.targetLabel or _has_rewriting(step)):
        _refuse_other_fields(action, "regex", field)


def _check_regex(text: str, field: str) -> None:
    try:
        compile_regex(f"^(?s:{text})$")
    except ValueError as error:
        _refuse(f"not a regular expression: {error}", field, "write a regular expression of the syntax RE2")


def _check_target(label: str, action: str, field: str, *, utf8: bool) -> None:
    if not label:
        _refuse(f"the action {action} needs a targetLabel", field, "name the label to write")
    is_template = action == "replace" and "$" in label
    if not (_is_template(label, utf8=utf8) if is_template else is_label_name(label, utf8=utf8)):
        _refuse_label(label, field)


def _is_template(text: str, *, utf8: bool) -> bool:
    """Whether the text gives a label name once `$1` or `${name}` in it are replaced."""
    if utf8:
        return is_label_name(text, utf8=True)
    return compile_regex(LEGACY_TEMPLATE).fullmatch(text.encode("utf-8", "surrogateescape")) is not None


def _refuse_label(label: str, field: str) -> NoReturn:
    hint = "use letters, digits and underscores, or Prometheus 3 for UTF-8 names"
    _refuse(f"{label!r} is not a label name for this version of Prometheus", field, hint)


def _refuse_other_fields(action: str, allowed: str, field: str) -> NoReturn:
    _refuse(f"the action {action} takes {allowed} only", field, "remove the other fields")


def _refuse(message: str, field: str, hint: str) -> NoReturn:
    raise Rejection(message, field, code="relabeling-invalid", hint=hint) from None


def _is_set(value: str | None, default: str) -> bool:
    return value is not None and value != default


def _has_rewriting(step: RelabelConfig) -> bool:
    separated = _is_set(step.separator, DEFAULT_SEPARATOR)
    return bool(step.modulus) or separated or _is_set(step.replacement, DEFAULT_REPLACEMENT)


def enforced_namespace(key: ObjectKey, spec: CommonPrometheusFields) -> list[Block]:
    """The step that sets the enforced namespace label, after all steps of the user; none for an exempt object."""
    label = enforced_label(spec, key)
    return [{"target_label": label, "replacement": key.namespace}] if label else []


def sharding(server: Server, label: str = "__address__") -> list[Block]:
    """The steps that leave to each shard its part of the targets: those of its zone, where there are any.

    They are spread by the hash of `label`, or of `__tmp_hash` where a user has set it.
    """
    if not server.topology:
        return [*_active_shards(server), *_by_hash(label, server.shards, SHARD)]
    zone = _ZONE_OF_POD if server.options.pod_topology_labels else _ZONE_OF_NODE
    per_zone = max(1, server.shards // len(server.topology))
    return [*_active_shards(server), _ZONE_OF_ENDPOINT, zone, _KEEP_ZONE, *_by_hash(label, per_zone, IN_ZONE)]


def _active_shards(server: Server) -> list[Block]:
    """Shards that are kept for their data alone, after scaling down, scrape nothing; agents keep no data."""
    if server.agent or not server.options.gate("PrometheusShardRetentionPolicy"):
        return []
    return _shards_below(server.shards)


@lru_cache(maxsize=16)
def _shards_below(count: int) -> list[Block]:
    below = "|".join(map(str, range(count)))
    return [
        Constant({"target_label": "__tmp_current_shard", "replacement": f"$({SHARD})", "action": "replace"}),
        Constant({"source_labels": ["__tmp_current_shard"], "regex": below, "action": "keep"}),
    ]


def has_sharding(steps: Iterable[Block]) -> bool:
    """Whether one of the steps hashes already."""
    return any(step.get("action") == "hashmod" for step in steps)


@lru_cache(maxsize=256)
def _by_hash(label: str, shards: int, variable: str) -> list[Block]:
    hashed = ["__tmp_hash"]
    own = {"regex": "(.+);", "replacement": "$1", "action": "replace"}
    kept = {"regex": f"$({variable});|.+;.+", "action": "keep"}
    return [
        Constant({"source_labels": [label, *hashed], "target_label": "__tmp_hash", **own}),
        Constant({"source_labels": hashed, "target_label": "__tmp_hash", "modulus": shards, "action": "hashmod"}),
        Constant({"source_labels": [*hashed, "__tmp_disable_sharding"], **kept}),
    ]


def _zone_of(kind: str) -> Block:
    label = "topology_kubernetes_io_zone"
    return {
        "source_labels": [
            f"__meta_kubernetes_{kind}_label_{label}",
            f"__meta_kubernetes_{kind}_labelpresent_{label}",
            "__tmp_topology",
        ],
        "target_label": "__tmp_topology",
        "regex": "(.+);true;",
        "replacement": "$1",
        "action": "replace",
    }


_ZONE_OF_NODE = _zone_of("node")
_ZONE_OF_POD = _zone_of("pod")
_ZONE_OF_ENDPOINT: Block = {
    "source_labels": ["__meta_kubernetes_endpointslice_endpoint_zone", "__tmp_topology"],
    "target_label": "__tmp_topology",
    "regex": "(.+);",
    "replacement": "$1",
    "action": "replace",
}
_KEEP_ZONE: Block = {
    "source_labels": ["__tmp_topology", "__tmp_disable_sharding"],
    "regex": f"$({ZONE});|.+;.+",
    "action": "keep",
}
