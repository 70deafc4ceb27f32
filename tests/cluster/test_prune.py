"""`promrender apply --prune`: what an earlier run of the same set applied goes, wherever it is, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.manifests import PROMETHEUS
from tests.cli.promrender import Ran, promrender

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cluster.conftest import Cluster

pytestmark = pytest.mark.xdist_group("kube-apiserver")

KEPT, GONE = "prune-kept", "prune-gone"
LABEL = "promrender.dev/apply-set"
RBAC = "/apis/rbac.authorization.k8s.io/v1"


def _prometheus(tree: Path, namespace: str, name: str = "main") -> Path:
    file = tree / f"{namespace}-{name}.yaml"
    text = PROMETHEUS.replace("namespace: mon", f"namespace: {namespace}").replace("name: main", f"name: {name}")
    file.write_text(text)
    return file


@pytest.fixture
def tree(tmp_path: Path, cluster: Cluster) -> Path:
    """A Prometheus in each of two namespaces, in which nothing is applied."""
    for namespace in (KEPT, GONE):
        cluster.api.namespace(namespace)
        cluster.kubectl("delete", "secret,configmap", "--all", "-n", namespace)
        _prometheus(tmp_path, namespace)
    return tmp_path


def _apply(cluster: Cluster, tree: Path, *arguments: str, token: str = "") -> Ran:
    kubeconfig = cluster.api.kubeconfig(token) if token else cluster.api.kubeconfig()
    ran = promrender("apply", "--kubeconfig", kubeconfig, *arguments, tree)
    assert not token or token not in ran.out + ran.err
    return ran


def _secrets(cluster: Cluster, namespace: str, apply_set: str) -> set[str]:
    listed = cluster.kubectl("get", "secret", "-n", namespace, "-o", "name", "-l", f"{LABEL}={apply_set}")
    return {name.removeprefix("secret/") for name in listed.split()}


def test_a_namespace_that_is_no_longer_rendered_is_emptied_of_the_set(
    cluster: Cluster, tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert _apply(cluster, tree, "--set", "both").status == 1
    other = tmp_path_factory.mktemp("other")
    _prometheus(other, GONE, "of-another")
    assert _apply(cluster, other, "--set", "of-another").status == 1
    before = _secrets(cluster, GONE, "of-another")
    ours = _secrets(cluster, GONE, "both")
    assert before
    assert ours
    (tree / f"{GONE}-main.yaml").unlink()
    planned = _apply(cluster, tree, "--set", "both", "--prune", "--dry-run")
    assert (planned.status, planned.err) == (1, "")
    assert {line for line in planned.out.splitlines() if "Secret/" in line} == {
        f"remove Secret/{GONE}/{name}" for name in ours
    }
    assert _secrets(cluster, GONE, "both") == ours
    assert _apply(cluster, tree, "--set", "both", "--prune") == Ran(1, planned.out.replace("remove ", "removed "), "")
    assert not _secrets(cluster, GONE, "both")
    assert _secrets(cluster, GONE, "of-another") == before
    assert "prometheus-main" in _secrets(cluster, KEPT, "both")
    assert _apply(cluster, tree, "--set", "both", "--prune") == Ran(0, "", "")


def test_a_copy_with_our_label_by_another_tool_stays(cluster: Cluster, tree: Path) -> None:
    assert _apply(cluster, tree, "--set", "copied").status == 1
    cluster.api.put("secret", GONE, "copy", {"k": "v"}, labels={LABEL: "copied"})
    patch = json.dumps({"metadata": {"labels": {"team": "a"}}})
    cluster.kubectl("patch", "secret", "prometheus-main", "-n", GONE, "--type=merge", "-p", patch)
    (tree / f"{GONE}-main.yaml").unlink()
    assert f"removed Secret/{GONE}/prometheus-main\n" in _apply(cluster, tree, "--set", "copied", "--prune").out
    assert _secrets(cluster, GONE, "copied") == {"copy"}


def test_nothing_rendered_removes_everything_only_when_that_is_allowed(cluster: Cluster, tree: Path) -> None:
    assert _apply(cluster, tree, "--set", "emptied").status == 1
    for file in tree.iterdir():
        file.unlink()
    refused = _apply(cluster, tree, "--set", "emptied", "--prune")
    assert (refused.status, refused.out) == (2, "")
    assert "--allow-empty" in refused.err
    assert _secrets(cluster, GONE, "emptied")
    allowed = _apply(cluster, tree, "--set", "emptied", "--prune", "--allow-empty")
    assert (allowed.status, allowed.err) == (1, "")
    assert not _secrets(cluster, GONE, "emptied") | _secrets(cluster, KEPT, "emptied")


def test_flags_that_narrow_what_is_rendered_do_not_remove_the_rest(cluster: Cluster, tree: Path) -> None:
    assert _apply(cluster, tree, "--set", "narrowed").status == 1
    for narrow in (("--only", "Prometheus/main"), ("--only-namespace", KEPT)):
        refused = _apply(cluster, tree, "--set", "narrowed", "--prune", *narrow)
        assert (refused.status, refused.out) == (2, "")
        assert "--prune would remove what --only and --only-namespace leave out" in refused.err
        assert _apply(cluster, tree, "--set", "narrowed", *narrow) == Ran(0, "", "")
    assert _secrets(cluster, GONE, "narrowed")
    assert _apply(cluster, tree, "--prune-namespace", GONE).status == 2


def _deployer(cluster: Cluster, name: str) -> str:
    """The token of an account that may do everything with Secrets and ConfigMaps in the two namespaces, no more."""
    rule = {"apiGroups": [""], "resources": ["secrets", "configmaps"], "verbs": ["*"]}
    subject = {"kind": "ServiceAccount", "name": name, "namespace": KEPT}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name}
    accounts = f"/api/v1/namespaces/{KEPT}/serviceaccounts"
    bodies: list[tuple[str, dict[str, Any]]] = [(accounts, {})]
    for namespace in (KEPT, GONE):
        roles = f"{RBAC}/namespaces/{namespace}"
        bodies += [(f"{roles}/roles", {"rules": [rule]})]
        bodies += [(f"{roles}/rolebindings", {"subjects": [subject], "roleRef": reference})]
    for path, body in bodies:
        cluster.api.call("POST", path, body | {"metadata": {"name": name}}).raise_for_status()
    answer = cluster.api.call("POST", f"{accounts}/{name}/token", {"spec": {}})
    answer.raise_for_status()
    return str(answer.json()["status"]["token"])


def test_an_account_without_a_list_of_all_namespaces_is_told_what_was_not_looked_for(
    cluster: Cluster, tree: Path
) -> None:
    token = _deployer(cluster, "deployer")
    assert _apply(cluster, tree, "--set", "modest", token=token).status == 1
    _prometheus(tree, KEPT, "next")
    (tree / f"{KEPT}-main.yaml").unlink()
    (tree / f"{GONE}-main.yaml").unlink()
    ran = _apply(cluster, tree, "--set", "modest", "--prune", token=token)
    assert ran.status == 1
    assert f"removed Secret/{KEPT}/prometheus-main\n" in ran.out
    assert GONE not in ran.out
    assert f"Secret, ConfigMap: what is no longer made was looked for in {KEPT} only" in ran.err.replace(
        "DaemonSet, StatefulSet, Service, ", ""
    ).replace(", RoleBinding, Role, ServiceAccount", "")
    assert "Allow the verb list there, by a ClusterRole, or name the namespaces with --prune-namespace" in ran.err
    assert "ClusterRoleBinding, ClusterRole" in ran.err
    assert _secrets(cluster, GONE, "modest")
    named = _apply(cluster, tree, "--set", "modest", "--prune", "--prune-namespace", GONE, token=token)
    assert f"removed Secret/{GONE}/prometheus-main\n" in named.out
    assert "what is no longer made was looked for in" not in named.err
    assert f"StatefulSet in {GONE}" in named.err
    assert not _secrets(cluster, GONE, "modest")
    compared = promrender("diff", "--live", "--set", "modest", "--kubeconfig", cluster.api.kubeconfig(token), tree)
    assert (compared.status, compared.out) == (0, "")
    assert f"looked for in {KEPT} only" in compared.err
