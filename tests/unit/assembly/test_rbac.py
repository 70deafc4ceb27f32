"""Accounts and Roles: what a configuration needs, in the namespaces that it looks into, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from render.generation.prometheus.access import TOKEN_FILE
from render.options import Options
from tests.running import manifest, one, rendered

if TYPE_CHECKING:
    from pathlib import Path

    from render.pipeline import Result

RBAC = Options(rbac=True)
NAME = "prometheus-monitoring.main"
WATCH = ["get", "list", "watch"]


def _scrape_config(spec: dict[str, Any], name: str = "jobs") -> dict[str, Any]:
    out = manifest("ScrapeConfig", spec, name=name)
    return {**out, "apiVersion": "monitoring.coreos.com/v1alpha1"}


def _discovering(folder: Path, *entries: dict[str, Any], **spec: Any) -> Result:  # noqa: ANN401 - fields of a ScrapeConfig
    config = _scrape_config({"kubernetesSDConfigs": list(entries), **spec})
    return rendered(folder, [manifest("Prometheus", {"scrapeConfigSelector": {}}), config], RBAC)


def _rules(result: Result) -> dict[tuple[str, str], Any]:
    """The rules by kind and namespace of their Role."""
    return {
        (made["kind"], made["metadata"].get("namespace", "")): made["rules"]
        for made in result.objects
        if made["kind"] in ("Role", "ClusterRole")
    }


def _core(*names: str) -> dict[str, Any]:
    return {"apiGroups": [""], "resources": list(names), "verbs": WATCH}


SLICES = {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": WATCH}
INGRESSES = {"apiGroups": ["networking.k8s.io"], "resources": ["ingresses"], "verbs": WATCH}


@pytest.mark.parametrize(
    ("entry", "kind", "rules"),
    [
        ({"role": "Pod"}, "Role", [_core("pods")]),
        ({"role": "Service"}, "Role", [_core("services")]),
        ({"role": "Endpoints"}, "Role", [_core("endpoints", "pods", "services")]),
        ({"role": "EndpointSlice"}, "Role", [_core("pods", "services"), SLICES]),
        ({"role": "Ingress"}, "Role", [INGRESSES]),
        ({"role": "Node"}, "ClusterRole", [_core("nodes")]),
    ],
)
def test_each_role_of_discovery_watches_its_resources(
    entry: dict[str, Any], kind: str, rules: list[Any], tmp_path: Path
) -> None:
    result = _discovering(tmp_path, {**entry, "namespaces": {"names": ["shop"]}})
    assert _rules(result) == {(kind, "shop" if kind == "Role" else ""): rules}


@pytest.mark.parametrize(
    ("namespaces", "places"),
    [
        (None, [("ClusterRole", "")]),
        ({}, [("ClusterRole", "")]),
        ({"ownNamespace": False}, [("ClusterRole", "")]),
        ({"ownNamespace": True}, [("Role", "monitoring")]),
        ({"names": ["shop"], "ownNamespace": True}, [("Role", "monitoring"), ("Role", "shop")]),
    ],
)
def test_rights_end_at_the_namespaces_that_are_looked_into(
    namespaces: dict[str, Any] | None, places: list[tuple[str, str]], tmp_path: Path
) -> None:
    entry = {"role": "Pod"} if namespaces is None else {"role": "Pod", "namespaces": namespaces}
    assert sorted(_rules(_discovering(tmp_path, entry))) == places


def test_what_the_whole_cluster_grants_no_namespace_repeats(tmp_path: Path) -> None:
    result = _discovering(
        tmp_path, {"role": "Pod"}, {"role": "Endpoints", "namespaces": {"names": ["shop"]}}, {"role": "Pod"}
    )
    assert _rules(result) == {("ClusterRole", ""): [_core("pods")], ("Role", "shop"): [_core("endpoints", "services")]}


def test_attached_metadata_of_nodes_is_read_cluster_wide(tmp_path: Path) -> None:
    entry = {"role": "Pod", "namespaces": {"names": ["shop"]}, "attachMetadata": {"node": True}}
    assert _rules(_discovering(tmp_path, entry)) == {
        ("ClusterRole", ""): [_core("nodes")],
        ("Role", "shop"): [_core("pods")],
    }


def test_another_cluster_is_not_read_with_this_account(tmp_path: Path) -> None:
    assert _rules(_discovering(tmp_path, {"role": "Pod", "apiServer": "https://elsewhere:6443"})) == {}


def test_targets_that_are_shown_the_token_ask_for_rights(tmp_path: Path) -> None:
    monitor = manifest(
        "ServiceMonitor",
        {
            "selector": {},
            "endpoints": [
                {"port": "a", "bearerTokenFile": TOKEN_FILE},
                {"port": "a", "path": "/metrics/slis", "bearerTokenFile": TOKEN_FILE},
                {"port": "a", "path": "/metrics/cadvisor", "bearerTokenFile": TOKEN_FILE},
                {"port": "a", "path": "/secret/*"},
            ],
        },
    )
    result = rendered(tmp_path, [manifest("Prometheus", {"serviceMonitorSelector": {}}), monitor], RBAC)
    assert _rules(result)["ClusterRole", ""] == [
        {"apiGroups": [""], "resources": ["nodes/metrics"], "verbs": ["get"]},
        {"nonResourceURLs": ["/metrics", "/metrics/slis"], "verbs": ["get"]},
    ]


def test_alertmanagers_and_additional_jobs_are_discovered_too(tmp_path: Path) -> None:
    ingresses = "- job_name: a\n  kubernetes_sd_configs:\n  - role: ingress\n    namespaces: {names: [shop]}\n"
    jobs = f"{ingresses}- job_name: b\n  kubernetes_sd_configs: all\n"
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "jobs", "namespace": "monitoring"},
        "stringData": {"jobs.yaml": jobs},
    }
    spec = {
        "podMonitorSelector": {},
        "additionalScrapeConfigs": {"name": "jobs", "key": "jobs.yaml"},
        "alerting": {"alertmanagers": [{"name": "am", "namespace": "alerts", "port": "web"}]},
        "serviceDiscoveryRole": "EndpointSlice",
    }
    assert _rules(rendered(tmp_path, [manifest("Prometheus", spec), secret], RBAC)) == {
        ("Role", "alerts"): [_core("pods", "services"), SLICES],
        ("Role", "shop"): [INGRESSES],
    }


def test_a_daemon_set_has_no_rights_for_jobs_that_it_does_not_run(tmp_path: Path) -> None:
    monitors = [
        manifest("ServiceMonitor", {"selector": {}, "endpoints": [{"port": "a"}]}, name="services"),
        manifest("PodMonitor", {"selector": {}, "podMetricsEndpoints": [{"port": "a"}]}, name="pods"),
    ]
    spec = {"mode": "DaemonSet", "podMonitorSelector": {}}
    options = Options(rbac=True, feature_gates={"PrometheusAgentDaemonSet": True})
    result = rendered(tmp_path, [manifest("PrometheusAgent", spec), *monitors], options)
    assert _rules(result) == {("Role", "monitoring"): [_core("pods")]}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("Prometheus", "prometheus-main"),
        ("PrometheusAgent", "prom-agent-main"),
        ("Alertmanager", "alertmanager-main"),
        ("ThanosRuler", "thanos-ruler-main"),
    ],
)
def test_pods_run_as_an_account_of_their_own(kind: str, name: str, tmp_path: Path) -> None:
    spec = {"queryEndpoints": ["dns+thanos:9090"]} if kind == "ThanosRuler" else {}
    result = rendered(tmp_path, [manifest(kind, spec)], RBAC)
    account = one(result, "ServiceAccount")
    assert (account["metadata"]["name"], account["automountServiceAccountToken"]) == (name, False)
    assert one(result, "StatefulSet")["spec"]["template"]["spec"]["serviceAccountName"] == name


def test_an_account_that_is_there_is_not_made(tmp_path: Path) -> None:
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "theirs", "namespace": "monitoring"},
    }
    servers = [
        manifest("Prometheus", {"serviceAccountName": name}, name=f"for-{name}") for name in ("theirs", "default")
    ]
    result = rendered(tmp_path, [account, *servers], RBAC)
    assert [made for made in result.objects if made["kind"] == "ServiceAccount"] == []


def test_one_account_for_all_that_name_it_and_owned_by_none(tmp_path: Path) -> None:
    servers = [
        manifest("Prometheus", {"serviceAccountName": "shared"}, name=name, uid=f"uid-{name}") for name in ("a", "b")
    ]
    result = rendered(tmp_path, servers, RBAC)
    assert "ownerReferences" not in one(result, "ServiceAccount", "shared")["metadata"]


def test_only_a_role_beside_its_owner_belongs_to_it(tmp_path: Path) -> None:
    config = _scrape_config(
        {"kubernetesSDConfigs": [{"role": "Pod", "namespaces": {"names": ["shop", "monitoring"]}}, {"role": "Node"}]}
    )
    server = manifest("Prometheus", {"scrapeConfigSelector": {}}, uid="1-a")
    result = rendered(tmp_path, [server, config], RBAC)
    owned = {
        (made["kind"], made["metadata"].get("namespace", ""))
        for made in result.objects
        if "Role" in made["kind"] and "ownerReferences" in made["metadata"]
    }
    assert owned == {("Role", "monitoring"), ("RoleBinding", "monitoring")}
    binding = one(result, "ClusterRoleBinding", NAME)
    assert binding["roleRef"]["name"] == NAME
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "prometheus-main", "namespace": "monitoring"}]


def test_a_configuration_of_the_users_own_gets_no_rights_and_says_so(tmp_path: Path) -> None:
    result = rendered(tmp_path, [manifest("Prometheus", {})], RBAC)
    assert _rules(result) == {}
    assert [finding.code for finding in result.findings if "rights" in finding.message] == ["unmanaged"]


def test_nothing_of_it_is_made_unasked(tmp_path: Path) -> None:
    result = rendered(tmp_path, [manifest("Prometheus", {"podMonitorSelector": {}})], Options())
    assert "ServiceAccount" not in {made["kind"] for made in result.objects}
    assert "serviceAccountName" not in one(result, "StatefulSet")["spec"]["template"]["spec"]
