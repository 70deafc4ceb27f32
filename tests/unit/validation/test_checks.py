"""What the checks of a whole tree say, and where they keep silent. Each page's own example is in test_catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from render.findings import Severity
from tests.unit.validation.trees import (
    DEPLOYMENT,
    PROMETHEUS,
    SERVICE,
    codes,
    findings,
    monitor,
    service_monitor,
)

if TYPE_CHECKING:
    from pathlib import Path

STOREFRONT = "selector: {matchLabels: {app: storefront}}"
GOOD = service_monitor("shop", f"{STOREFRONT}, endpoints: [{{port: metrics}}]")


def test_a_tree_that_fits_together_is_fine(tmp_path: Path) -> None:
    pods = monitor("PodMonitor", "shop", f"{STOREFRONT}, podMetricsEndpoints: [{{port: http}}, {{portNumber: 9000}}]")
    assert codes(tmp_path, PROMETHEUS, SERVICE, DEPLOYMENT, GOOD, pods) == []


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param(f"{STOREFRONT}, endpoints: [{{port: web}}]", ["service-port-not-found"], id="no such port"),
        pytest.param(f"{STOREFRONT}, endpoints: [{{port: metrics}}, {{}}]", [], id="an endpoint without port"),
        pytest.param(f"{STOREFRONT}, endpoints: [{{port: 'web|metrics'}}]", [], id="a port as expression"),
        pytest.param(f"{STOREFRONT}, endpoints: [{{targetPort: 8080}}]", [], id="a port of the container by number"),
        pytest.param(f"{STOREFRONT}, endpoints: [{{targetPort: http}}]", [], id="a port of the container by name"),
        pytest.param(f"{STOREFRONT}, endpoints: [{{targetPort: '8080'}}]", ["target-port-not-found"], id="quoted"),
        pytest.param(f"{STOREFRONT}, endpoints: [{{targetPort: 80}}]", ["target-port-not-found"], id="Service's port"),
        pytest.param(f"{STOREFRONT}, endpoints: []", ["no-endpoints"], id="no endpoints"),
        pytest.param(
            "selector: {matchLabels: {app: basket}}, endpoints: [{port: http}]", ["service-not-found"], id="no"
        ),
        pytest.param(
            "selector: {matchLabels: {app: storefornt}}, endpoints: [{port: a}]", ["selector-typo"], id="value"
        ),
        pytest.param(
            "selector: {matchLabels: {appl: storefront}}, endpoints: [{port: a}]", ["service-not-found"], id="short"
        ),
        pytest.param("namespaceSelector: {any: true}, selector: {}, endpoints: [{port: metrics}]", [], id="anything"),
        pytest.param(
            f"namespaceSelector: {{matchNames: [web, other]}}, {STOREFRONT}, endpoints: [{{port: nope}}]",
            [],
            id="unknown",
        ),
        pytest.param(
            "namespaceSelector: {matchNames: [kube-system]}, selector: {matchLabels: {a: b}}, endpoints: [{port: a}]",
            [],
            id="the cluster's own",
        ),
    ],
)
def test_services(tmp_path: Path, spec: str, expected: list[str]) -> None:
    assert codes(tmp_path, PROMETHEUS, SERVICE, DEPLOYMENT, service_monitor("shop", spec)) == expected


def test_the_ports_that_there_are_stand_in_the_message(tmp_path: Path) -> None:
    wrong = service_monitor("shop", f"{STOREFRONT}, endpoints: [{{port: http}}, {{port: web}}]")
    (finding,) = (one for one in findings(tmp_path, PROMETHEUS, SERVICE, wrong) if one.severity is Severity.WARNING)
    assert finding.field == "spec.endpoints[1].port"
    assert "Service shop has http (80), metrics (9000)" in finding.message
    assert finding.hint == "write http or metrics"
    assert finding.line > 0


def test_a_service_without_selector_may_have_any_ports(tmp_path: Path) -> None:
    """Its endpoints are made by hand, with names of their own."""
    by_hand = SERVICE.replace("  selector: {app: storefront}\n", "")
    wrong = service_monitor("shop", f"{STOREFRONT}, endpoints: [{{port: web}}]")
    assert codes(tmp_path, PROMETHEUS, by_hand, wrong) == []


def test_a_tree_without_services_is_no_reason_to_complain(tmp_path: Path) -> None:
    told = findings(tmp_path, PROMETHEUS, GOOD)
    assert {one.severity for one in told} == {Severity.INFO}
    assert "targets-unknown" in {one.code for one in told}


def test_the_api_server_has_its_service_in_every_cluster(tmp_path: Path) -> None:
    spec = (
        "namespaceSelector: {matchNames: [default]}, selector: {matchLabels: {component: apiserver}}, "
        "endpoints: [{port: https}]"
    )
    other = SERVICE.replace("namespace: web", "namespace: default")
    assert codes(tmp_path, PROMETHEUS, other, service_monitor("apiserver", spec)) == []


@pytest.mark.parametrize(
    ("kind", "opening"),
    [
        ("StatefulSet", "{template: "),
        ("DaemonSet", "{template: "),
        ("Job", "{template: "),
        ("CronJob", "{jobTemplate: {spec: {template: "),
    ],
)
def test_pods_of_all_that_makes_them(tmp_path: Path, kind: str, opening: str) -> None:
    group = "batch/v1" if "Job" in kind else "apps/v1"
    pod = "{metadata: {labels: {app: worker}}, spec: {containers: [{ports: [{name: http, containerPort: 80}]}]}}"
    closing = "}" * opening.count("{")
    makes = (
        f"\napiVersion: {group}\nkind: {kind}\nmetadata: {{name: a, namespace: web}}\nspec: {opening}{pod}{closing}\n"
    )
    good = monitor("PodMonitor", "a", "selector: {matchLabels: {app: worker}}, podMetricsEndpoints: [{port: http}]")
    wrong = monitor("PodMonitor", "b", "selector: {matchLabels: {app: worker}}, podMetricsEndpoints: [{port: web}]")
    none = monitor("PodMonitor", "c", "selector: {matchLabels: {app: other}}, podMetricsEndpoints: [{port: web}]")
    found = findings(tmp_path, PROMETHEUS, makes, good, wrong, none)
    told = [(one.object.name, one.code) for one in found if one.object and one.severity is Severity.WARNING]
    assert told == [("b", "pod-port-not-found"), ("c", "pods-not-found")]


def test_init_containers_and_bare_pods_count(tmp_path: Path) -> None:
    pod = (
        "\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: web, labels: {app: a}}\n"
        "spec: {initContainers: [{ports: [{name: proxy, containerPort: 1}]}], containers: [{}]}\n"
    )
    good = monitor("PodMonitor", "a", "selector: {matchLabels: {app: a}}, podMetricsEndpoints: [{port: proxy}]")
    assert codes(tmp_path, PROMETHEUS, pod, good) == []


@pytest.mark.parametrize(
    "target",
    [
        "\napiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: web, labels: [a]}\nspec: {ports: {a: b}}\n",
        "\napiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: web}\nspec: [1]\n",
        "\napiVersion: v1\nkind: Service\nspec: {ports: [1, {port: x}], selector: 5}\n",
        "\napiVersion: apps/v1\nkind: Deployment\nmetadata: 5\nspec: {template: [1]}\n",
        "\napiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: 1}}}}}\n",
    ],
)
def test_malformed_targets_are_for_others_to_complain_about(tmp_path: Path, target: str) -> None:
    assert "service-port-not-found" not in codes(tmp_path, PROMETHEUS, target, GOOD)


def test_who_does_not_select_a_monitor_and_why(tmp_path: Path) -> None:
    picky = PROMETHEUS.replace("serviceMonitorSelector: {}", "serviceMonitorSelector: {matchLabels: {team: a}}")
    other = PROMETHEUS.replace("name: main", "name: none").replace("serviceMonitorSelector: {}, ", "")
    (finding,) = (one for one in findings(tmp_path, picky, other, SERVICE, GOOD) if one.code == "monitor-not-selected")
    assert finding.object is not None
    assert str(finding.object) == "ServiceMonitor/web/shop"
    assert "it has no labels" in finding.message
    assert "its serviceMonitorSelector wants team=a" in finding.hint
    assert "Prometheus/web/none: it has no serviceMonitorSelector" in finding.hint


def test_a_monitor_elsewhere_is_not_selected_without_a_namespace_selector(tmp_path: Path) -> None:
    elsewhere = service_monitor("shop", f"{STOREFRONT}, endpoints: [{{port: metrics}}]", namespace="other")
    assert "monitor-not-selected" in codes(tmp_path, PROMETHEUS, elsewhere)
    everywhere = PROMETHEUS.replace(
        "serviceMonitorSelector: {}", "serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {}"
    )
    assert "monitor-not-selected" not in codes(tmp_path, everywhere, elsewhere)


def test_labels_of_a_namespace_that_is_not_here_are_not_guessed(tmp_path: Path) -> None:
    labelled = PROMETHEUS.replace(
        "serviceMonitorSelector: {}",
        "serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {matchLabels: {team: a}}",
    )
    namespace = "\napiVersion: v1\nkind: Namespace\nmetadata: {name: web, labels: {team: b}}\n"
    assert codes(tmp_path, labelled, GOOD) == []
    assert codes(tmp_path, labelled, namespace, GOOD) == ["monitor-not-selected"]


def test_a_label_that_a_server_wants_and_a_monitor_misspells(tmp_path: Path) -> None:
    picky = PROMETHEUS.replace(
        "serviceMonitorSelector: {}", "serviceMonitorSelector: {matchLabels: {release: monitoring}}"
    )
    typo = service_monitor(
        "shop", f"{STOREFRONT}, endpoints: [{{port: metrics}}]", more="labels: {release: monitornig}"
    )
    (finding,) = (one for one in findings(tmp_path, picky, SERVICE, typo) if one.severity is Severity.WARNING)
    assert (finding.code, finding.field) == ("selector-typo", "metadata.labels")
    assert "release=monitoring" in finding.hint


def test_a_thanos_ruler_loads_rules_too(tmp_path: Path) -> None:
    rule = monitor("PrometheusRule", "r", "groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]")
    no_rules = PROMETHEUS.replace("ruleSelector: {}", "ruleSelector: null")
    ruler = monitor("ThanosRuler", "r", "ruleSelector: {}, queryEndpoints: [q]")
    assert codes(tmp_path, no_rules, rule) == ["rule-not-loaded"]
    assert codes(tmp_path, no_rules, rule, ruler) == []


def test_an_alertmanager_config_that_is_named_is_taken(tmp_path: Path) -> None:
    config = (
        "\napiVersion: monitoring.coreos.com/v1alpha1\nkind: AlertmanagerConfig\nmetadata: {name: c, namespace: web}\n"
        "spec: {route: {receiver: 'null'}, receivers: [{name: 'null'}]}\n"
    )
    alertmanager = (
        "\napiVersion: monitoring.coreos.com/v1\nkind: Alertmanager\nmetadata: {name: a, namespace: web}\nspec: "
    )
    assert codes(tmp_path, alertmanager + "{}\n", config) == ["alertmanager-config-not-selected"]
    assert codes(tmp_path, alertmanager + "{alertmanagerConfiguration: {name: c}}\n", config) == []


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("endpoints: [{port: metrics}]", ["duplicate-scrape"]),
        ("endpoints: [{port: metrics, path: /metrics}]", ["duplicate-scrape"]),
        ("endpoints: [{port: metrics, path: /other}]", []),
        ("endpoints: [{port: metrics, params: {a: [b]}}]", []),
        ("endpoints: [{port: metrics, relabelings: [{targetLabel: a, replacement: b}]}]", []),
        ("endpoints: [{port: http}]", []),
        ("jobLabel: app, endpoints: [{port: metrics}]", []),
    ],
)
def test_what_is_scraped_twice(tmp_path: Path, second: str, expected: list[str]) -> None:
    other = service_monitor("other", f"selector: {{}}, {second}")
    assert codes(tmp_path, PROMETHEUS, SERVICE, GOOD, other) == expected


def test_two_servers_may_scrape_the_same(tmp_path: Path) -> None:
    one = PROMETHEUS.replace("serviceMonitorSelector: {}", "serviceMonitorSelector: {matchLabels: {for: one}}")
    two = one.replace("name: main", "name: two").replace("for: one", "for: two")
    spec = f"{STOREFRONT}, endpoints: [{{port: metrics}}]"
    monitors = [service_monitor(name, spec, more=f"labels: {{for: {name}}}") for name in ("one", "two")]
    assert codes(tmp_path, one, two, SERVICE, *monitors) == []


def test_probes_of_one_job_and_target(tmp_path: Path) -> None:
    spec = "jobName: blackbox, prober: {url: 'b:80'}, module: http, targets: {staticConfig: {static: [a, b]}}"
    other = spec.replace("[a, b]", "[b]")
    assert codes(tmp_path, PROMETHEUS, monitor("Probe", "a", spec), monitor("Probe", "b", other)) == [
        "duplicate-scrape"
    ]
    another = other.replace("module: http", "module: tcp")
    assert codes(tmp_path, PROMETHEUS, monitor("Probe", "a", spec), monitor("Probe", "b", another)) == []


def test_an_additional_job_with_the_name_of_a_made_one(tmp_path: Path) -> None:
    with_secret = PROMETHEUS.replace("spec: {", "spec: {additionalScrapeConfigs: {name: more, key: k}, ")
    more = (
        "\napiVersion: v1\nkind: Secret\nmetadata: {name: more, namespace: web}\n"
        "stringData:\n  k: |\n    - job_name: %s\n"
    )
    assert codes(tmp_path, with_secret, SERVICE, GOOD, more % "serviceMonitor/web/shop/0") == ["duplicate-job-name"]
    assert codes(tmp_path, with_secret, SERVICE, GOOD, more % "serviceMonitor/web/shop/1") == []
    probe = monitor("Probe", "site", "prober: {url: 'b:80'}, targets: {staticConfig: {static: [a]}}")
    assert codes(tmp_path, with_secret, SERVICE, probe, more % "probe/web/site") == ["duplicate-job-name"]
    left_out = probe.replace("'b:80'", "'b:80', tlsConfig: 5")
    assert codes(tmp_path, with_secret, SERVICE, left_out, more % "probe/web/site") == ["schema"]


def test_alerts_that_are_sent_to_a_port_that_is_not_there(tmp_path: Path) -> None:
    sending = "spec: {alerting: {alertmanagers: [{name: %s, port: %s}]}, "
    for name, port, expected in (
        ("shop", "http", []),
        ("shop", "8080", []),
        ("shop", "web", ["alertmanager-not-found"]),
        ("main", "web", ["alertmanager-not-found"]),
    ):
        assert codes(tmp_path, PROMETHEUS.replace("spec: {", sending % (name, port)), SERVICE) == expected


def test_alerts_that_are_sent_to_a_made_service(tmp_path: Path) -> None:
    sending = "spec: {alerting: {alertmanagers: [{name: alertmanager-operated, port: web}]}, "
    alertmanager = (
        "\napiVersion: monitoring.coreos.com/v1\nkind: Alertmanager\nmetadata: {name: a, namespace: web}\nspec: {}\n"
    )
    assert codes(tmp_path, PROMETHEUS.replace("spec: {", sending), SERVICE, alertmanager) == []


def test_routes_with_continue_or_matchers_let_alerts_pass(tmp_path: Path) -> None:
    config = """
apiVersion: monitoring.coreos.com/v1beta1
kind: AlertmanagerConfig
metadata: {name: c, namespace: web}
spec:
  route:
    receiver: drop-all
    routes:
    - {receiver: a, continue: true}
    - {receiver: a, matchers: [{name: x, value: y}], activeTimeIntervals: [day]}
    - {receiver: b, routes: [{receiver: a}, {receiver: b}]}
  receivers: [{name: drop-all}, {name: a, webhookConfigs: [{url: "https://example.com"}]}, {name: b}]
  timeIntervals: [{name: day, timeIntervals: []}]
"""
    told = {one.code: one.field for one in findings(tmp_path, config) if one.severity is Severity.WARNING}
    assert told == {"receiver-empty": "spec.receivers[2]", "route-unreachable": "spec.route.routes[2].routes[1]"}


def test_a_rule_file_that_is_nearly_full(tmp_path: Path) -> None:
    rules = ", ".join(f"{{record: 'a:b{number}', expr: up + {number:0200}}}" for number in range(1_950))
    rule = monitor("PrometheusRule", "large", f"groups: [{{name: g, rules: [{rules}]}}]")
    (finding,) = (one for one in findings(tmp_path, PROMETHEUS, rule) if one.severity is not Severity.INFO)
    assert finding.code == "size-budget-tight"
    assert "web-large.yaml has 4" in finding.message
    assert "of at most 524,288 bytes (8" in finding.message
