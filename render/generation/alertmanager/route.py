"""Routes: which alerts go to which receiver, how they are grouped, and when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from render.api.alertmanager_config_v1alpha1 import Route
from render.findings import Rejection
from render.generation.alertmanager import matching
from render.generation.alertmanager.kinds import FLAG, TEXT, TEXTS, blocks
from render.generation.alertmanager.matching import EQUALITIES, MATCHERS, REGEXES
from render.generation.alertmanager.shape import Field, Kind, Shape, below, prune
from render.golang import durations

if TYPE_CHECKING:
    from collections.abc import Collection

    from render.generation.fields import Block
    from render.generation.scope import Scope

GROUP_BY_ALL = "..."
INTERVALS = ("mute_time_intervals", "active_time_intervals")
_PERIODS = ("group_wait", "group_interval", "repeat_interval")


def _interval(raw: Any) -> str:  # noqa: ANN401 - what the user wrote
    text = TEXT.decode(raw)
    _nanoseconds(text)
    return str(text)


def _nanoseconds(text: str, place: str = "") -> int:
    try:
        return durations.parse_duration(text)
    except ValueError:
        raise Rejection("is no duration", place, hint="write one such as 5m") from None


def _load(route: Block) -> None:
    _check_group_by(route.get("group_by") or [], "group_by")
    if "" in (route.get("group_by") or ()):
        raise Rejection("an empty text is no label name", "group_by")
    for key in _PERIODS[1:]:
        if route.get(key) and durations.parse_duration(route[key]) == 0:
            raise Rejection("must not be zero", key)


def _check_group_by(labels: Collection[str], field: str) -> None:
    if len(set(labels)) != len(labels):
        raise Rejection("a label stands twice", field, hint="keep one of them")
    if GROUP_BY_ALL in labels and len(labels) > 1:
        raise Rejection(f"{GROUP_BY_ALL} excludes other labels", field, hint=f"write {GROUP_BY_ALL} alone")


def _rules(route: Block, scope: Scope) -> None:
    for key in _PERIODS:
        text = route.get(key)
        if text and _nanoseconds(text, key) == 0 and key != "group_wait":
            del route[key]
    for number, child in enumerate(route.get("routes") or ()):
        prune(ROUTE, child, scope, f"routes[{number}]")


_INTERVAL = Kind(_interval)
ROUTE: Shape = Shape(
    (
        Field("receiver", TEXT),
        Field("group_by", TEXTS),
        Field("match", EQUALITIES),
        Field("match_re", REGEXES),
        Field("matchers", MATCHERS, needs=matching.MATCHERS_SINCE),
        Field("continue", FLAG),
        Field("routes", blocks(lambda: ROUTE)),
        Field("group_wait", _INTERVAL),
        Field("group_interval", _INTERVAL),
        Field("repeat_interval", _INTERVAL),
        Field("mute_time_intervals", TEXTS, since="0.22.0"),
        Field("active_time_intervals", TEXTS, since="0.24.0"),
    ),
    load=_load,
    rules=_rules,
)


def check_root(route: Block | None, field: str) -> None:
    """The root of all routes takes every alert, at any time. Raises Rejection."""
    if route is None:
        raise Rejection("a route is needed", field, hint="write a route with a receiver")
    if route.get("continue"):
        raise Rejection("is not for the root route", below(field, "continue"))
    if not route.get("receiver"):
        raise Rejection("is needed", below(field, "receiver"), hint="name the receiver for what no other route takes")
    for key in ("matchers", "match", "match_re", *INTERVALS):
        if route.get(key):
            raise Rejection("is not for the root route", below(field, key), hint="move it to a route below")


def check_names(route: Block, receivers: Collection[str], intervals: Collection[str], field: str) -> None:
    """Receivers and time intervals that a route and those below it name exist. Raises Rejection."""
    for number, child in enumerate(route.get("routes") or ()):
        check_names(child, receivers, intervals, f"{field}.routes[{number}]")
    if route.get("receiver") and route["receiver"] not in receivers:
        raise Rejection(f"there is no receiver {route['receiver']!r}", f"{field}.receiver")
    for key in INTERVALS:
        for name in route.get(key) or ():
            if name not in intervals:
                raise Rejection(f"there is no time interval {name!r}", f"{field}.{key}")


# Routes of an AlertmanagerConfig.

_DURATION = re.compile(
    r"0|(?:[0-9]+y)?(?:[0-9]+w)?(?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?(?:[0-9]+ms)?", re.ASCII
)


def read(route: Route, field: str) -> Route:
    """A route with the routes below it as routes, which the API's schema leaves open. Raises Rejection."""
    if not route.routes:
        return route
    children = [_child(raw, f"{field}.routes[{number}]") for number, raw in enumerate(route.routes)]
    return msgspec.structs.replace(route, routes=children)


def _child(raw: Any, field: str) -> Route:  # noqa: ANN401 - any JSON
    try:
        return read(msgspec.convert(raw, Route), field)
    except msgspec.ValidationError as error:
        raise Rejection(str(error), field, hint="compare it with the fields of a route") from None


def validate(route: Route, receivers: Collection[str], intervals: Collection[str], field: str, *, root: bool) -> None:
    """A route of an AlertmanagerConfig, from `read`, and those below it. Raises Rejection."""
    if not route.receiver and root:
        raise Rejection("is needed", f"{field}.receiver", hint="name a receiver of this object")
    if route.receiver and route.receiver not in receivers:
        message = f"there is no receiver {route.receiver!r}"
        raise Rejection(message, f"{field}.receiver", hint="add it to spec.receivers")
    _check_group_by(route.groupBy or [], f"{field}.groupBy")
    for attribute in ("muteTimeIntervals", "activeTimeIntervals"):
        for name in getattr(route, attribute) or ():
            if name not in intervals:
                raise Rejection(f"there is no time interval {name!r}", f"{field}.{attribute}")
    for attribute in ("groupInterval", "groupWait", "repeatInterval"):
        text = getattr(route, attribute)
        if text and not _DURATION.fullmatch(text):
            raise Rejection("is no duration", f"{field}.{attribute}", hint="write one such as 5m")
    matching.validate(route.matchers or (), f"{field}.matchers")
    for number, child in enumerate(route.routes or ()):
        validate(child, receivers, intervals, f"{field}.routes[{number}]", root=False)


def check(route: Route, scope: Scope, field: str) -> None:
    """What an old server does not know. Raises Rejection."""
    matching.check_version(route.matchers or (), scope, f"{field}.matchers")
    for number, child in enumerate(route.routes or ()):
        check(child, scope, f"{field}.routes[{number}]")


def generate(route: Route, scope: Scope, prefix: str) -> Block:
    """A valid route for the file, with those below it; names get the prefix, `namespace/name/`."""
    block: Block = {
        "receiver": f"{prefix}{route.receiver}" if route.receiver else "",
        "group_by": route.groupBy,
        "continue": route.continue_,
        "routes": [generate(child, scope, prefix) for child in route.routes or ()],
        "group_wait": route.groupWait or None,
        "group_interval": route.groupInterval or None,
        "repeat_interval": route.repeatInterval or None,
        "mute_time_intervals": _prefixed(route.muteTimeIntervals, prefix),
        "active_time_intervals": _prefixed(route.activeTimeIntervals, prefix),
    }
    matching.add(block, route.matchers or (), scope)
    return block


def _prefixed(names: list[str] | None, prefix: str) -> list[str]:
    return [f"{prefix}{name}" if name else "" for name in names or ()]


def bind(route: Block, namespace: str, scope: Scope) -> None:
    """Let a route take only alerts of one namespace."""
    if scope.at_least(matching.MATCHERS_SINCE):
        route.setdefault("matchers", []).append(matching.matcher_text("namespace", "=", namespace))
    else:
        route.setdefault("match", {})["namespace"] = namespace
