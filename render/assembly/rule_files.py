"""Names of rule files."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import xxhash

from render.findings import Report

if TYPE_CHECKING:
    from render.objects.index import Object


def file_names(rules: list[Object[Any]], report: Report) -> list[str]:
    """A file name for each PrometheusRule: `<namespace>-<name>-<uid>.yaml`, without the UID when the object carries none.

    Two objects that would share a name both get eight digits of a hash instead, and a warning.
    """
    names = [_name(rule) for rule in rules]
    count = Counter(names)
    for number, (rule, name) in enumerate(zip(rules, names, strict=True)):
        if count[name] > 1:
            digest = xxhash.xxh64_hexdigest(f"{rule.key.namespace}/{rule.key.name}")[:8]
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
