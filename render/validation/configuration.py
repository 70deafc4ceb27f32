"""What servers would refuse in rules, monitors and their configuration."""

from __future__ import annotations

from render.findings import Severity
from render.validation.check import check
from render.validation.examples import monitor, prometheus, resource, together


def _rule(rule: str) -> str:
    """A server with one rule."""
    spec = f"\n  groups:\n  - name: shop\n    rules: [{rule}]"
    server = prometheus("{serviceMonitorSelector: {}, ruleSelector: {}}")
    return together(server, resource("PrometheusRule", "shop", spec))


CHECKS = (
    check(
        Severity.ERROR,
        "promql-invalid",
        "An expression that is no PromQL",
        description="""The expression of a rule does not parse, or its types do not fit, as the server sees it.
            The whole PrometheusRule is left out.""",
        fix="Correct the expression at the position that is named.",
        example=_rule('{record: "a:b", expr: "rate(up[5m)"}'),
    ),
    check(
        Severity.ERROR,
        "rule-invalid",
        "A rule that no server loads",
        description="""A rule sets both or neither of record and alert, a recording rule has fields of alerts,
            or a name of a metric or label is none. The whole PrometheusRule is left out.""",
        fix="Correct the field that is named.",
        example=_rule('{record: "a:b", alert: Down, expr: up}'),
    ),
    check(
        Severity.ERROR,
        "template-invalid",
        "A template of an alert that does not parse",
        description="A label or an annotation of an alert is a Go template, and the server cannot parse it.",
        fix="Correct the text between {{ and }}.",
        example=_rule('{alert: Down, expr: up == 0, annotations: {summary: "{{ $labels.job "}}'),
    ),
    check(
        Severity.ERROR,
        "duration-invalid",
        "A duration that is none",
        description="A period of a rule or a group cannot be read as a duration of Prometheus.",
        fix="Write a duration such as 5m or 1h30m.",
        example=_rule('{alert: Down, expr: up == 0, for: "99999999999y"}'),
    ),
    check(
        Severity.ERROR,
        "rule-file-too-large",
        "A PrometheusRule that is too large",
        description="""Its rule file has more than 512 KiB, the most that the operator puts into a ConfigMap. It
            is left out.""",
        fix="Split it into several PrometheusRules.",
    ),
    check(
        Severity.WARNING,
        "rule-file-name-shared",
        "Two PrometheusRules that share the name of a file",
        description="""Without UIDs, rule files are named <namespace>-<name>.yaml, and two objects can come to
            one name. Both get eight digits of a hash instead.""",
        fix="Rename one of the two.",
        example="""
            apiVersion: monitoring.coreos.com/v1
            kind: Prometheus
            metadata: {name: main, namespace: web}
            spec: {serviceMonitorSelector: {}, ruleSelector: {}, ruleNamespaceSelector: {}}
            ---
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata: {name: b-c, namespace: a}
            spec: {}
            ---
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata: {name: c, namespace: a-b}
            spec: {}
            """,
    ),
    check(
        Severity.ERROR,
        "relabeling-invalid",
        "A relabeling that no server takes",
        description="""The action of a relabel config is not known to this version, lacks a field or has one too
            many, or its regular expression or label is none.""",
        fix="Correct the field that is named.",
        example=together(
            prometheus("{serviceMonitorSelector: {}}"),
            monitor('{port: metrics, relabelings: [{regex: "(", targetLabel: a}]}'),
        ),
    ),
    check(
        Severity.ERROR,
        "invalid-configuration",
        "Configuration that the operator or the server refuses",
        description="""Fields exclude each other or need each other, or a value is none that the server takes. A
            resource is left out, a server fails; the message says which field and why.""",
        fix="Do what the message says.",
        example=together(
            prometheus("{serviceMonitorSelector: {}}"), monitor("{port: metrics, interval: 10s, scrapeTimeout: 20s}")
        ),
    ),
    check(
        Severity.ERROR,
        "alertmanager-refuses",
        "Configuration that an Alertmanager refuses",
        description="""The Alertmanager would not load the whole configuration for this part. What the operator
            passes on as it is gives a warning.""",
        fix="Correct the field that is named.",
    ),
    check(
        Severity.ERROR,
        "configuration-incomplete",
        "An Alertmanager without a part of its configuration",
        description="""An AlertmanagerConfig is left out, because it cannot be generated; the reference operator
            would stop updating the whole configuration. The object itself has a warning that says why.""",
        fix="Correct the AlertmanagerConfig that is named.",
    ),
    check(
        Severity.ERROR,
        "pod-invalid",
        "A workload that Kubernetes refuses",
        description="""The StatefulSet or DaemonSet that is made of the object is none that Kubernetes takes: a
            container has no image, a mount has no volume, and the like.""",
        fix="Correct the field that is named.",
        example=prometheus("{serviceMonitorSelector: {}, containers: [{name: extra}]}"),
    ),
    check(
        Severity.WARNING,
        "no-effect",
        "A field that has no effect",
        description="Another field of the object stands in its way, or its value is none that the operator heeds.",
        fix="Remove the field, or the one in its way.",
        example=prometheus('{serviceMonitorSelector: {}, image: "example.com/prometheus:v3.13.2", tag: v3.13.2}'),
    ),
    check(
        Severity.WARNING,
        "template-missing",
        "A template of notifications that is not there",
        description="""The configuration of an Alertmanager names a file of templates that nothing mounts, or a
            template that no file defines.""",
        fix="Add the file to the source and to the templates, or correct the name.",
    ),
)
