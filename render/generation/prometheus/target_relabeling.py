"""Relabel steps that the operator makes for discovered objects: which are kept, which labels targets get from them."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from render.generation.relabeling import enforced_namespace, relabel_configs
from render.output.goyaml import Constant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from render.api.common_prometheus import ScrapeClass
    from render.api.relabeling import RelabelConfig
    from render.api.selectors import LabelSelector, LabelSelectorRequirement
    from render.findings import ObjectKey
    from render.generation.fields import Block
    from render.generation.prometheus.server import Server

_NOT_IN_NAMES = re.compile("[^a-zA-Z0-9_]")

KEEP_JOB_NAME = Constant({"source_labels": ["job"], "target_label": "__tmp_prometheus_job_name"})
DROP_FINISHED_PODS = Constant(
    {"action": "drop", "source_labels": ["__meta_kubernetes_pod_phase"], "regex": "(Failed|Succeeded)"}
)


@lru_cache(maxsize=4096)
def label_name(text: str) -> str:
    """A Kubernetes label's name as discovery writes it: everything but letters, digits and underscores is replaced."""
    return _NOT_IN_NAMES.sub("_", text)


def meta(kind: str, name: str) -> list[str]:
    """The one meta label `name` of a discovered object, as source labels."""
    return [f"__meta_kubernetes_{kind}_{name}"]


def keep_selected(kind: str, selector: LabelSelector) -> list[Block]:
    """Steps that keep objects of a `kind` (service, pod, ingress) by their labels."""
    wanted = selector.matchLabels or {}
    out = [_by_value("keep", kind, key, wanted[key]) for key in sorted(wanted)]
    out += chain.from_iterable(_by_expression(kind, expression) for expression in selector.matchExpressions or ())
    return out


def _by_expression(kind: str, expression: LabelSelectorRequirement) -> list[Block]:
    match expression.operator:
        case "In":
            return [_by_value("keep", kind, expression.key, "|".join(expression.values or ()))]
        case "NotIn":
            return [_by_value("drop", kind, expression.key, "|".join(expression.values or ()))]
        case "Exists":
            return [_by_presence("keep", kind, expression.key)]
        case "DoesNotExist":
            return [_by_presence("drop", kind, expression.key)]
        case _:
            return []


def _by_value(action: str, kind: str, key: str, values: str) -> Block:
    name = label_name(key)
    labels = [f"__meta_kubernetes_{kind}_label_{name}", f"__meta_kubernetes_{kind}_labelpresent_{name}"]
    return {"action": action, "source_labels": labels, "regex": f"({values});true"}


def _by_presence(action: str, kind: str, key: str) -> Block:
    labels = [f"__meta_kubernetes_{kind}_labelpresent_{label_name(key)}"]
    return {"action": action, "source_labels": labels, "regex": "true"}


def keep_matching(labels: list[str], regex: str | int) -> Block:
    """Keeps targets whose label matches, such as a port's name; a port's number is written as a number."""
    return {"action": "keep", "source_labels": labels, "regex": regex}


def keep_target_port(port: int | str | None) -> list[Block]:
    """The step that keeps one port of the container, by its name or by its number."""
    if not port:
        return []
    attribute = "name" if isinstance(port, str) else "number"
    return [keep_matching(meta("pod", f"container_port_{attribute}"), port)]


def endpoint_label(port: str | None, target_port: int | str | None) -> list[Block]:
    """The step that sets the label `endpoint` to the port's name, or to the container's port."""
    if port:
        return [{"target_label": "endpoint", "replacement": port}]
    if target_port is None or target_port == "":
        return []
    return [{"target_label": "endpoint", "replacement": str(target_port)}]


def copy_labels(kind: str, names: Iterable[str]) -> list[Block]:
    """Steps that copy labels of a discovered object, where they have a value, to the target."""
    return [copy_label(kind, name, label_name(name)) for name in names]


@lru_cache(maxsize=4096)
def copy_label(kind: str, name: str, target: str) -> Block:
    """The step that copies one label of a discovered object, where it has a value, to the label `target`."""
    return Constant(
        {
            "source_labels": meta(kind, f"label_{label_name(name)}"),
            "target_label": target,
            "regex": "(.+)",
            "replacement": "${1}",
        }
    )


def users_steps(
    steps: Iterable[RelabelConfig] | None,
    found: ScrapeClass | None,
    key: ObjectKey,
    server: Server,
) -> list[Block]:
    """The scrape class's relabelings, the monitor's, and the step for the enforced namespace label."""
    of_class = relabel_configs(found.relabelings) if found is not None else []
    return [*of_class, *relabel_configs(steps), *enforced_namespace(key, server.spec)]


def metric_steps(
    steps: Iterable[RelabelConfig] | None,
    found: ScrapeClass | None,
    key: ObjectKey,
    server: Server,
) -> list[Block]:
    """As `users_steps`, for the relabelings of metrics."""
    of_class = relabel_configs(found.metricRelabelings) if found is not None else []
    return [*of_class, *relabel_configs(steps), *enforced_namespace(key, server.spec)]
