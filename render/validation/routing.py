"""The routing of alerts as the checks see it, whether an AlertmanagerConfig or an Alertmanager's own file says it.

What is malformed is passed over, since rendering tells it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from render.findings import Rejection, Report
from render.generation.alertmanager import base
from render.generation.alertmanager.server import open_server
from render.golang.matchers import Matcher, MatcherError, parse_matchers
from render.sources import kyaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from render.findings import Finding, ObjectKey
    from render.generation.alertmanager.server import Server
    from render.objects.index import Object
    from render.validation.check import Check
    from render.validation.tree import Tree

KIND = "AlertmanagerConfig"


class Named(NamedTuple):
    """A receiver or a time interval: its name and place, and how many integrations it has."""

    name: str
    place: str
    integrations: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """A route with those below it; `goes_on` is its `continue`."""

    place: str
    receiver: str
    matchers: tuple[Matcher, ...]
    goes_on: bool
    intervals: frozenset[str]
    routes: tuple[Route, ...]

    def walk(self) -> Iterator[Route]:
        """The route and all below it."""
        yield self
        for route in self.routes:
            yield from route.walk()


@dataclass(frozen=True, slots=True)
class Routing:
    """A tree of routes with what it can name.

    `inherited` are the matchers that the operator adds at the top. `entry`: the field of a Secret that holds all of it
    as text; empty where each part has a field of its own.
    """

    key: ObjectKey
    route: Route | None
    receivers: tuple[Named, ...]
    intervals: tuple[Named, ...]
    inherited: tuple[Matcher, ...] = ()
    entry: str = ""

    def finding(self, check: Check, place: str, message: str, hint: str = "") -> Finding:
        """What a check says about a part."""
        if self.entry:
            return check.finding(self.key, f"{place}: {message}", field=self.entry, hint=hint)
        return check.finding(self.key, message, field=place, hint=hint)


def routings(tree: Tree) -> Iterator[Routing]:
    """Those of the AlertmanagerConfigs, and of the Secrets that Alertmanagers start from."""
    servers = [server for one in tree.objects.of_kind("Alertmanager") if (server := _server(one, tree)) is not None]
    for config in tree.objects.of_kind(KIND):
        yield _of_config(config, _inherited(config, servers, tree))
    secrets = {
        (server.key.namespace, base.secret_name(server)): None
        for server in servers
        if server.spec.alertmanagerConfiguration is None
    }
    for namespace, name in secrets:
        yield from _of_secret(namespace, name, tree)


def _server(one: Object[Any], tree: Tree) -> Server | None:
    try:
        return open_server(one, tree.objects, tree.options, Report())
    except Rejection:
        return None


def _inherited(config: Object[Any], servers: list[Server], tree: Tree) -> tuple[Matcher, ...]:
    """The operator's own matcher, where every Alertmanager that takes the object gets it with that."""
    namespace = config.key.namespace
    takers = {server.key for server, chosen in tree.selected[KIND] if any(one is config for one in chosen)}
    named = any(
        own is not None and (server.key.namespace, own.name) == (namespace, config.key.name)
        for server in servers
        if (own := server.spec.alertmanagerConfiguration) is not None
    )
    bound = [server.binds(namespace) for server in servers if server.key in takers]
    return (Matcher("namespace", "=", namespace),) if bound and all(bound) and not named else ()


def _of_config(config: Object[Any], inherited: tuple[Matcher, ...]) -> Routing:
    spec = config.value.spec
    route = _route(msgspec.to_builtins(spec.route), "spec.route", _CAMEL) if spec.route is not None else None
    receivers = tuple(
        Named(one.name, f"spec.receivers[{number}]", _integrations(msgspec.to_builtins(one)))
        for number, one in enumerate(spec.receivers or ())
    )
    intervals = tuple(
        Named(one.name, f"spec.{attribute}[{number}]")
        for attribute in ("muteTimeIntervals", "timeIntervals")
        for number, one in enumerate(getattr(spec, attribute, None) or ())
    )
    return Routing(config.key, route, receivers, intervals, inherited)


def _of_secret(namespace: str, name: str, tree: Tree) -> Iterator[Routing]:
    payload = tree.objects.secrets.get((namespace, name))
    try:
        raw = kyaml.load_go(payload.get(base.ENTRY) or b"") if payload is not None else None
    except ValueError:
        return
    if payload is None or not isinstance(raw, dict):
        return
    receivers = tuple(
        Named(one["name"], f"receivers[{number}]", _integrations(one)) for number, one in _named(raw, "receivers")
    )
    intervals = tuple(
        Named(one["name"], f"{key}[{number}]")
        for key in ("mute_time_intervals", "time_intervals")
        for number, one in _named(raw, key)
    )
    field = "stringData" if base.ENTRY in payload.plain else "data"
    entry = f'{field}["{base.ENTRY}"]'
    yield Routing(payload.key, _route(raw.get("route"), "route", _SNAKE), receivers, intervals, entry=entry)


def _named(raw: dict[str, Any], key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, one in enumerate(_entries(raw.get(key))):
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            yield number, one


def _integrations(receiver: dict[str, Any]) -> int:
    return sum(len(entries) for entries in receiver.values() if isinstance(entries, list))


_CAMEL = ("muteTimeIntervals", "activeTimeIntervals")
_SNAKE = ("mute_time_intervals", "active_time_intervals")


def _route(raw: Any, place: str, uses: Iterable[str]) -> Route | None:  # noqa: ANN401 - what the user wrote
    """A route in either spelling; `uses` are the keys that name time intervals."""
    if not isinstance(raw, dict):
        return None
    try:
        matchers = tuple(_matchers(raw))
    except MatcherError:
        return None
    below = (
        _route(child, f"{place}.routes[{number}]", uses) for number, child in enumerate(_entries(raw.get("routes")))
    )
    return Route(
        place,
        str(raw.get("receiver") or ""),
        matchers,
        bool(raw.get("continue")),
        frozenset(str(name) for key in uses for name in _entries(raw.get(key))),
        tuple(route for route in below if route is not None),
    )


def _matchers(raw: dict[str, Any]) -> Iterator[Matcher]:
    for key, operator in (("match", "="), ("match_re", "=~")):
        given = raw.get(key)
        for name, value in given.items() if isinstance(given, dict) else ():
            yield Matcher(str(name), operator, str(value or ""))
    for matcher in _entries(raw.get("matchers")):
        if isinstance(matcher, str):
            yield from parse_matchers(matcher)
        elif isinstance(matcher, dict):
            operator = matcher.get("matchType") or ("=~" if matcher.get("regex") else "=")
            yield Matcher(str(matcher.get("name")), str(operator), str(matcher.get("value") or ""))


def _entries(value: Any) -> list[Any]:  # noqa: ANN401 - what the user wrote
    return value if isinstance(value, list) else []
