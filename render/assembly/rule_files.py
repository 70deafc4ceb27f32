"""The rule files of a Prometheus: their names, their texts, and what is said about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import xxhash

from render.findings import Finding, Rejection, Report
from render.generation import rules
from render.generation.prometheus import server

if TYPE_CHECKING:
    from render.generation.prometheus.server import Server
    from render.objects.index import Object


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """Rule files by name, and findings about the PrometheusRules that they come from."""

    files: dict[str, str]
    findings: list[Finding]


def rule_files(this: Server, chosen: list[Object[Any]]) -> RuleFiles:
    """The rule files of the selected PrometheusRules; one that is refused is a finding and stops no other."""
    report = Report()
    that = replace(this, report=report)
    files: dict[str, str] = {}
    for name, rule in zip(file_names(chosen, report), chosen, strict=True):
        try:
            files[name] = rules.rule_file(rule, server.dialect(that, rule), that.scope_of(rule.key))
        except Rejection as rejection:
            report.rejected(rule.key, rejection)
    return RuleFiles(files, report.findings)


def file_names(rules: list[Object[Any]], report: Report) -> list[str]:
    """A file name for each PrometheusRule: `<namespace>-<name>-<uid>.yaml`.

    An object without a UID has a name without one. Two objects that would share a name both get eight digits of a
    hash instead, and a warning.
    """
    names = [_name(rule) for rule in rules]
    count = Counter(names)
    for number, (rule, name) in enumerate(zip(rules, names, strict=True)):
        if count[name] > 1:
            digest = xxhash.xxh64_hexdigest(f"{rule.key.namespace}/{rule.key.name}".encode())[:8]
            names[number] = f"{rule.key.namespace}-{rule.key.name}-{digest}.yaml"
            report.warning(
                "rule-file-name-shared",
                f"another PrometheusRule would have the file {name}, too; this one is written to {names[number]}",
                rule.key,
                hint="rename one of the two",
            )
    return names


def _name(rule: Object[Any]) -> str:
    uid = rule.value.metadata.uid
    return f"{rule.key.namespace}-{rule.key.name}-{uid}.yaml" if uid else f"{rule.key.namespace}-{rule.key.name}.yaml"
