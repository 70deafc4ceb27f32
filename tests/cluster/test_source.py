"""`--from-cluster`: a real API server as a source, what it refuses, and what happens when it goes away."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import pytest

from render.sources import api_server as access
from render.sources import cluster as source
from render.sources.unusable import UnusableSourceError
from tests.cli.manifests import PROMETHEUS, SECRET, SECRET_VALUE, service_monitor
from tests.cli.promrender import Ran, promrender
from tests.cluster.conftest import Cluster
from tests.places import ROOT
from tests.reloaders.api_server import TOKEN, api_server, etcd
from tests.reloaders.daemons import eventually
from tests.rendered import entries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.reloaders.api_server import ApiServer

pytestmark = pytest.mark.xdist_group("kube-apiserver")

MONITORS = 2_000
CLIENTS = 4
MEGABYTES = 150
"""What a run with MONITORS may take at most; it takes 80, of which 60 are the client library's."""


@pytest.fixture(scope="module")
def filled(cluster: Cluster) -> Cluster:
    """The cluster with a namespace of its own: a Prometheus, its Secret and many monitors."""
    cluster.api.namespace("mon")
    cluster.kubectl("create", "-f", "-", stdin="---\n".join((PROMETHEUS, SECRET, service_monitor("good"))))
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(partial(_make_monitors, cluster), range(CLIENTS)))
    return cluster


def _make_monitors(cluster: Cluster, client: int) -> None:
    """Make the part of the monitors that falls to one of the clients."""
    url = f"{cluster.api.url}/apis/monitoring.coreos.com/v1/namespaces/mon/servicemonitors"
    with cluster.connect() as connection:
        for number in range(client, MONITORS, CLIENTS):
            raw = {
                "apiVersion": "monitoring.coreos.com/v1",
                "kind": "ServiceMonitor",
                "metadata": {"name": f"many-{number:04}"},
                "spec": {"selector": {}, "endpoints": [{"port": "web"}]},
            }
            connection.post(url, json=raw, timeout=20).raise_for_status()


MEASURED = """
import atexit, pathlib, sys
from render.cli import main
atexit.register(lambda: sys.stderr.write(pathlib.Path("/proc/self/status").read_text()))
main()
"""
"""The command, and what the system knows of it at the end: what `wait4` says counts the process that forked it, too."""


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


def _lists(cluster: Cluster) -> Counter[str]:
    """How many lists of our kinds the API server has answered, as it counts them itself."""
    counted: Counter[str] = Counter()
    for line in cluster.api.call("GET", "/metrics").text.splitlines():
        if line.startswith("apiserver_request_total{"):
            labels = dict(re.findall(r'(\w+)="([^"]*)"', line))
            if labels["group"] == "monitoring.coreos.com" and labels["verb"] == "LIST":
                counted[labels["resource"]] += int(float(line.rpartition(" ")[2]))
    return counted


def test_two_thousand_monitors_take_few_calls_and_little_memory(filled: Cluster) -> None:
    arguments = ("-o", "json", "-v", "--from-cluster", "--cluster-namespace", "mon")
    before = _lists(filled)
    command = [sys.executable, "-c", MEASURED, "render", *arguments, "--kubeconfig", str(filled.api.kubeconfig())]
    ran = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, timeout=60, check=False)
    told = ran.stderr
    assert ran.returncode == 0, told
    pages = -(-(MONITORS + 1) // access.PAGE)
    kinds = {listed.plural for listed in source.KINDS if listed.monitoring}
    assert _lists(filled) - before == Counter(dict.fromkeys(kinds, 1) | {"servicemonitors": pages})
    others = 3  # a Namespace, Secrets, ConfigMaps
    assert f" objects of the cluster were read in {pages + len(kinds) - 1 + others} calls" in told
    peak = re.search(r"^VmHWM:\s+(\d+) kB$", told, re.MULTILINE)
    assert peak is not None
    assert int(peak[1]) * 1024 < MEGABYTES * 1_000_000


def _peak(filled: Cluster) -> int:
    """The memory in bytes that reading all monitors takes at most, when nobody keeps them."""
    reading = source.Cluster(str(filled.api.kubeconfig()), namespaces=["mon"], kinds=frozenset({"ServiceMonitor"}))
    tracemalloc.start()
    try:
        assert sum(1 for _ in reading.documents()) == MONITORS + 1
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_no_more_than_a_page_is_kept(filled: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    _peak(filled)  # what is loaded once
    by_pages = _peak(filled)
    monkeypatch.setattr(access, "PAGE", 10 * MONITORS)
    assert by_pages < _peak(filled) / 3


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
    kubeconfig = filled.api.kubeconfig(_holder(filled, "validator", ("monitoring.coreos.com", "*")))
    ran = promrender("validate", "--from-cluster", "--kubeconfig", kubeconfig, "--cluster-namespace", "mon")
    assert (ran.status, ran.out) == (2, "")
    assert "Service in mon: no ServiceMonitor is compared with Services" in ran.err


def _holder(cluster: Cluster, name: str, *allowed: tuple[str, str]) -> str:
    """The token of a service account that may read some resources (group, name) in the namespace mon."""
    roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/mon"
    rules = [{"apiGroups": [group], "resources": [resource], "verbs": ["get", "list"]} for group, resource in allowed]
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
    token = _holder(filled, "reader", ("monitoring.coreos.com", "*"))
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


ALERTMANAGER = """
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {name: alerts, namespace: mon}
spec: {}
"""


def test_secrets_that_may_not_be_read_stop_what_needs_their_values(filled: Cluster) -> None:
    """Inline: what refers to them is named. By reference: only what takes a whole configuration from one."""
    token = _holder(filled, "without-secrets", ("monitoring.coreos.com", "*"), ("", "configmaps"), ("", "namespaces"))
    where = ("--cluster-namespace", "mon")
    inline = _render(filled, *where, token=token)
    assert (inline.status, inline.out) == (2, "")
    assert (
        "Secret in mon: every reference to a Secret is an error\n    needed by ServiceMonitor/mon/good\n" in inline.err
    )
    assert "--secrets reference needs no values of Secrets" in inline.err
    assert "ConfigMap" not in inline.err
    reference = _render(filled, *where, "--secrets", "reference", "-v", token=token)
    assert reference.status == 0
    assert "password_file: " in _configuration(reference)
    assert "Secret mon/login" in reference.err
    assert "its Secrets may not be read, so that references to them are not checked" in reference.err
    filled.kubectl("apply", "-f", "-", stdin=ALERTMANAGER)
    try:
        unknown = _render(filled, *where, "--secrets", "reference", token=token)
        assert (unknown.status, unknown.out) == (2, "")
        assert "needed by Alertmanager/mon/alerts\n" in unknown.err
        both = _render(filled, *where, token=token)
        assert "needed by Alertmanager/mon/alerts, ServiceMonitor/mon/good\n" in both.err
    finally:
        filled.kubectl("delete", "alertmanager", "alerts", "-n", "mon")


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


def _install(cluster: Cluster, *plurals: str) -> None:
    """Install some of the definitions and wait until they are served."""
    for plural in plurals:
        cluster.kubectl("apply", "-f", next((ROOT / "crds").glob(f"*{plural}.yaml")))
    for plural in plurals:
        path = f"/apis/monitoring.coreos.com/v1/{plural}"
        eventually(partial(_served, cluster.api, path), f"{plural} that are served", 30)


def _served(api: ApiServer, path: str) -> bool:
    return api.call("GET", path).ok


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
        _install(Cluster(api, tool("kubectl")), "prometheuses", "servicemonitors")
        partly = source.Cluster(kubeconfig, namespaces=["mon"])
        assert [document.raw["kind"] for document in partly.documents()].count("Secret") == len("abc")
        absent = {found.message for found in partly.findings if found.code == "cluster-kind-absent"}
        assert "the cluster does not know PodMonitor: the result lacks every PodMonitor" in absent
        assert len(absent) == len([listed for listed in source.KINDS if listed.monitoring]) - 2
        reading = source.Cluster(kubeconfig, namespaces=["mon"], kinds=frozenset({"Secret"}), patience=1.0).documents()
        assert next(reading).raw["metadata"]["name"] == "a"
        serving.close()
        with pytest.raises(UnusableSourceError, match="the API server does not answer"):
            list(reading)
