"""The rule files of a server: which PrometheusRules it selects, their names and texts, and the ConfigMaps of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xxhash

from render.assembly import kubernetes
from render.findings import Finding, Rejection, Report
from render.generation import rules
from render.selection import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from render.assembly.kubernetes import Manifest, Owner
    from render.generation.rules import Dialect
    from render.generation.scope import Scope
    from render.objects.index import Object, Objects
    from render.options import Options

    View = Callable[[Object[Any], Report], tuple[Dialect, Scope]]
    """How a server reads a PrometheusRule, and the rule's own view, which reports to the given report."""


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """Rule files by name, and findings about the PrometheusRules that they come from."""

    files: dict[str, str]
    findings: list[Finding]


def select_rules(
    spec: Any,  # noqa: ANN401 - the spec of any server with rules
    namespace: str,
    objects: Objects,
    options: Options,
    report: Report,
) -> list[Object[Any]]:
    """The PrometheusRules that a server's selectors take. Raises Rejection when a selector is not valid."""
    selectors = (spec.ruleSelector, spec.ruleNamespaceSelector)
    return resources.select("PrometheusRule", selectors, namespace, objects, options, report)


def rule_files(chosen: list[Object[Any]], view: View) -> RuleFiles:
    """The rule files of the selected PrometheusRules; one that is refused is a finding and stops no other."""
    report = Report()
    files: dict[str, str] = {}
    for name, rule in zip(file_names(chosen, report), chosen, strict=True):
        try:
            files[name] = rules.rule_file(rule, *view(rule, report))
        except Rejection as rejection:
            report.rejected(rule.key, rejection)
    return RuleFiles(files, report.findings)


def rule_config_maps(
    prefix: str, made: RuleFiles, owner: Owner, options: Options, labels: Mapping[str, str]
) -> list[Manifest]:
    """The ConfigMaps `<prefix>-rulefiles-<number>` that hold the files, at least one."""
    groups = enumerate(rules.config_maps(made.files))
    return [kubernetes.config_map(f"{prefix}-rulefiles-{n}", owner, options, group, labels) for n, group in groups]


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
