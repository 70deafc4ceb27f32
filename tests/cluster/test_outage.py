"""An API server that goes away while it is changed or read: what was done is told, and doing it again completes it."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack
from math import inf
from typing import TYPE_CHECKING

import pytest

import render
from render.options import Options
from render.output.applying import Applier, LostError, key_of
from render.sources.api_server import connect
from tests.cli.manifests import PROMETHEUS, SECRET, SECRET_VALUE, service_monitor
from tests.cli.promrender import Ran, promrender
from tests.cluster.gateway import DROP, LOSE, OVERLOADED, PAGE, REFUSED_PAGE, STARTING, Gateway, gateway, is_write
from tests.reloaders.api_server import TOKEN, api_server, etcd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cluster.conftest import Cluster

pytestmark = pytest.mark.xdist_group("kube-apiserver")

PATIENT, HASTY = ("--patience", "20"), ("--patience", "0.4")
RULE = """
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: rules, namespace: mon}
spec: {groups: [{name: g, rules: [{record: "a:b", expr: up}]}]}
"""
CLUSTER_KINDS = "serviceaccount,role,rolebinding,configmap,secret,service,statefulset"


@pytest.fixture
def shaky(cluster: Cluster) -> Iterator[Gateway]:
    with gateway(cluster.api) as between:
        yield between


@pytest.fixture
def place(cluster: Cluster, request: pytest.FixtureRequest) -> str:
    """A namespace, and a set, for one test."""
    name = f"outage-{abs(hash(request.node.name)) % 10**8}"
    cluster.api.namespace(name)
    return name


@pytest.fixture
def tree(tmp_path: Path, place: str) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    text = "---\n".join((PROMETHEUS, SECRET, service_monitor("good"))) + RULE
    (folder / "all.yaml").write_text(text.replace("namespace: mon", f"namespace: {place}"))
    return folder


def _apply(between: Gateway, tree: Path, place: str, *arguments: str) -> Ran:
    kubeconfig = between.kubeconfig(tree.parent)
    ran = promrender("apply", "--workloads", "--rbac", "--set", place, "--kubeconfig", kubeconfig, *arguments, tree)
    assert SECRET_VALUE not in ran.out + ran.err
    assert TOKEN not in ran.out + ran.err
    return ran


def _live(cluster: Cluster, place: str) -> set[str]:
    """The objects of a set that the cluster has, as Kind/namespace/name."""
    listed = cluster.kubectl("get", CLUSTER_KINDS, "-n", place, "-l", f"promrender.dev/apply-set={place}", "-o", "json")
    return {str(key_of(item)) for item in json.loads(listed)["items"]}


def _told(ran: Ran) -> dict[str, list[str]]:
    """The lists of a message about an apply that stopped, by their titles."""
    told: dict[str, list[str]] = {}
    for line in ran.err.splitlines():
        if line.endswith(":") and not line.startswith(" "):
            told[line[:-1]] = []
        elif told and line.startswith("  "):
            told[list(told)[-1]].append(line.split()[1])
    return told


@pytest.mark.parametrize("what", [DROP, LOSE, OVERLOADED])
def test_a_server_that_comes_back_lets_apply_complete(
    cluster: Cluster, shaky: Gateway, tree: Path, place: str, what: str
) -> None:
    planned = _apply(shaky, tree, place, "--dry-run")
    shaky.fail(what, after=2, times=3)
    applied = _apply(shaky, tree, place, *PATIENT)
    assert applied == Ran(1, planned.out.replace("create ", "created "), "")
    assert _live(cluster, place) == {line.split()[1] for line in planned.out.splitlines()}
    assert _apply(shaky, tree, place) == Ran(0, "", "")


def test_a_server_that_has_not_read_its_roles_yet_is_waited_for(shaky: Gateway, tree: Path, place: str) -> None:
    """As after a restart: the connection is lost, then everything is forbidden, /readyz as well, then all is fine."""
    phases = iter([DROP, STARTING, STARTING])

    def disturb(method: str, target: str) -> str:
        return next(phases, "") if target == "/readyz" or is_write(f"{method} {target}") else ""

    shaky.disturb = disturb
    assert _apply(shaky, tree, place, *PATIENT).status == 1
    assert next(phases, None) is None
    assert _apply(shaky, tree, place) == Ran(0, "", "")
    shaky.disturb = lambda method, _target: STARTING if method == "PATCH" else ""
    (tree / "all.yaml").write_text((tree / "all.yaml").read_text().replace("expr: up", "expr: down"))
    refused = _apply(shaky, tree, place)
    assert refused.status == 2
    assert "this user may not do that" in refused.err


@pytest.mark.parametrize("what", [DROP, LOSE])
def test_a_server_that_stays_away_leaves_a_list_and_a_second_run_completes(
    cluster: Cluster, shaky: Gateway, tree: Path, place: str, what: str
) -> None:
    wanted = [line.split()[1] for line in _apply(shaky, tree, place, "--dry-run").out.splitlines()]
    shaky.fail(what, after=3, times=inf)
    stopped = _apply(shaky, tree, place, *HASTY)
    assert stopped.status == 2
    assert [line.split()[1] for line in stopped.out.splitlines()] == wanted[:3]
    told = _told(stopped)
    assert told == {"done": wanted[:3], "not known, since no answer came": wanted[3:4], "not done": wanted[4:]}
    assert f"stopped at {wanted[3]}: the API server does not answer" in stopped.err
    assert "Run the same command again" in stopped.err
    assert _live(cluster, place) == set(wanted[: 3 + (what == LOSE)])
    shaky.disturb = lambda _method, _target: ""
    completed = _apply(shaky, tree, place)
    assert completed.status == 1
    assert [line.split()[1] for line in completed.out.splitlines()] == wanted[3 + (what == LOSE) :]
    assert _live(cluster, place) == set(wanted)
    assert _apply(shaky, tree, place) == Ran(0, "", "")


def test_what_others_need_is_written_first_and_removals_come_last(shaky: Gateway, tree: Path, place: str) -> None:
    _apply(shaky, tree, place)
    (tree / "all.yaml").write_text((tree / "all.yaml").read_text().replace("name: main", "name: other"))
    shaky.asked.clear()
    assert _apply(shaky, tree, place, "--prune").status == 1
    writes = [entry.split("?")[0].split("/") for entry in shaky.asked if is_write(entry)]
    methods = [path[0].strip() for path in writes]
    assert methods == sorted(methods, reverse=True)
    assert set(methods) == {"PATCH", "DELETE"}
    made = [(path[-2], path[-1]) for path in writes if path[0].strip() == "PATCH"]
    order = ["serviceaccounts", "roles", "rolebindings", "configmaps", "secrets", "services", "statefulsets"]
    kinds = [kind for kind, _ in made if kind in order]
    assert kinds == sorted(kinds, key=order.index)
    assert {"configmaps", "secrets", "statefulsets"} <= set(kinds)
    secrets = [name for kind, name in made if kind == "secrets"]
    assert secrets[-1] == "prometheus-other"
    assert {"prometheus-other-tls-assets-0", "prometheus-other-web-config"} < set(secrets)
    removed = [path[-2] for path in writes if path[0].strip() == "DELETE"]
    assert removed == sorted(removed, key=order.index, reverse=True)
    assert removed[0] == "statefulsets"


def test_a_removal_whose_answer_is_lost_is_done(cluster: Cluster, shaky: Gateway, tree: Path, place: str) -> None:
    _apply(shaky, tree, place)
    (tree / "all.yaml").write_text(f"{PROMETHEUS.replace('namespace: mon', f'namespace: {place}')}---\n{SECRET}")
    removals = _apply(shaky, tree, place, "--dry-run", "--prune").out.splitlines()
    expected = [line.split()[1] for line in removals if line.startswith("remove ")]
    assert expected
    lost = iter([LOSE])
    shaky.disturb = lambda method, _target: next(lost, "") if method == "DELETE" else ""
    ran = _apply(shaky, tree, place, "--prune", *PATIENT)
    assert ran.status == 1
    assert [line.split()[1] for line in ran.out.splitlines() if line.startswith("removed ")] == expected
    assert not _live(cluster, place) & set(expected)


def test_a_plan_that_is_cut_off_changes_nothing(cluster: Cluster, shaky: Gateway, tree: Path, place: str) -> None:
    shaky.fail(DROP, after=5, times=inf, writes=False)
    ran = _apply(shaky, tree, place, *HASTY)
    assert (ran.status, ran.out) == (2, "")
    assert "the API server does not answer" in ran.err
    assert "nothing is applied" in ran.err
    assert not _live(cluster, place)
    assert not [entry for entry in shaky.asked if is_write(entry)]


def test_a_comparison_that_is_cut_off_shows_nothing(shaky: Gateway, tree: Path) -> None:
    arguments = ("diff", "--live", "--kubeconfig", shaky.kubeconfig(tree.parent), tree)
    assert promrender(*arguments).status == 1
    shaky.fail(DROP, after=3, times=inf, writes=False)
    ran = promrender(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "the API server does not answer" in ran.err
    shaky.fail(DROP, after=3, times=2, writes=False)
    assert promrender(*arguments).status == 1


def test_a_cluster_that_goes_away_between_pages_writes_nothing(
    shaky: Gateway, tree: Path, place: str, cluster: Cluster
) -> None:
    cluster.kubectl("apply", "-f", tree / "all.yaml")
    out = tree.parent / "out"
    access = ("--from-cluster", "--cluster-namespace", place, "--kubeconfig", shaky.kubeconfig(tree.parent))
    shaky.fail(DROP, after=4, times=inf, writes=False)
    ran = promrender("render", "--output-dir", out, *access)
    assert (ran.status, ran.out) == (2, "")
    assert "the API server does not answer" in ran.err
    assert not out.exists()
    shaky.fail(DROP, after=4, times=2, writes=False)
    assert promrender("render", "--output-dir", out, *access).status == 0
    assert out.exists()


@pytest.mark.parametrize(("what", "says"), [(PAGE, "a web page, as from a proxy or a login"), (REFUSED_PAGE, "502")])
def test_a_proxy_that_answers_with_pages_is_trouble(shaky: Gateway, tree: Path, what: str, says: str) -> None:
    shaky.disturb = lambda _method, _target: what
    access = ("--kubeconfig", shaky.kubeconfig(tree.parent))
    for command in (
        ("render", "--from-cluster", "--all-namespaces"),
        ("apply", *HASTY, tree),
        ("apply", *HASTY, "--dry-run", "--prune", "--allow-empty", tree),
        ("diff", "--live", tree),
    ):
        ran = promrender(*command, *access)
        assert (ran.status, ran.out) == (2, ""), command
        assert says in ran.err
        assert "log in</html>" not in ran.err
        assert TOKEN not in ran.err
    assert not [entry for entry in shaky.asked if is_write(entry)]


def test_a_real_server_is_ended_and_started_while_objects_are_applied(
    tool: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "all.yaml").write_text("---\n".join((PROMETHEUS, SECRET, service_monitor("good"))) + RULE)
    made = render.render(render.load([str(tmp_path / "all.yaml")]), Options(workloads=True, rbac=True)).objects
    with ExitStack() as running:
        storage = running.enter_context(etcd(tool, tmp_path))
        first = ExitStack()
        running.enter_context(first)
        api = first.enter_context(api_server(tool, tmp_path, storage))
        api.namespace("mon")
        kubeconfig = str(api.kubeconfig())
        hasty = Applier(connect(kubeconfig, "", 1.0), "s")
        steps = hasty.carry_out(hasty.plan(made))
        done = [next(steps), next(steps)]
        first.close()
        with pytest.raises(LostError, match="Connection refused"):
            next(steps)
        again = first.enter_context(api_server(tool, tmp_path, storage, port=int(api.url.rpartition(":")[2])))
        patient = Applier(connect(kubeconfig, "", 90.0), "s")
        plan = patient.plan(made)
        assert len(plan.changes) == len(made) - len(done)
        steps = patient.carry_out(plan)
        done.append(next(steps))
        first.close()
        rest = threading.Thread(target=lambda: done.extend(steps))
        rest.start()
        running.enter_context(api_server(tool, tmp_path, storage, port=int(again.url.rpartition(":")[2])))
        rest.join(timeout=90)
        assert [key for _, key in done] == [*dict.fromkeys(key for _, key in done)]
        assert len(done) == len(made)
        assert not patient.plan(made).changes
