"""Inhibition rules: alerts that silence other alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.findings import Rejection
from render.generation.alertmanager import matching
from render.generation.alertmanager.kinds import TEXTS
from render.generation.alertmanager.matching import EQUALITIES, MATCHERS, REGEXES
from render.generation.alertmanager.shape import Field, Shape, require

if TYPE_CHECKING:
    from render.api.alertmanager_config_v1alpha1 import InhibitRule
    from render.generation.fields import Block
    from render.generation.scope import Scope


def _load(rule: Block) -> None:
    if "" in (rule.get("equal") or ()):
        raise Rejection("an empty text is no label name", "equal")


def _rules(rule: Block, scope: Scope) -> None:
    for key in ("target_matchers", "source_matchers"):
        if rule.get(key):
            require(scope, matching.MATCHERS_SINCE, key)


INHIBIT_RULE = Shape(
    (
        Field("target_match", EQUALITIES),
        Field("target_match_re", REGEXES),
        Field("target_matchers", MATCHERS),
        Field("source_match", EQUALITIES),
        Field("source_match_re", REGEXES),
        Field("source_matchers", MATCHERS),
        Field("equal", TEXTS),
    ),
    load=_load,
    rules=_rules,
)


def check(rule: InhibitRule, scope: Scope, field: str) -> None:
    """A rule of an AlertmanagerConfig. Raises Rejection."""
    for attribute in ("targetMatch", "sourceMatch"):
        matchers = getattr(rule, attribute) or ()
        if scope.at_least(matching.MATCHERS_SINCE):
            matching.validate(matchers, f"{field}.{attribute}")
        else:
            matching.check_version(matchers, scope, f"{field}.{attribute}")


def generate(rule: InhibitRule, scope: Scope) -> Block:
    """A rule for the file, not yet bound to a namespace."""
    block: Block = {"equal": rule.equal or []}
    matching.add(block, rule.sourceMatch or (), scope, "source_")
    matching.add(block, rule.targetMatch or (), scope, "target_")
    return block


def bind(rule: Block, namespace: str, scope: Scope) -> None:
    """Let a rule see only alerts of one namespace."""
    for side in ("source", "target"):
        equalities = rule.setdefault(f"{side}_match", {})
        rule.get(f"{side}_match_re", {}).pop("namespace", None)
        if not scope.at_least(matching.MATCHERS_SINCE):
            equalities["namespace"] = namespace
            continue
        equalities.pop("namespace", None)
        wanted = matching.matcher_text("namespace", "=", namespace)
        lines = rule.setdefault(f"{side}_matchers", [])
        if matching.without_spaces(wanted) not in map(matching.without_spaces, lines):
            lines.append(wanted)
