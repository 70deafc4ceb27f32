"""Where a check could say too much or too little: namespaces, expressions, jobs of one name, Pods of all makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.validation.trees import DEPLOYMENT, PROMETHEUS, SERVICE, codes, findings, monitor, service_monitor

if TYPE_CHECKING:
    from pathlib import Path

    from render.findings import Finding

STOREFRONT = "selector: {matchLabels: {app: storefront}}"
METRICS = "endpoints: [{port: metrics}]"
GOOD = service_monitor("shop", f"{STOREFRONT}, {METRICS}")

MAIN = "Prometheus/web/main: its serviceMonitor"
HAS = "and the Namespace web has kubernetes.io/metadata.name=web,team=b"
IN_A_OR_C = "serviceMonitorNamespaceSelector: {matchExpressions: [{key: team, operator: In, values: [a, c]}]}"


def _warnings(folder: Path, *documents: str) -> list[Finding]:
    return [one for one in findings(folder, *documents) if one.severity != "info"]


def _namespace(name: str, labels: str) -> str:
    return f"\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n"


@pytest.mark.parametrize(
    ("selectors", "reason"),
    [
        (
            "serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {matchLabels: {team: a}}",
            f"{MAIN}NamespaceSelector wants team=a, {HAS}",
        ),
        (
            f"serviceMonitorSelector: {{matchLabels: {{release: x}}}}, {IN_A_OR_C}",
            f"{MAIN}Selector wants release=x, and its serviceMonitorNamespaceSelector wants team in (a,c), {HAS}",
        ),
        (
            "serviceMonitorSelector: {matchExpressions: [{key: release, operator: Exists}]}",
            f"{MAIN}Selector wants release",
        ),
    ],
)
def test_why_a_server_does_not_select_a_monitor(tmp_path: Path, selectors: str, reason: str) -> None:
    server = PROMETHEUS.replace("serviceMonitorSelector: {}", selectors)
    (finding,) = _warnings(tmp_path, server, _namespace("web", "team: b"), SERVICE, GOOD)
    assert (finding.code, finding.hint) == ("monitor-not-selected", reason)


def test_a_monitor_elsewhere_and_with_other_labels(tmp_path: Path) -> None:
    picky = PROMETHEUS.replace("serviceMonitorSelector: {}", "serviceMonitorSelector: {matchLabels: {a: b}}")
    elsewhere = service_monitor("shop", f"{STOREFRONT}, {METRICS}", namespace="other", more="labels: {a: c}")
    (finding,) = (one for one in _warnings(tmp_path, picky, elsewhere) if one.code == "monitor-not-selected")
    assert "it has a=c" in finding.message
    assert finding.hint == (
        "Prometheus/web/main: its serviceMonitorSelector wants a=b, and "
        "without a serviceMonitorNamespaceSelector it looks into its own namespace only"
    )


@pytest.mark.parametrize("kind", ["PodMonitor", "Probe", "ScrapeConfig", "PrometheusRule"])
def test_every_kind_that_nobody_selects(tmp_path: Path, kind: str) -> None:
    spec = {
        "PodMonitor": "selector: {}, podMetricsEndpoints: [{port: a}]",
        "Probe": "prober: {url: 'b:80'}, targets: {staticConfig: {static: [a]}}",
        "ScrapeConfig": "staticConfigs: [{targets: ['a:80']}]",
        "PrometheusRule": "groups: []",
    }[kind]
    document = monitor(kind, "one", spec)
    if kind == "ScrapeConfig":
        document = document.replace("coreos.com/v1", "coreos.com/v1alpha1")
    server = "\napiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: main, namespace: web}\n"
    selecting_none = server + "spec: {serviceMonitorSelector: {}}\n"
    expected = "rule-not-loaded" if kind == "PrometheusRule" else "monitor-not-selected"
    assert codes(tmp_path, selecting_none, document) == [expected]
    name = kind[0].lower() + kind[1:] + "Selector"
    selecting = server + f"spec: {{{'ruleSelector' if kind == 'PrometheusRule' else name}: {{}}}}\n"
    assert not {"rule-not-loaded", "monitor-not-selected"} & set(codes(tmp_path, selecting, document))


def test_an_agent_selects_monitors_too(tmp_path: Path) -> None:
    none = PROMETHEUS.replace("serviceMonitorSelector: {}, ", "")
    agent = (
        PROMETHEUS.replace("/v1\n", "/v1alpha1\n")
        .replace("kind: Prometheus", "kind: PrometheusAgent")
        .replace(", ruleSelector: {}", "")
    )
    assert codes(tmp_path, none, SERVICE, GOOD) == ["monitor-not-selected"]
    assert codes(tmp_path, none, agent, SERVICE, GOOD) == []


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("{matchExpressions: [{key: app, operator: In, values: [storefront, other]}]}", []),
        ("{matchExpressions: [{key: app, operator: In, values: [storefornt, other]}]}", ["selector-typo"]),
        ("{matchExpressions: [{key: app, operator: In, values: [basket]}]}", ["service-not-found"]),
        ("{matchExpressions: [{key: app, operator: Exists}]}", []),
        ("{matchExpressions: [{key: app, operator: DoesNotExist}]}", ["service-port-not-found"]),
        ("{matchExpressions: [{key: app, operator: NotIn, values: [storefront]}]}", ["service-port-not-found"]),
        ("{matchLabels: {app: storefornt}, matchExpressions: [{key: x, operator: Exists}]}", ["service-not-found"]),
        ("{matchLabels: {app: Storefront}}", ["selector-typo"]),
        ("{}", []),
    ],
)
def test_selectors_of_all_kinds(tmp_path: Path, selector: str, expected: list[str]) -> None:
    """What excludes the Service may well match `prometheus-operated`, which has the port `web` alone."""
    one = service_monitor("shop", f"selector: {selector}, {METRICS}")
    assert codes(tmp_path, PROMETHEUS, SERVICE, one) == expected


def test_a_namespace_that_is_mistyped(tmp_path: Path) -> None:
    other = SERVICE.replace("namespace: web", "namespace: payment")
    wrong = service_monitor("shop", f"namespaceSelector: {{matchNames: [paymnet]}}, {STOREFRONT}, {METRICS}")
    (finding,) = _warnings(tmp_path, PROMETHEUS, other, wrong)
    assert (finding.code, finding.field) == ("selector-typo", "spec.namespaceSelector")
    assert finding.hint == "did you mean the namespace payment?"
    elsewhere = wrong.replace("paymnet", "checkout")
    assert codes(tmp_path, PROMETHEUS, other, elsewhere) == []


def test_servers_that_ignore_namespace_selectors(tmp_path: Path) -> None:
    """What a monitor gets is then in its own namespace, unless another server heeds its selector."""
    other = SERVICE.replace("namespace: web", "namespace: other").replace("storefront", "basket")
    there = service_monitor("shop", f"namespaceSelector: {{matchNames: [other]}}, {STOREFRONT}, {METRICS}")
    heeding = PROMETHEUS
    ignoring = PROMETHEUS.replace("spec: {", "spec: {ignoreNamespaceSelectors: true, ")
    assert codes(tmp_path, heeding, SERVICE, other, there) == ["service-not-found"]
    assert codes(tmp_path, ignoring, SERVICE, other, there) == []
    both = ignoring.replace("name: main", "name: second")
    assert codes(tmp_path, heeding, both, SERVICE, other, there) == ["service-not-found"]


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("{port: proxy}", []),
        ("{port: sidecar}", []),
        ("{port: 'pro.*'}", []),
        ("{portNumber: 15090}", []),
        ("{targetPort: 15090}", []),
        ("{targetPort: sidecar}", []),
        ("{portNumber: 9}", ["pod-port-not-found"]),
        ("{targetPort: 9}", ["pod-port-not-found"]),
        ("{port: Proxy}", ["pod-port-not-found"]),
        ("{}", []),
    ],
)
@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"])
def test_ports_of_all_containers(tmp_path: Path, kind: str, endpoint: str, expected: list[str]) -> None:
    pod = (
        "initContainers: [{name: s, restartPolicy: Always, ports: [{name: sidecar, containerPort: 15090}]}], "
        "containers: [{name: a}, {name: b, ports: [{name: proxy, containerPort: 80}]}]"
    )
    makes = (
        f"\napiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: a, namespace: web}}\n"
        f"spec: {{template: {{metadata: {{labels: {{app: a}}}}, spec: {{{pod}}}}}}}\n"
    )
    one = monitor("PodMonitor", "a", f"selector: {{matchLabels: {{app: a}}}}, podMetricsEndpoints: [{endpoint}]")
    told = _warnings(tmp_path, PROMETHEUS, makes, one)
    assert [finding.code for finding in told] == expected
    assert all("sidecar (15090), proxy (80)" in finding.message for finding in told)


def test_labels_of_a_deployment_are_not_those_of_its_pods(tmp_path: Path) -> None:
    labelled = DEPLOYMENT.replace("namespace: web}", "namespace: web, labels: {tier: front}}")
    one = monitor("PodMonitor", "a", "selector: {matchLabels: {tier: front}}, podMetricsEndpoints: [{port: http}]")
    assert codes(tmp_path, PROMETHEUS, labelled, one) == ["pods-not-found"]


def test_targets_in_a_list(tmp_path: Path) -> None:
    items = f"\napiVersion: v1\nkind: List\nitems:\n-{SERVICE.replace(chr(10), chr(10) + '  ')}\n"
    wrong = service_monitor("shop", f"{STOREFRONT}, endpoints: [{{port: web}}]")
    assert codes(tmp_path, PROMETHEUS, items, wrong) == ["service-port-not-found"]
    assert codes(tmp_path, PROMETHEUS, items, GOOD) == []


def test_a_service_without_a_name_for_its_port(tmp_path: Path) -> None:
    unnamed = SERVICE.replace("{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 9000}", "{port: 80}")
    (finding,) = _warnings(tmp_path, PROMETHEUS, unnamed, GOOD)
    assert (finding.code, finding.hint) == ("service-port-not-found", "name the port where it is declared")
    assert "Service shop has 80" in finding.message


def test_a_few_of_many_services_are_named(tmp_path: Path) -> None:
    many = [SERVICE.replace("name: shop", f"name: s{number}") for number in range(8)]
    wrong = service_monitor("shop", f"selector: {{matchLabels: {{app: basket}}}}, {METRICS}")
    (finding,) = _warnings(tmp_path, PROMETHEUS, *many, wrong)
    assert finding.message.endswith("there are Service s0, Service s1, Service s2, Service s3, Service s4 and 4 more")


def test_one_of_several_services_has_the_port(tmp_path: Path) -> None:
    second = SERVICE.replace("name: shop", "name: plain").replace(", {name: metrics, port: 9000}", "")
    assert codes(tmp_path, PROMETHEUS, second, SERVICE, GOOD) == []


def test_target_ports_are_not_judged_without_the_pods(tmp_path: Path) -> None:
    one = service_monitor("shop", f"{STOREFRONT}, endpoints: [{{targetPort: 1}}]")
    assert codes(tmp_path, PROMETHEUS, SERVICE, one) == []
    assert codes(tmp_path, PROMETHEUS, SERVICE, DEPLOYMENT, one) == ["target-port-not-found"]


@pytest.mark.parametrize(
    ("labels", "first", "second", "expected"),
    [
        ("", "", "jobLabel: team, ", ["duplicate-scrape"]),
        ("team: a", "", "jobLabel: team, ", []),
        ("team: shop", "", "jobLabel: team, ", ["duplicate-scrape"]),
        ("example.com/team: a", "jobLabel: example.com/team, ", "jobLabel: example_com_team, ", ["duplicate-scrape"]),
        ("team: a, tier: b", "jobLabel: tier, ", "jobLabel: team, ", []),
    ],
)
def test_jobs_have_the_value_of_their_label_as_name(
    tmp_path: Path, labels: str, first: str, second: str, expected: list[str]
) -> None:
    service = SERVICE.replace("{app: storefront}}", f"{{app: storefront, {labels}}}}}", 1)
    monitors = [
        service_monitor(name, f"{more}{STOREFRONT}, {METRICS}")
        for name, more in zip("ab", (first, second), strict=True)
    ]
    assert codes(tmp_path, PROMETHEUS, service, *monitors) == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("jobName: a, staticConfigs: [{targets: ['x:80', 'y:80']}]", ["duplicate-scrape"]),
        ("jobName: a, metricsPath: /metrics, staticConfigs: [{targets: ['x:80']}]", ["duplicate-scrape"]),
        ("jobName: b, staticConfigs: [{targets: ['x:80']}]", []),
        ("jobName: a, staticConfigs: [{targets: ['x:80'], labels: {a: b}}]", []),
        ("jobName: a, metricsPath: /other, staticConfigs: [{targets: ['x:80']}]", []),
        ("staticConfigs: [{targets: ['x:80']}]", []),
    ],
)
def test_scrape_configs_of_one_job(tmp_path: Path, second: str, expected: list[str]) -> None:
    server = PROMETHEUS.replace("spec: {", "spec: {scrapeConfigSelector: {}, ")
    made = [
        monitor("ScrapeConfig", name, spec).replace("coreos.com/v1", "coreos.com/v1alpha1")
        for name, spec in (("a", "jobName: a, staticConfigs: [{targets: ['x:80']}]"), ("b", second))
    ]
    assert codes(tmp_path, server, *made) == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("", ["duplicate-scrape"]),
        ("port: other", []),
        ("path: /other", []),
        ("jobLabel: app", []),
        ("k8s-app: other", []),
        ("matchNames: [kube-public]", []),
    ],
)
def test_two_monitors_of_what_is_not_in_the_tree(tmp_path: Path, second: str, expected: list[str]) -> None:
    """Their selectors tell that they scrape the same, whatever that is."""
    spec = (
        "jobLabel: k8s-app, namespaceSelector: {matchNames: [kube-system]}, "
        "selector: {matchLabels: {k8s-app: kube-dns}}, endpoints: [{port: metrics, path: /metrics}]"
    )
    key = second.partition(":")[0]
    old = {"port": "port: metrics", "path": "path: /metrics", "jobLabel": "jobLabel: k8s-app", "": "\0"}
    first = {**old, "k8s-app": "k8s-app: kube-dns", "matchNames": "matchNames: [kube-system]"}[key]
    monitors = [service_monitor("a", spec), service_monitor("b", spec.replace(first, second))]
    assert codes(tmp_path, PROMETHEUS, SERVICE, *monitors) == expected


def test_two_pod_monitors_of_one_port(tmp_path: Path) -> None:
    one, two = (
        monitor("PodMonitor", name, f"{STOREFRONT}, podMetricsEndpoints: [{{port: http}}]") for name in ("a", "b")
    )
    for same in ("port: http", "portNumber: 8080", "targetPort: http", "port: 'ht+p'", ""):
        twice = two.replace("port: http", same)
        assert codes(tmp_path, PROMETHEUS, DEPLOYMENT, one, twice) == ["duplicate-scrape"], same
    assert codes(tmp_path, PROMETHEUS, DEPLOYMENT, one, two.replace("port: http", "portNumber: 9000")) == []


def test_monitors_that_no_server_takes_make_no_job(tmp_path: Path) -> None:
    picky = PROMETHEUS.replace("serviceMonitorSelector: {}", "serviceMonitorSelector: {matchLabels: {a: b}}")
    taken = service_monitor("taken", f"{STOREFRONT}, {METRICS}", more="labels: {a: b}")
    assert codes(tmp_path, picky, SERVICE, GOOD, taken) == ["monitor-not-selected"]


def test_a_monitor_that_is_left_out_makes_no_job(tmp_path: Path) -> None:
    login = "basicAuth: {username: {name: login, key: user}}"
    left_out = service_monitor("other", f"{STOREFRONT}, endpoints: [{{port: metrics, {login}}}]")
    assert codes(tmp_path, PROMETHEUS, SERVICE, GOOD, left_out) == ["reference-missing"]


def test_what_rendering_makes_can_be_selected(tmp_path: Path) -> None:
    made = "matchLabels: {operated-prometheus: 'true'}"
    own = service_monitor("self", f"selector: {{{made}}}, endpoints: [{{port: web}}]")
    wrong = service_monitor("self", f"selector: {{{made}}}, endpoints: [{{port: wbe}}]")
    assert codes(tmp_path, PROMETHEUS, SERVICE, own) == []
    assert codes(tmp_path, PROMETHEUS, SERVICE, wrong) == ["service-port-not-found"]
    pods = monitor("PodMonitor", "p", "selector: {matchLabels: {prometheus: main}}, podMetricsEndpoints: [{port: web}]")
    assert codes(tmp_path, PROMETHEUS, DEPLOYMENT, pods) == []


def test_what_no_server_takes_is_looked_at_by_itself(tmp_path: Path) -> None:
    """A tree of rules alone has its servers elsewhere, and its rules are to be right all the same."""
    rule = monitor("PrometheusRule", "r", "groups: [{name: g, rules: [{alert: A, expr: 'up ='}]}]")
    relabeling = "relabelings: [{regex: '(', targetLabel: a}]"
    pods = monitor("PodMonitor", "p", f"selector: {{}}, podMetricsEndpoints: [{{port: http, {relabeling}}}]")
    assert codes(tmp_path, rule, pods) == ["promql-invalid", "relabeling-invalid"]
    assert codes(tmp_path, PROMETHEUS, DEPLOYMENT, rule, pods) == ["relabeling-invalid", "promql-invalid"]
    paused = PROMETHEUS.replace("spec: {", "spec: {paused: true, ")
    assert codes(tmp_path, paused, rule) == ["paused", "promql-invalid"]
    unmanaged = (
        "\napiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: x, namespace: web}\nspec: {}\n"
    )
    assert codes(tmp_path, unmanaged, rule) == ["unmanaged", "promql-invalid", "rule-not-loaded"]
