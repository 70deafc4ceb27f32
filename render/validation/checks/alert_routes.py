"""Alerts that go nowhere, and routes and receivers that no alert reaches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from render.findings import Severity
from render.golang.re2 import compile_regex
from render.validation.check import check
from render.validation.routing import routings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from render.findings import Finding
    from render.golang.matchers import Matcher
    from render.validation.routing import Route, Routing
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
    description="""No route of the AlertmanagerConfig, or of the file in the Alertmanager's Secret, names this
        receiver, so it is never told of an alert.""",
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
    description="""A route before it, beside it and without `continue: true`, takes every alert that this one
        matches: it has no matchers, or the same ones, or fewer. Or the matchers of this route and of those above
        it exclude each other; that of its namespace, which the operator adds to an AlertmanagerConfig, is one.""",
    fix="Give the earlier route more matchers or `continue: true`, move it to the end, or correct the matchers.",
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
    description="""The AlertmanagerConfig or the Alertmanager's own file defines a time interval, and none of its
        routes mutes or activates by it.""",
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
NOBODY = check(
    Severity.INFO,
    "nobody-told",
    "An Alertmanager's own file that tells nobody",
    description="""No receiver of the file in the Alertmanager's Secret has an integration, as in a file that is
        still to be filled in, or one beside AlertmanagerConfigs: alerts that only this file routes reach nobody.""",
    fix="Add integrations to the receivers, or use AlertmanagerConfigs and leave it: it is a notice.",
    example="""
        apiVersion: monitoring.coreos.com/v1
        kind: Alertmanager
        metadata: {name: main, namespace: web}
        spec: {}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: alertmanager-main, namespace: web}
        stringData:
          alertmanager.yaml: |
            route: {receiver: default}
            receivers: [{name: default}]
        """,
)
CHECKS = (NOWHERE, UNUSED, UNREACHABLE, INTERVAL, NOBODY)

_MEANT = re.compile(
    r"null|none|void|nowhere|noop|drop|discard|black.?hole|dev.?null|silen|mute|ignore|empty", re.IGNORECASE
)


def find(tree: Tree) -> Iterator[Finding]:
    """What is wrong with the routes of the tree's AlertmanagerConfigs and Alertmanagers."""
    for routing in routings(tree):
        if routing.route is not None:
            yield from _unused(routing, list(routing.route.walk()))
            yield from _empty(routing, list(routing.route.walk()))
            yield from _unreachable(routing.route, routing.inherited, routing)


def _unused(routing: Routing, routes: list[Route]) -> Iterator[Finding]:
    used = {route.receiver for route in routes}
    for receiver in routing.receivers:
        if receiver.name not in used:
            yield routing.finding(UNUSED, receiver.place, f"no route leads to the receiver {receiver.name!r}")
    named = {name for route in routes for name in route.intervals}
    for interval in routing.intervals:
        if interval.name not in named:
            yield routing.finding(INTERVAL, interval.place, f"no route names the time interval {interval.name!r}")


def _empty(routing: Routing, routes: list[Route]) -> Iterator[Finding]:
    if routing.entry and not any(receiver.integrations for receiver in routing.receivers):
        message = "no receiver has an integration: whoever this file alone serves is told of no alert"
        yield routing.finding(NOBODY, "receivers", message, hint="add integrations, or use AlertmanagerConfigs")
        return
    leading = {route.receiver: route.place for route in reversed(routes)}
    for receiver in routing.receivers:
        if receiver.name in leading and not receiver.integrations and not _MEANT.search(receiver.name):
            message = f"{leading[receiver.name]} leads to the receiver {receiver.name!r}, which tells nobody"
            yield routing.finding(NOWHERE, receiver.place, message, hint="add an integration, or name it null")


def _unreachable(route: Route, above: tuple[Matcher, ...], routing: Routing) -> Iterator[Finding]:
    """The routes that no alert can reach; `above` are the matchers of the alerts that get here."""
    given = (*above, *route.matchers)
    label = next((one.name for one in given if any(_holds(one, other) is False for other in given)), None)
    if label is not None:
        message = f"no alert gets here: its matchers and those above it exclude each other at the label {label!r}"
        hint = "correct a matcher, or move the route"
        if label in {one.name for one in routing.inherited}:
            hint += "; the operator lets an AlertmanagerConfig see alerts of its own namespace alone"
        yield routing.finding(UNREACHABLE, route.place, message, hint=hint)
        return
    taken: list[Route] = []
    for child in route.routes:
        before = next((one for one in taken if _implied(one.matchers, (*given, *child.matchers))), None)
        if before is not None:
            what = "all that this one matches" if before.matchers else "all of them"
            message = f"no alert gets here: {before.place} takes {what}"
            yield routing.finding(
                UNREACHABLE, child.place, message, hint="set continue: true there, or move this one up"
            )
            continue
        yield from _unreachable(child, given, routing)
        if not child.goes_on:
            taken.append(child)


def _implied(matchers: Iterable[Matcher], given: tuple[Matcher, ...]) -> bool:
    """Whether every alert that has all of the `given` matchers has these, too."""
    return all(
        (one.operator, one.value) in _ANYTHING or one in given or any(_holds(one, other) is True for other in given)
        for one in matchers
    )


_ANYTHING = frozenset({("=~", ".*"), ("=~", "^.*$")})
"""Operators with values that every label passes."""


def _holds(one: Matcher, other: Matcher) -> bool | None:
    """Whether a label that `other` fixes to a value passes `one`; None where that cannot be told."""
    if other.operator != "=" or one.name != other.name:
        return None
    if one.operator in ("=", "!="):
        return (one.value == other.value) == (one.operator == "=")
    try:
        matches = compile_regex(one.value).fullmatch(other.value.encode()) is not None
    except ValueError:
        return None
    return matches == (one.operator == "=~")
