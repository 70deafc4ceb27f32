"""The whole configuration file: its shape, and the rules between its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.alertmanager import global_settings
from render.generation.alertmanager.global_settings import GLOBAL
from render.generation.alertmanager.inhibition import INHIBIT_RULE
from render.generation.alertmanager.kinds import SHOWN_TEXT, SHOWN_TEXTS, block, blocks
from render.generation.alertmanager.receivers import INTEGRATIONS
from render.generation.alertmanager.route import ROUTE, check_names, check_root
from render.generation.alertmanager.shape import Field, Shape, prune, require
from render.generation.alertmanager.time_intervals import INTERVAL

if TYPE_CHECKING:
    from render.generation.alertmanager.receivers.integration import Integration
    from render.generation.fields import Block
    from render.generation.scope import Scope

BY_KEY = {integration.key: integration for integration in INTEGRATIONS}
INTERVAL_LISTS = ("mute_time_intervals", "time_intervals")


def _load_receiver(receiver: Block) -> None:
    if not receiver.get("name"):
        raise Rejection("is needed", "name")


def _receiver_rules(receiver: Block, scope: Scope) -> None:
    for key in receiver.keys() & BY_KEY.keys():
        integration = BY_KEY[key]
        for number, entry in enumerate(receiver[key] or ()):
            place = f"{key}[{number}]"
            if integration.since:
                require(scope, integration.since, place)
            prune(integration.shape, entry, scope, place)


def _entries(integration: Integration) -> Field:
    return Field(integration.key, blocks(lambda: integration.shape))


RECEIVER = Shape((Field("name", SHOWN_TEXT), *map(_entries, INTEGRATIONS)), load=_load_receiver, rules=_receiver_rules)


def _load(configuration: Block) -> None:
    """The rules between the parts, as the server's own reader has them."""
    settings = configuration.get("global") or {}
    receivers = _unique(configuration, ("receivers",))
    for number, receiver in enumerate(configuration.get("receivers") or ()):
        global_settings.check_fallbacks(receiver, settings, f"receivers[{number}]")
    route = configuration.get("route")
    check_root(route, "route")
    check_names(route or {}, receivers, _unique(configuration, INTERVAL_LISTS), "route")


def _unique(configuration: Block, lists: tuple[str, ...]) -> set[str]:
    """The names of the entries of some lists. Raises Rejection when one stands twice."""
    names: set[str] = set()
    for key in lists:
        for number, entry in enumerate(configuration.get(key) or ()):
            name = entry.get("name", "")
            if name in names:
                raise Rejection(f"the name {name!r} stands twice", f"{key}[{number}].name", hint="rename one of them")
            names.add(name)
    return names


CONFIGURATION = Shape(
    (
        Field("global", block(GLOBAL)),
        Field("route", block(ROUTE)),
        Field("inhibit_rules", blocks(lambda: INHIBIT_RULE)),
        Field("receivers", blocks(lambda: RECEIVER)),
        Field("mute_time_intervals", blocks(lambda: INTERVAL), since="0.22.0"),
        Field("time_intervals", blocks(lambda: INTERVAL), since="0.24.0"),
        Field("templates", SHOWN_TEXTS),
    ),
    load=_load,
)

_PARTS = (("receivers", RECEIVER), ("inhibit_rules", INHIBIT_RULE), *((key, INTERVAL) for key in INTERVAL_LISTS))


def prune_all(configuration: Block, scope: Scope, place: str = "") -> None:
    """Remove from a configuration, or from what is added to one, what the server's version does not know.

    Raises Rejection when what is left is nothing that the operator writes.
    """
    prefix = f"{place}." if place else ""
    prune(CONFIGURATION, configuration, scope, place)
    if configuration.get("global") is not None:
        prune(GLOBAL, configuration["global"], scope, f"{prefix}global")
    for key, shape in _PARTS:
        for number, part in enumerate(configuration.get(key) or ()):
            prune(shape, part, scope, f"{prefix}{key}[{number}]")
    if configuration.get("route") is not None:
        prune(ROUTE, configuration["route"], scope, f"{prefix}route")
