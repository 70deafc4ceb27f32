"""AlertmanagerConfig v1alpha1 to v1beta1 and back, as the reference's conversion webhook does it.

The versions differ in the name of the time intervals, in matchers (v1alpha1 also has `regex`) and in single fields that
one of them lacks; those are left out. Child routes, which no schema describes, are converted at every depth.
"""

from __future__ import annotations

from typing import Any

from render.admission.review import CONVERSION, Settings, Unusable, request_of
from render.api import GROUP, KINDS
from render.objects.pruning import prune_nulls, prune_unknown

KIND = "AlertmanagerConfig"
ALPHA, BETA = f"{GROUP}/v1alpha1", f"{GROUP}/v1beta1"
INTERVALS = {ALPHA: "muteTimeIntervals", BETA: "timeIntervals"}
"""What each version calls the named time intervals."""


class Inconvertible(ValueError):  # noqa: N818 - a verdict on an object, not a fault of the program
    """An object has no counterpart in the wanted version; the text says why."""


def convert(review: Any, settings: Settings) -> dict[str, Any]:  # noqa: ANN401 - any value of JSON
    """Answer a ConversionReview: all its objects in the wanted version, or why one has none. Raises Unusable."""
    _ = settings
    request = request_of(review, CONVERSION)
    wanted, objects = request.get("desiredAPIVersion"), request.get("objects")
    if not isinstance(wanted, str) or not isinstance(objects, list):
        raise Unusable("the request has no desiredAPIVersion and objects")
    response: dict[str, Any] = {"uid": request["uid"]}
    try:
        response |= {
            "convertedObjects": [converted(raw, wanted) for raw in objects],
            "result": {"status": "Success"},
        }
    except Inconvertible as error:
        response |= {"convertedObjects": [], "result": {"status": "Failure", "message": str(error)}}
    api_version, kind = CONVERSION
    return {"apiVersion": api_version, "kind": kind, "response": response}


def converted(raw: Any, wanted: str) -> dict[str, Any]:  # noqa: ANN401 - any value of JSON
    """One object in the version `wanted` (as an apiVersion). Raises Inconvertible."""
    if not isinstance(raw, dict):
        raise Inconvertible("an object is no mapping")
    given, kind = raw.get("apiVersion"), raw.get("kind")
    if kind != KIND or not isinstance(given, str) or not {given, wanted} <= INTERVALS.keys():
        raise Inconvertible(f"{given} {kind} has no counterpart in {wanted}: {KIND} has {ALPHA} and {BETA}")
    if given == wanted:
        return raw
    try:
        return {**raw, "apiVersion": wanted, "spec": _spec(_mapping(raw.get("spec"), "spec"), given, wanted)}
    except RecursionError:
        raise Inconvertible("spec.route is nested too deeply") from None


def _spec(raw: dict[str, Any], given: str, wanted: str) -> dict[str, Any]:
    known = prune_unknown(prune_nulls({"spec": raw}), KINDS[given, KIND])["spec"]
    spec = {(INTERVALS[wanted] if key == INTERVALS[given] else key): value for key, value in known.items()}
    if "route" in spec:
        spec["route"] = _route(spec["route"], "spec.route", given)
    for number, rule in enumerate(_entries(spec.get("inhibitRules"), "spec.inhibitRules")):
        place = f"spec.inhibitRules[{number}]"
        for side in ("sourceMatch", "targetMatch"):
            if side in _mapping(rule, place):
                rule[side] = _matchers(rule[side], f"{place}.{side}", given)
    out: dict[str, Any] = _without_empty(prune_unknown({"spec": spec}, KINDS[wanted, KIND])["spec"])
    return out


def _route(raw: Any, place: str, given: str) -> dict[str, Any]:  # noqa: ANN401 - any value of JSON
    route = dict(_mapping(raw, place))
    if "matchers" in route:
        route["matchers"] = _matchers(route["matchers"], f"{place}.matchers", given)
    if "routes" in route:
        children = _entries(route["routes"], f"{place}.routes")
        route["routes"] = [_route(child, f"{place}.routes[{number}]", given) for number, child in enumerate(children)]
    return route


def _matchers(raw: Any, place: str, given: str) -> list[dict[str, Any]]:  # noqa: ANN401 - any value of JSON
    matchers = [_mapping(entry, place) for entry in _entries(raw, place)]
    return [_typed(matcher) for matcher in matchers] if given == ALPHA else matchers


def _typed(raw: dict[str, Any]) -> dict[str, Any]:
    """A matcher whose type says everything: `regex` counts only where there is no type."""
    matcher = {key: value for key, value in raw.items() if key != "regex"}
    if not matcher.get("matchType"):
        matcher["matchType"] = "=~" if raw.get("regex") else "="
    return matcher


def _without_empty(value: Any) -> Any:  # noqa: ANN401 - any value of JSON
    """A copy without empty lists, which say nothing."""
    if isinstance(value, dict):
        return {key: _without_empty(item) for key, item in value.items() if item != []}
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    return value


def _mapping(value: Any, place: str) -> dict[str, Any]:  # noqa: ANN401 - any value of JSON
    if not isinstance(value, dict):
        raise Inconvertible(f"{place} is no mapping")
    return value


def _entries(value: Any, place: str) -> list[Any]:  # noqa: ANN401 - any value of JSON
    if value is None:
        return []
    if not isinstance(value, list):
        raise Inconvertible(f"{place} is no list")
    return value
