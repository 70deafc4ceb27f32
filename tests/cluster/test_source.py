"""`--from-cluster`: a real API server as a source, what it refuses, and what happens when it goes away."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from render.sources import api_server as access
from render.sources import cluster as source
from render.sources.unusable import UnusableSourceError
from tests.cli.manifests import PROMETHEUS, SECRET, SECRET_VALUE, service_monitor
from tests.cli.promrender import Ran, promrender
from tests.reloaders.api_server import TOKEN, api_server, etcd
from tests.rendered import entries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cluster.conftest import Cluster

pytestmark = pytest.mark.xdist_group("kube-apiserver")

MONITORS = 600


@pytest.fixture(scope="module")
def filled(cluster: Cluster) -> Cluster:
    """The cluster with a namespace of its own: a Prometheus, its Secret and many monitors."""
    cluster.api.namespace("mon")
    cluster.kubectl("create", "-f", "-", stdin="---\n".join((PROMETHEUS, SECRET, service_monitor("good"))))
    for number in range(MONITORS):
        raw = {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "ServiceMonitor",
            "metadata": {"name": f"many-{number:04}"},
            "spec": {"selector": {}, "endpoints": [{"port": "web"}]},
        }
        url = f"{cluster.api.url}/apis/monitoring.coreos.com/v1/namespaces/mon/servicemonitors"
        cluster.connection.post(url, json=raw, timeout=20).raise_for_status()
    return cluster


def _render(cluster: Cluster, *arguments: str | Path, token: str = TOKEN) -> Ran:
    kubeconfig = cluster.api.kubeconfig(token)
    ran = promrender("render", "-o", "json", "--from-cluster", "--kubeconfig", kubeconfig, *arguments)
    assert SECRET_VALUE not in ran.err
    assert token not in ran.err
    return ran


def _configuration(ran: Ran) -> str:
    (made,) = [item for item in json.loads(ran.out)["items"] if item["metadata"]["name"] == "prometheus-main"]
    return entries(made)["prometheus.yaml"]


def test_a_cluster_gives_what_its_manifests_give(filled: Cluster, tmp_path: Path) -> None:
    for kind in ("prometheus", "servicemonitor", "secret"):
        items = json.loads(filled.kubectl("get", kind, "-n", "mon", "-o", "json"))
        (tmp_path / f"{kind}.json").write_text(json.dumps(items))
    ran = _render(filled, "--cluster-namespace", "mon")
    assert (ran.status, ran.out) == (0, promrender("render", "-o", "json", tmp_path).out)
    everywhere = _render(filled, "--all-namespaces", "--only-namespace", "mon")
    assert _configuration(everywhere) == _configuration(ran)
    assert _configuration(ran).count("job_name: serviceMonitor/mon/many-") == MONITORS


def test_lists_are_read_by_pages_and_calls_are_counted(filled: Cluster) -> None:
    ran = _render(filled, "-v", "--cluster-namespace", "mon", "--cluster-kind", "servicemonitor", "--allow-empty")
    pages = -(-(MONITORS + 1) // access.PAGE)
    assert f"{MONITORS + 1} objects of the cluster were read in {pages} calls" in ran.err


def test_what_files_say_goes_first_and_the_cluster_fills_in(filled: Cluster, tmp_path: Path) -> None:
    changed = PROMETHEUS + "  scrapeInterval: 17s\n"
    (tmp_path / "prometheus.yaml").write_text(changed)
    (tmp_path / "monitor.yaml").write_text(service_monitor("good"))
    ran = _render(filled, "--cluster-namespace", "mon", "--cluster-kind", "Secret", tmp_path)
    assert (ran.status, ran.err) == (0, "1 notice (-v shows them)\n")
    configuration = _configuration(ran)
    assert "scrape_interval: 17s" in configuration
    assert SECRET_VALUE in configuration
    assert "many-" not in configuration


WATCHED = """
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: watched, labels: {app: shop}}
spec: {selector: {app: shop}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: watched}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: shop, ports: [{name: pages, containerPort: 8080}]}]}
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: pods, namespace: watched}
spec: {selector: {matchLabels: {app: shop}}, podMetricsEndpoints: [{port: metrics}]}
"""


def test_a_cluster_is_validated_with_what_its_monitors_select(cluster: Cluster, tmp_path: Path) -> None:
    cluster.api.namespace("watched")
    monitor = service_monitor("shop").replace("selector: {}", "selector: {matchLabels: {app: shop}}")
    own = f"{PROMETHEUS}---\n{SECRET}---\n{monitor}".replace("namespace: mon", "namespace: watched")
    cluster.kubectl("apply", "-f", "-", stdin=f"{own}---{WATCHED}")
    arguments = ("--from-cluster", "--kubeconfig", cluster.api.kubeconfig(), "--cluster-namespace", "watched")
    ran = promrender("validate", *arguments, "-o", "json")
    assert (ran.status, ran.err) == (0, "")
    told = {finding["code"]: finding["message"] for finding in json.loads(ran.out)["findings"]}
    assert told.keys() == {"service-port-not-found", "pod-port-not-found"}
    assert "http (80)" in told["service-port-not-found"]
    assert "pages (8080)" in told["pod-port-not-found"]
    corrected = WATCHED.replace("http", "web").replace("pages", "metrics")
    (tmp_path / "change.yaml").write_text(corrected)
    assert json.loads(promrender("validate", *arguments, "-o", "json", tmp_path).out)["findings"] == []


def test_services_that_may_not_be_read_are_listed_for_validation(filled: Cluster) -> None:
    kubeconfig = filled.api.kubeconfig(_holder(filled, "validator", ["*"], "monitoring.coreos.com"))
    ran = promrender("validate", "--from-cluster", "--kubeconfig", kubeconfig, "--cluster-namespace", "mon")
    assert (ran.status, ran.out) == (2, "")
    assert "Service in mon: no ServiceMonitor is compared with Services" in ran.err


def _holder(cluster: Cluster, name: str, resources: list[str], group: str) -> str:
    """The token of a service account that may list some resources in the namespace mon."""
    roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/mon"
    rules: list[Any] = [{"apiGroups": [group], "resources": resources, "verbs": ["list"]}]
    subject = {"kind": "ServiceAccount", "name": name, "namespace": "mon"}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name}
    account = "/api/v1/namespaces/mon/serviceaccounts"
    for path, body in (
        (account, {}),
        (f"{roles}/roles", {"rules": rules}),
        (f"{roles}/rolebindings", {"subjects": [subject], "roleRef": reference}),
    ):
        cluster.api.call("POST", path, body | {"metadata": {"name": name}}).raise_for_status()
    answer = cluster.api.call("POST", f"{account}/{name}/token", {"spec": {}})
    answer.raise_for_status()
    return str(answer.json()["status"]["token"])


def test_what_may_not_be_read_is_listed_with_what_it_means(filled: Cluster) -> None:
    token = _holder(filled, "reader", ["*"], "monitoring.coreos.com")
    ran = _render(filled, "--cluster-namespace", "mon", token=token)
    assert (ran.status, ran.out) == (2, "")
    assert "Secret in mon: every reference to a Secret is an error" in ran.err
    assert "ConfigMap in mon: " in ran.err
    assert "ServiceMonitor in" not in ran.err
    assert "--cluster-kind" in ran.err
    kinds = [argument for kind in ("Prometheus", "ServiceMonitor") for argument in ("--cluster-kind", kind)]
    allowed = _render(filled, "--cluster-namespace", "mon", *kinds, token=token)
    assert allowed.status == 1
    assert "Secret mon/login does not exist" in allowed.err


def test_wrong_access_is_trouble(filled: Cluster, tmp_path: Path) -> None:
    where = ("--cluster-namespace", "mon")
    wrong = _render(filled, *where, token="wrong-token")  # noqa: S106 - wrong on purpose
    assert (wrong.status, wrong.out) == (2, "")
    assert "the API server refuses the credentials" in wrong.err
    context = _render(filled, *where, "--context", "gone")
    assert (context.status, context.out) == (2, "")
    assert "gone" in context.err
    empty = tmp_path / "kubeconfig"
    for text in ("", "a: [", "apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n"):
        empty.write_text(text)
        ran = promrender("render", "--from-cluster", "--kubeconfig", empty, *where)
        assert (ran.status, ran.out) == (2, "")
        assert "--kubeconfig" in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--from-cluster"], "either --cluster-namespace or --all-namespaces"),
        (["--from-cluster", "--all-namespaces", "--cluster-namespace", "a"], "either"),
        (["--cluster-namespace", "a"], "needs --from-cluster"),
        (["--from-cluster", "--all-namespaces", "--cluster-kind", "Pod"], "known are Namespace, Secret"),
    ],
)
def test_wrong_flags_are_usage(arguments: list[str], says: str, tmp_path: Path) -> None:
    ran = promrender("render", *arguments, tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err


NO_CONTEXT = """
apiVersion: v1
kind: Config
users: []
clusters: [{name: gone, cluster: {server: "http://127.0.0.1:1"}}]
contexts: [{name: gone, context: {cluster: gone, user: ""}}]
"""


@pytest.mark.parametrize(
    "command",
    [
        ("render", "--from-cluster", "--all-namespaces"),
        ("validate", "--from-cluster", "--all-namespaces"),
        ("apply", "prometheus.yaml"),
        ("apply", "prometheus.yaml", "--dry-run"),
        ("diff", "prometheus.yaml", "--live"),
    ],
)
def test_no_context_and_no_cluster_are_trouble_for_every_command(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "kubeconfig").write_text(NO_CONTEXT)
    (tmp_path / "prometheus.yaml").write_text(PROMETHEUS)
    without = promrender(*command, "--kubeconfig", "kubeconfig", cwd=tmp_path)
    assert (without.status, without.out) == (2, "")
    assert "(correct --kubeconfig or --context)" in without.err
    gone = promrender(*command, "--kubeconfig", "kubeconfig", "--context", "gone", cwd=tmp_path)
    assert (gone.status, gone.out) == (2, "")
    assert "does not answer" in gone.err


def test_a_cluster_without_definitions_and_one_that_goes_away(
    tool: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "PAGE", 1)
    with ExitStack() as running:
        storage = running.enter_context(etcd(tool, tmp_path))
        serving = ExitStack()
        running.enter_context(serving)
        api = serving.enter_context(api_server(tool, tmp_path, storage))
        api.namespace("mon")
        for name in ("a", "b", "c"):
            api.put("secret", "mon", name, {"k": "v"})
        kubeconfig = str(api.kubeconfig())
        with pytest.raises(UnusableSourceError, match="does not know the monitoring API"):
            list(source.Cluster(kubeconfig, namespaces=["mon"]).documents())
        reading = source.Cluster(kubeconfig, namespaces=["mon"], kinds=frozenset({"Secret"})).documents()
        assert next(reading).raw["metadata"]["name"] == "a"
        serving.close()
        with pytest.raises(UnusableSourceError, match="the API server does not answer"):
            list(reading)
