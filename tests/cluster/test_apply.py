"""`promrender apply` with a real API server: a plan first, only its own fields, only its own objects removed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.manifests import PROMETHEUS, SECRET, SECRET_VALUE, prometheus_rule, service_monitor
from tests.cli.promrender import Ran, promrender

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cluster.conftest import Cluster

pytestmark = pytest.mark.xdist_group("kube-apiserver")

NAMESPACE = "applied"
MADE = "secret/prometheus-main"


@pytest.fixture
def tree(tmp_path: Path, cluster: Cluster) -> Path:
    """Manifests to apply to a namespace that exists."""
    cluster.api.namespace(NAMESPACE)
    for name, text in {"p": PROMETHEUS, "s": SECRET, "m": service_monitor("good")}.items():
        _write(tmp_path, name, text)
    return tmp_path


def _write(tree: Path, name: str, text: str) -> None:
    (tree / f"{name}.yaml").write_text(text.replace("namespace: mon", f"namespace: {NAMESPACE}"))


def _apply(cluster: Cluster, tree: Path, *arguments: str) -> Ran:
    ran = promrender("apply", "--kubeconfig", cluster.api.kubeconfig(), *arguments, tree)
    assert SECRET_VALUE not in ran.out + ran.err
    return ran


def _names(cluster: Cluster) -> set[str]:
    listed = cluster.kubectl("get", "secret,configmap", "-n", NAMESPACE, "-o", "name", "-l", "promrender.dev/apply-set")
    return set(listed.split())


def test_from_the_plan_to_the_removal(cluster: Cluster, tree: Path) -> None:
    planned = _apply(cluster, tree, "--dry-run")
    assert planned.status == 1
    assert f"create Secret/{NAMESPACE}/prometheus-main\n" in planned.out
    assert not _names(cluster)
    applied = _apply(cluster, tree)
    assert applied.status == 1, applied.err
    assert applied.out == planned.out.replace("create ", "created ")
    assert MADE in _names(cluster)
    assert _apply(cluster, tree, "--dry-run") == Ran(0, "", "")
    assert _apply(cluster, tree) == Ran(0, "", "")
    raw = json.loads(cluster.kubectl("get", MADE, "-n", NAMESPACE, "-o", "json", "--show-managed-fields"))
    assert [entry["manager"] for entry in raw["metadata"]["managedFields"]] == ["promrender"]
    _write(tree, "m", service_monitor("better"))
    assert _apply(cluster, tree, "--dry-run").out == f"change Secret/{NAMESPACE}/prometheus-main\n"
    assert _apply(cluster, tree) == Ran(1, f"changed Secret/{NAMESPACE}/prometheus-main\n", "")
    cluster.api.put("secret", NAMESPACE, "of-another", {"k": "v"}, labels={"promrender.dev/apply-set": "other"})
    cluster.api.put("secret", NAMESPACE, "of-nobody", {"k": "v"})
    _write(tree, "p", PROMETHEUS.replace("name: main", "name: second"))
    assert "remove " not in _apply(cluster, tree, "--dry-run").out
    assert f"remove Secret/{NAMESPACE}/prometheus-main\n" in _apply(cluster, tree, "--dry-run", "--prune").out
    assert _apply(cluster, tree, "--prune").status == 1
    assert _apply(cluster, tree, "--prune") == Ran(0, "", "")
    left = _names(cluster)
    assert MADE not in left
    assert {"secret/prometheus-second", "secret/of-another"} <= left
    assert cluster.kubectl("get", "secret", "of-nobody", "-n", NAMESPACE, "-o", "name").strip() == "secret/of-nobody"


def test_a_conflict_is_refused_before_anything_is_applied(cluster: Cluster, tree: Path) -> None:
    _write(tree, "p", PROMETHEUS.replace("name: main", "name: contended"))
    cluster.api.put("secret", NAMESPACE, "prometheus-contended", {"prometheus.yaml.gz": "of another"})
    ran = _apply(cluster, tree)
    assert ran.status == 2
    assert "nothing is applied" in ran.err
    assert "another field manager owns a field" in ran.err
    assert not [name for name in _names(cluster) if "contended" in name]
    assert _apply(cluster, tree, "--force-conflicts").status == 1
    assert "secret/prometheus-contended" in _names(cluster)


def test_errors_apply_nothing(cluster: Cluster, tree: Path) -> None:
    _write(tree, "p", PROMETHEUS.replace("name: main", "name: broken"))
    _write(tree, "bad", prometheus_rule("bad", "rate(up[5m)"))
    ran = _apply(cluster, tree)
    assert (ran.status, ran.out) == (2, "")
    (tree / "bad.yaml").unlink()
    _write(tree, "p", PROMETHEUS.replace("name: main", "name: broken").replace("namespace: mon", "namespace: nowhere"))
    ran = _apply(cluster, tree)
    assert ran.status == 2
    assert "there is no such namespace" in ran.err
    assert not [name for name in _names(cluster) if "broken" in name]
    gone = promrender("apply", "--kubeconfig", tree / "gone", tree)
    assert gone.status == 2
    assert _apply(cluster, tree, "--set", "a b").status == 2


def test_the_live_objects_are_compared_with_what_applying_would_make_of_them(cluster: Cluster, tree: Path) -> None:
    _write(tree, "p", PROMETHEUS.replace("name: main", "name: compared"))
    access = ("--live", "--kubeconfig", cluster.api.kubeconfig(), "--set", "any")
    arguments = ("diff", "--workloads", tree, *access)
    before = promrender(*arguments)
    assert before.status == 1, before.err
    assert f"added Secret/{NAMESPACE}/prometheus-compared\n" in before.out
    assert "secret/prometheus-compared" not in _names(cluster)
    assert _apply(cluster, tree, "--workloads", "--set", "any").status == 1
    assert promrender(*arguments) == Ran(0, "", "")
    foreign = json.dumps({"data": {"of-another": "Zm9yZWlnbi12YWx1ZQ=="}})
    cluster.kubectl("patch", "secret", "prometheus-compared", "-n", NAMESPACE, "--type=merge", "-p", foreign)
    _write(tree, "s", SECRET.replace(SECRET_VALUE, "fresh-value-0815"))
    ran = promrender(*arguments)
    assert ran.status == 1
    assert ran.out.startswith(f"changed Secret/{NAMESPACE}/prometheus-compared\n")
    assert f"\n-      password: <not shown>\n+      password: <secret {NAMESPACE}/login:password>\n" in ran.out
    for value in (SECRET_VALUE, "fresh-value-0815", "foreign-value", "Zm9yZWlnbi12YWx1ZQ"):
        assert value not in before.out + ran.out + ran.err
    assert promrender("diff", tree, "--live", "--kubeconfig", tree / "gone").status == 2


def test_what_is_no_longer_made_is_shown_as_removed(cluster: Cluster, tree: Path) -> None:
    cluster.api.namespace("left")
    _write(tree, "q", PROMETHEUS.replace("name: main", "name: quit").replace("namespace: mon", "namespace: left"))
    assert _apply(cluster, tree, "--set", "shown").status == 1
    access = ("--live", "--kubeconfig", cluster.api.kubeconfig())
    same = promrender("diff", tree, *access, "--set", "shown")
    assert same == Ran(0, "", "")
    (tree / "q.yaml").unlink()
    ran = promrender("diff", tree, *access, "--set", "shown")
    assert (ran.status, ran.err) == (1, "")
    assert "removed Secret/left/prometheus-quit\n@@ " in ran.out
    assert "\n-global:\n" in ran.out.replace("-  global:", "-global:")
    assert "prometheus-main" not in ran.out
    assert SECRET_VALUE not in ran.out
    assert promrender("diff", tree, *access, "--set", "of-nothing") == Ran(0, "", "")
    assert promrender("diff", tree, *access, "--set", "shown", "--only", "Prometheus/main") == Ran(0, "", "")
    assert promrender("diff", tree, *access, "--set", "shown", "--only-namespace", NAMESPACE) == Ran(0, "", "")


def test_what_runs_the_servers_and_is_of_the_whole_cluster_is_applied_and_removed(cluster: Cluster, tree: Path) -> None:
    flags = ("--workloads", "--rbac", "--set", "whole", "--prune", "--force-conflicts")
    _write(tree, "p", PROMETHEUS.replace("name: main", "name: whole"))
    _write(tree, "m", service_monitor("good").replace("selector: {}", "selector: {}\n  namespaceSelector: {any: true}"))
    applied = _apply(cluster, tree, *flags)
    assert applied.status == 1, applied.err
    assert f"created StatefulSet/{NAMESPACE}/prometheus-whole\n" in applied.out
    assert f"created ClusterRole//prometheus-{NAMESPACE}.whole\n" in applied.out
    assert _apply(cluster, tree, *flags) == Ran(0, "", applied.err)
    _write(tree, "p", PROMETHEUS.replace("name: main", "name: smaller"))
    removed = _apply(cluster, tree, *flags)
    assert f"removed StatefulSet/{NAMESPACE}/prometheus-whole\n" in removed.out
    assert f"removed ClusterRole//prometheus-{NAMESPACE}.whole\n" in removed.out


def test_objects_of_another_set_are_refused(cluster: Cluster, tree: Path) -> None:
    _write(tree, "p", PROMETHEUS.replace("name: main", "name: disputed"))
    assert _apply(cluster, tree, "--set", "first").status == 1
    ran = _apply(cluster, tree, "--set", "second")
    assert ran.status == 2
    assert "Secret/applied/prometheus-disputed: it belongs to --set first; --force-conflicts takes it over" in ran.err
    assert _apply(cluster, tree, "--set", "first") == Ran(0, "", "")
    assert _apply(cluster, tree, "--set", "second", "--force-conflicts").status == 1
    assert _apply(cluster, tree, "--set", "second") == Ran(0, "", "")
