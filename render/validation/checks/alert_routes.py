"""Routes and receivers of AlertmanagerConfigs: alerts that go nowhere, and what no alert reaches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from render.findings import Finding, Severity
from render.validation.check import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.findings import ObjectKey
    from render.objects.index import Object
    from render.validation.tree import Tree

NOWHERE = check(
    Severity.WARNING,
    "receiver-empty",
    "A route to a receiver that tells nobody",
    description="""A route leads to a receiver without integrations: nobody is told of its alerts. A receiver of
        that purpose is fine when its name says so (null, none, void, drop, blackhole, devnull, silent, ignore,
        noop).""",
    fix="Add an integration to the receiver, or name it null if its alerts shall go nowhere.",
    example="""
        apiVersion: monitoring.coreos.com/v1alpha1
        kind: AlertmanagerConfig
        metadata: {name: shop, namespace: web}
        spec:
          route: {receiver: shop}
          receivers: [{name: shop}]
        """,
)
UNUSED = check(
    Severity.WARNING,
    "receiver-unused",
    "A receiver that no route leads to",
    description="No route of the AlertmanagerConfig names this receiver, so it is never told of an alert.",
    fix="Let a route lead to it, or remove it.",
    example="""
        apiVersion: monitoring.coreos.com/v1alpha1
        kind: AlertmanagerConfig
        metadata: {name: shop, namespace: web}
        spec:
          route: {receiver: shop}
          receivers:
          - {name: shop, webhookConfigs: [{url: "https://example.com/"}]}
          - {name: night, webhookConfigs: [{url: "https://example.com/night"}]}
        """,
)
UNREACHABLE = check(
    Severity.WARNING,
    "route-unreachable",
    "A route that no alert reaches",
    description="""A route before it has no matchers, so it takes every alert, and no `continue: true`, so none
        goes on to the routes after it.""",
    fix="Give the earlier route matchers or `continue: true`, or move it to the end.",
    example="""
        apiVersion: monitoring.coreos.com/v1alpha1
        kind: AlertmanagerConfig
        metadata: {name: shop, namespace: web}
        spec:
          route:
            receiver: shop
            routes:
            - {receiver: shop}
            - {receiver: night, matchers: [{name: severity, value: critical, matchType: "="}]}
          receivers:
          - {name: shop, webhookConfigs: [{url: "https://example.com/"}]}
          - {name: night, webhookConfigs: [{url: "https://example.com/night"}]}
        """,
)
INTERVAL = check(
    Severity.WARNING,
    "time-interval-unused",
    "A time interval that no route names",
    description="The AlertmanagerConfig defines a time interval, and none of its routes mutes or activates by it.",
    fix="Name it in muteTimeIntervals or activeTimeIntervals of a route, or remove it.",
    example="""
        apiVersion: monitoring.coreos.com/v1alpha1
        kind: AlertmanagerConfig
        metadata: {name: shop, namespace: web}
        spec:
          route: {receiver: shop}
          receivers: [{name: shop, webhookConfigs: [{url: "https://example.com/"}]}]
          muteTimeIntervals: [{name: weekend, timeIntervals: [{weekdays: [saturday]}]}]
        """,
)
CHECKS = (NOWHERE, UNUSED, UNREACHABLE, INTERVAL)

_MEANT = re.compile(
    r"null|none|void|nowhere|noop|drop|discard|black.?hole|dev.?null|silen|mute|ignore|empty", re.IGNORECASE
)
_INTERVALS = ("muteTimeIntervals", "timeIntervals")
_USES = ("muteTimeIntervals", "activeTimeIntervals")

Route = dict[str, Any]


def find(tree: Tree) -> Iterator[Finding]:
    """What is wrong with the routes of the tree's AlertmanagerConfigs."""
    for config in tree.objects.of_kind("AlertmanagerConfig"):
        yield from _of_config(config)


def _of_config(config: Object[Any]) -> Iterator[Finding]:
    spec = config.value.spec
    root = msgspec.to_builtins(spec.route) if spec.route is not None else {}
    routes = list(_routes(root, "spec.route"))
    used = {route.get("receiver"): f"{field}.receiver" for route, field in reversed(routes)}
    for number, receiver in enumerate(spec.receivers or ()):
        field = f"spec.receivers[{number}]"
        if receiver.name not in used:
            yield UNUSED.finding(config.key, f"no route leads to the receiver {receiver.name!r}", field=field)
        elif not _integrations(receiver) and not _MEANT.search(receiver.name):
            message = f"{used[receiver.name]} leads to the receiver {receiver.name!r}, which tells nobody"
            yield NOWHERE.finding(config.key, message, field=field, hint="add an integration, or name it null")
    for route, field in routes:
        yield from _unreachable(route, field, config.key)
    named = {name for route, _ in routes for attribute in _USES for name in route.get(attribute) or ()}
    for attribute in _INTERVALS:
        for number, interval in enumerate(getattr(spec, attribute, None) or ()):
            if interval.name not in named:
                message = f"no route names the time interval {interval.name!r}"
                yield INTERVAL.finding(config.key, message, field=f"spec.{attribute}[{number}]")


def _routes(route: Route, field: str) -> Iterator[tuple[Route, str]]:
    """A route and all below it, each with its path; what is no route is for rendering to tell."""
    yield route, field
    for number, child in enumerate(_children(route)):
        if isinstance(child, dict):
            yield from _routes(child, f"{field}.routes[{number}]")


def _children(route: Route) -> list[Any]:
    children = route.get("routes")
    return children if isinstance(children, list) else []


def _unreachable(route: Route, field: str, key: ObjectKey) -> Iterator[Finding]:
    taken = None
    for number, child in enumerate(_children(route)):
        if taken is not None:
            message = f"no alert gets here: {field}.routes[{taken}] takes all of them"
            yield UNREACHABLE.finding(key, message, field=f"{field}.routes[{number}]")
        elif isinstance(child, dict) and not child.get("matchers") and not child.get("continue"):
            taken = number


def _integrations(receiver: Any) -> list[Any]:  # noqa: ANN401 - a receiver of either version
    return [one for name in receiver.__struct_fields__ if name != "name" for one in getattr(receiver, name) or ()]
