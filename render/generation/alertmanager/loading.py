"""Whether Alertmanager itself would load what is written, by the reader of its version; the operator does not ask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from render import versions
from render.findings import Rejection
from render.generation.alertmanager import global_settings
from render.generation.alertmanager.configuration import BY_KEY, CONFIGURATION
from render.generation.alertmanager.shape import moved
from render.generation.scope import camel_case
from render.golang.matchers import MatcherError, parse_matchers
from render.golang.names import is_label_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from render.generation.fields import Block
    from render.versions import Version

UTF8_SINCE = versions.parse("0.27.0")
"""Older servers take only letters, digits and underscores in names of labels."""
UTF8_EQUAL_SINCE = versions.parse("0.28.0")
"""The labels that an inhibition rule compares came later."""

_LIST = re.compile(r"^(receivers\[\d+\]\.)(\w+_configs)")
_MATCHERS = {"source_matchers": "sourceMatch", "target_matchers": "targetMatch"}


def check(part: Block, settings: Block, version: Version) -> None:
    """A configuration, or what is added to one with the global `settings`, passes the server's reader.

    Raises Rejection, its field a path in the file.
    """
    for key, value in part.items():
        try:
            CONFIGURATION.by_key[key].kind.decode(value)
        except Rejection as rejection:
            raise moved(rejection, key) from None
    for number, receiver in enumerate(part.get("receivers") or ()):
        global_settings.check_fallbacks(receiver, settings, f"receivers[{number}]")
    if version < UTF8_SINCE and part.get("route"):
        _check_route(part["route"], "route")
    for number, rule in enumerate(part.get("inhibit_rules") or ()):
        _check_rule(rule, version, f"inhibit_rules[{number}]")


def _check_route(route: Block, place: str) -> None:
    _check_lines(route.get("matchers") or (), f"{place}.matchers")
    for label in route.get("group_by") or ():
        if label != "...":
            _check_label(label, f"{place}.group_by", UTF8_SINCE)
    for number, child in enumerate(route.get("routes") or ()):
        _check_route(child, f"{place}.routes[{number}]")


def _check_rule(rule: Block, version: Version, place: str) -> None:
    if version < UTF8_SINCE:
        for key in _MATCHERS:
            _check_lines(rule.get(key) or (), f"{place}.{key}")
    if version < UTF8_EQUAL_SINCE:
        for label in rule.get("equal") or ():
            _check_label(label, f"{place}.equal", UTF8_EQUAL_SINCE)


def _check_lines(lines: Iterable[str], place: str) -> None:
    for number, line in enumerate(lines):
        try:
            parse_matchers(line, utf8=False)
        except MatcherError:
            message = f"is a matcher that servers below {UTF8_SINCE} cannot read"
            raise Rejection(message, f"{place}[{number}]", hint="raise spec.version, or rename the label") from None


def _check_label(label: str, place: str, since: Version) -> None:
    if not is_label_name(label, utf8=False):
        message = f"{label!r} is no label name for servers below {since}"
        raise Rejection(message, place, hint="raise spec.version, or rename the label")


def place_in_spec(place: str) -> str:
    """Where in an AlertmanagerConfig a part of the file that it adds comes from: `route` in `spec.route`.

    Goes no deeper than an entry of a receiver.
    """
    found = _LIST.match(place)
    if found:
        entry = place.removeprefix(found[0]).partition(".")[0]
        return f"spec.{found[1]}{BY_KEY[found[2]].attribute}{entry}"
    for key, attribute in _MATCHERS.items():
        place = place.replace(key, attribute)
    return ".".join(("spec", *map(camel_case, place.split("."))))
