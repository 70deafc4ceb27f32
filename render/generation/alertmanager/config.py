"""AlertmanagerConfig: what one object adds to the configuration, and what makes the operator reject it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.alertmanager import inhibition, route, time_intervals
from render.generation.alertmanager.receivers import CHECKED, integration
from render.generation.alertmanager.shape import require

if TYPE_CHECKING:
    from render.api.alertmanager_config_v1alpha1 import AlertmanagerConfigSpec, Receiver, Route
    from render.api.selectors import LabelSelector
    from render.generation.alertmanager.server import Server
    from render.generation.fields import Block
    from render.generation.scope import Scope
    from render.objects.index import Object

KIND = "AlertmanagerConfig"


def selectors(server: Server) -> tuple[LabelSelector | None, LabelSelector | None]:
    """The selectors of labels and namespaces."""
    return server.spec.alertmanagerConfigSelector, server.spec.alertmanagerConfigNamespaceSelector


def validate(spec: AlertmanagerConfigSpec) -> Route | None:
    """The rules that need neither references nor a version; the admission webhook has the same. Raises Rejection.

    Gives the route with those below it as routes.
    """
    names: set[str] = set()
    for number, receiver in enumerate(spec.receivers or ()):
        if receiver.name in names:
            message = f"the name {receiver.name!r} stands twice"
            raise Rejection(message, f"spec.receivers[{number}].name", hint="rename one of the two")
        names.add(receiver.name)
        for kind in CHECKED:
            for index, entry in enumerate(getattr(receiver, kind.attribute) or ()):
                integration.validate(kind, entry, f"spec.receivers[{number}].{kind.attribute}[{index}]")
    intervals: set[str] = set()
    for number, interval in enumerate(spec.muteTimeIntervals or ()):
        time_intervals.validate(interval, f"spec.muteTimeIntervals[{number}]")
        intervals.add(interval.name)
    if spec.route is None:
        return None
    root = route.read(spec.route, "spec.route")
    route.validate(root, names, intervals, "spec.route", root=True)
    return root


def generate(found: Object[Any], spec: AlertmanagerConfigSpec, server: Server) -> Block:
    """What an object adds: a route, receivers, inhibition rules and time intervals, under prefixed names.

    Nothing of it is bound to the namespace yet. Raises Rejection when the operator would reject the object. TLS assets
    are kept up to where that happens, as in the operator.
    """
    root = validate(spec)
    scope = server.scope_of(found.key)
    prefix = f"{found.key.namespace}/{found.key.name}/"
    receivers = [
        _receiver(receiver, scope, prefix, f"spec.receivers[{number}]")
        for number, receiver in enumerate(spec.receivers or ())
    ]
    if root is not None:
        route.check(root, scope, "spec.route")
    for number, rule in enumerate(spec.inhibitRules or ()):
        inhibition.check(rule, scope, f"spec.inhibitRules[{number}]")
    added: Block = {"inhibit_rules": [inhibition.generate(rule, scope) for rule in spec.inhibitRules or ()]}
    if root is not None:
        added["route"] = route.generate(root, scope, prefix)
        added["receivers"] = receivers
        added["mute_time_intervals"] = _intervals(spec, prefix, server)
    return added


def _receiver(receiver: Receiver, scope: Scope, prefix: str, field: str) -> Block:
    block: Block = {"name": f"{prefix}{receiver.name}"}
    for kind in CHECKED:
        entries = getattr(receiver, kind.attribute) or ()
        if entries and kind.since:
            require(scope, kind.since, f"{field}.{kind.attribute}")
        if entries:
            block[kind.key] = [
                integration.generate(kind, entry, scope, f"{field}.{kind.attribute}[{index}]")
                for index, entry in enumerate(entries)
            ]
    return block


def _intervals(spec: AlertmanagerConfigSpec, prefix: str, server: Server) -> list[Block]:
    """The time intervals; the operator forgets the name of one without periods, and so spoils the configuration."""
    return [
        time_intervals.generate(
            interval,
            "" if server.options.reference_faults and not interval.timeIntervals else f"{prefix}{interval.name}",
        )
        for interval in spec.muteTimeIntervals or ()
    ]


def bind(added: Block, namespace: str, scope: Scope) -> None:
    """Let what an object adds see only alerts of its namespace."""
    for rule in added["inhibit_rules"]:
        inhibition.bind(rule, namespace, scope)
    if "route" in added:
        route.bind(added["route"], namespace, scope)
