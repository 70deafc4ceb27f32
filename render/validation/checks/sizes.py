"""How full the rendered Secrets and rule files are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from render.assembly import kubernetes
from render.findings import Severity
from render.generation.rules import FILE_LIMIT
from render.validation.check import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.assembly.kubernetes import Manifest
    from render.findings import Finding, ObjectKey
    from render.validation.tree import Tree

TIGHT_FROM = 0.8
"""From this share of a limit on, it is time to split."""

BUDGET = check(
    Severity.INFO,
    "size-budget",
    "How full a Secret or the largest rule file is",
    description="""Kubernetes stores at most 1 MiB in a Secret, and the operator puts at most 512 KiB into a
        rule file. The notice tells how much of that a server's configuration (compressed) and its largest rule
        file take.""",
    fix="Nothing: it is a notice. See size-budget-tight for what comes close.",
    example="""
        apiVersion: monitoring.coreos.com/v1
        kind: Prometheus
        metadata: {name: main, namespace: monitoring}
        spec: {serviceMonitorSelector: {}}
        """,
)
TIGHT = check(
    Severity.WARNING,
    "size-budget-tight",
    "A Secret or a rule file that is nearly full",
    description="""A server's configuration takes 80 % or more of the 1 MiB that a Secret can hold, or a rule
        file 80 % or more of its 512 KiB. Above the limit the configuration is an error (secret-too-large), and
        the rule is left out (rule-file-too-large).""",
    fix="Split the rule into several PrometheusRules, or the monitors over several servers.",
)
CHECKS = (BUDGET, TIGHT)

_CONFIGURATIONS = {"Prometheus": "", "PrometheusAgent": "", "Alertmanager": "-generated"}
"""How the name of the Secret with the configuration ends."""


class Size(NamedTuple):
    """What takes space: whose it is, its name, its bytes, and how many there may be."""

    owner: ObjectKey
    name: str
    size: int
    limit: int

    @property
    def share(self) -> float:
        """How full it is; 1 is full."""
        return self.size / self.limit


def find(tree: Tree) -> Iterator[Finding]:
    """What is said of each server's configuration and of its largest rule files."""
    for size in measure(tree):
        message = f"{size.name} has {size.size:,} of at most {size.limit:,} bytes ({size.share:.0%})"
        if size.share < TIGHT_FROM:
            yield BUDGET.finding(size.owner, message)
        else:
            yield TIGHT.finding(size.owner, message, hint="split it before it is full")


def measure(tree: Tree) -> Iterator[Size]:
    """The sizes of each server's configuration, of its largest rule file, and of others that are nearly full."""
    made = {(one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]): one for one in tree.rendered}
    for kind in ("Prometheus", "PrometheusAgent", "Alertmanager", "ThanosRuler"):
        for server in tree.objects.of_kind(kind):
            yield from _sizes(server.key, made)


def _sizes(key: ObjectKey, made: dict[tuple[str, str, str], Manifest]) -> Iterator[Size]:
    name = kubernetes.prefix(key) + _CONFIGURATIONS.get(key.kind, "")
    secret = made.get(("Secret", key.namespace, name))
    if secret is not None and key.kind in _CONFIGURATIONS:
        size = sum(len(text) // 4 * 3 - text.count("=") for text in secret["data"].values())
        yield Size(key, f"the Secret {name}", size, kubernetes.SECRET_LIMIT)
    prefix = f"{kubernetes.prefix(key)}-rulefiles-"
    files = [
        (len(text.encode()), file)
        for (kind, namespace, name), one in made.items()
        if kind == "ConfigMap" and namespace == key.namespace and name.startswith(prefix)
        for file, text in one.get("data", {}).items()
    ]
    for size, file in sorted(files, reverse=True):
        if (size, file) == max(files) or size >= TIGHT_FROM * FILE_LIMIT:
            yield Size(key, f"the rule file {file}", size, FILE_LIMIT)
