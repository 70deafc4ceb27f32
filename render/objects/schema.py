"""Whether an object is what its kind allows, and the object as a struct.

`check` gives every error of an object at once; what passed is decoded by `decode`. Both behave as the API server does
with a custom resource: nulls are pruned, defaults filled in, unknown fields refused, 1.0 is a whole number.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from render.api import KINDS
from render.objects.explain import FieldError, explain
from render.objects.json_schema import json_schema
from render.objects.pruning import prune_nulls
from render.objects.rules import broken_rules

if TYPE_CHECKING:
    from jsonschema_rs import Validator

    from render.api.model import Resource
    from render.objects.explain import Path

__all__ = ["FieldError", "check", "decode", "pack", "path_text", "prune_nulls", "unpack"]

Raw = dict[str, Any]

WORKLOADS = frozenset({"Alertmanager", "Prometheus", "PrometheusAgent", "ThanosRuler"})
"""Kinds with mappings of Kubernetes inside, whose nulls would outlive decoding."""


def check(api_version: str, kind: str, raw: Raw) -> tuple[FieldError, ...]:
    """Return all that is wrong with an object: fields unknown, missing or of a wrong type, values out of their limits.

    Rules over several fields are looked at when each field is right by itself. Raises KeyError for a kind that has no
    model.
    """
    validator = _validator(api_version, kind)
    try:
        if validator.is_valid(raw):
            return broken_rules(KINDS[api_version, kind], raw)
        pruned = prune_nulls(raw)
        errors = explain(_schema(api_version, kind), validator.iter_errors(raw))
        if pruned != raw:
            unknown = [error for error in errors if error.code == "unknown"]
            rest = explain(_schema(api_version, kind), validator.iter_errors(pruned))
            errors = (*unknown, *(error for error in rest if error not in unknown))
    except (ValueError, TypeError, RecursionError):
        return (FieldError((), "cannot be read as JSON, or is nested too deeply", "write plain YAML", "unreadable"),)
    return errors or broken_rules(KINDS[api_version, kind], pruned)


def decode(api_version: str, kind: str, raw: Raw) -> Resource:
    """Return the object as a struct, defaults filled in. The object must have passed `check`.

    Raises KeyError for a kind without a model, msgspec.ValidationError for an object that `check` would refuse.
    """
    model = KINDS[api_version, kind]
    try:
        return msgspec.convert(prune_nulls(raw) if kind in WORKLOADS else raw, model)
    except msgspec.ValidationError:
        return msgspec.convert(prune_nulls(raw), model)


def pack(raw: Raw, *, pruned: bool = False) -> bytes:
    """Return an object that passed `check` as msgpack, for `unpack`; `pruned` says that it holds no null."""
    return msgspec.msgpack.encode(raw if pruned else prune_nulls(raw))


def unpack(api_version: str, kind: str, packed: bytes) -> Resource:
    """Return the struct of what `pack` gave, defaults filled in. Raises KeyError for a kind without a model."""
    try:
        return _decoder(api_version, kind).decode(packed)
    except msgspec.ValidationError:
        return decode(api_version, kind, msgspec.msgpack.decode(packed))


@cache
def _decoder(api_version: str, kind: str) -> msgspec.msgpack.Decoder[Resource]:
    return msgspec.msgpack.Decoder(KINDS[api_version, kind])


def path_text(path: Path) -> str:
    """Return a path as people write it: `spec.endpoints[1].port`; a key that is no plain word stands in brackets."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.isidentifier() or step.replace("-", "").isalnum():
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return text


@cache
def _schema(api_version: str, kind: str) -> dict[str, Any]:
    return json_schema(KINDS[api_version, kind])


@cache
def _validator(api_version: str, kind: str) -> Validator:
    import jsonschema_rs

    return jsonschema_rs.validator_for(_schema(api_version, kind), pattern_options=jsonschema_rs.RegexOptions())
