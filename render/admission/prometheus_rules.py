"""PrometheusRules at the door: labels and annotations become text, and what no server would load is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from render import versions
from render.admission.review import Cause, Resource, admission_request, allowed, causes_of, read_object, refused
from render.api import GROUP
from render.findings import Rejection, Report
from render.generation import rules
from render.generation.rules import Dialect
from render.generation.scope import Scope
from render.objects.index import Objects
from render.selection.references import References

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.admission.review import Request, Settings
    from render.objects.index import Object

RESOURCE = Resource(GROUP, "v1", "prometheusrules")
KIND = "PrometheusRule"
VALIDATED = "prometheus-operator-validated"
"""The annotation that a mutated object carries."""


def validate(review: Any, settings: Settings) -> dict[str, Any]:  # noqa: ANN401 - any value of JSON
    """Refuse a rule that a server of the newest version would not load, with everything that is wrong with it.

    Raises Unusable.
    """
    request = admission_request(review)
    if foreign := _foreign(request):
        return foreign
    if request.raw is None:
        return allowed(request.uid)
    rule, causes = read_object(request.raw, RESOURCE.version, KIND)
    if rule is not None:
        causes = causes_of(_faults(rule, settings))
    if causes:
        return refused(request.uid, "Rules are not valid", RESOURCE.resource, causes)
    return allowed(request.uid)


def mutate(review: Any, settings: Settings) -> dict[str, Any]:  # noqa: ANN401 - any value of JSON
    """Turn numbers and booleans among labels and annotations into text, and mark the object. Raises Unusable."""
    _ = settings
    request = admission_request(review)
    if foreign := _foreign(request):
        return foreign
    if request.raw is None:
        return allowed(request.uid)
    try:
        patch = list(_texts(request.raw))
    except TypeError as error:
        return refused(request.uid, "Cannot read the rules", RESOURCE.resource, [Cause("spec.groups", str(error))])
    return allowed(request.uid, [*patch, _mark(request.raw)])


def _foreign(request: Request) -> dict[str, Any] | None:
    if request.resource == RESOURCE:
        return None
    cause = Cause("", f"{'.'.join(request.resource)} was sent, and this path takes {'.'.join(RESOURCE)}")
    return refused(request.uid, "Unexpected resource", RESOURCE.resource, [cause])


def _faults(rule: Object[Any], settings: Settings) -> list[Rejection]:
    dialect = Dialect(rules.PROMETHEUS, settings.syntax, legacy_names=not settings.utf8_names)
    newest = versions.parse(versions.DEFAULT_PROMETHEUS)
    scope = Scope(rule.key, newest, References(Objects()), Report())
    try:
        rules.rule_file(rule, dialect, scope)
    except Rejection as first:
        return rules.faults(rule, dialect, scope) or [first]
    return []


def _texts(raw: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Replacements of values that are no text. Raises TypeError when the rules are not of their shape."""
    for number, group in enumerate(_entries(_mapping(raw.get("spec")).get("groups"))):
        for place, rule in enumerate(_entries(_mapping(group).get("rules"))):
            for field in ("annotations", "labels"):
                for key, value in _mapping(_mapping(rule).get(field)).items():
                    if value is not None and not isinstance(value, str):
                        path = f"/spec/groups/{number}/rules/{place}/{field}/{_pointer(key)}"
                        yield {"op": "replace", "path": path, "value": json.dumps(value, ensure_ascii=False)}


def _mapping(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any value of JSON
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError("a mapping is expected")
    return value


def _entries(value: Any) -> list[Any]:  # noqa: ANN401 - any value of JSON
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError("a list is expected")
    return value


def _pointer(key: str) -> str:
    """A key as part of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _mark(raw: dict[str, Any]) -> dict[str, Any]:
    metadata = raw.get("metadata")
    if isinstance(metadata, dict) and metadata.get("annotations"):
        return {"op": "add", "path": f"/metadata/annotations/{VALIDATED}", "value": "true"}
    return {"op": "add", "path": "/metadata/annotations", "value": {VALIDATED: "true"}}
