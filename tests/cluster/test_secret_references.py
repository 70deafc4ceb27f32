"""`--secrets reference` from the tree to the servers, with nothing between them but what was rendered.

A tree without credentials is applied to a real API server. The pods of the rendered StatefulSets then run with the
token of their account: the reloader resolves, Prometheus scrapes what demands the credentials, Alertmanager sends to
secret URLs. Secrets change, and go, in the cluster alone.
"""

from __future__ import annotations

import json
import subprocess
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import requests
import yaml

from tests.cli.promrender import promrender
from tests.cluster import secret_tree
from tests.cluster.guard import Demand, Guard, standing
from tests.cluster.pods import Account, Objects, Pod, Running
from tests.cluster.secret_tree import JOBS, MONITORING, READ, SHOP, Values
from tests.reloaders import certificates
from tests.reloaders.daemons import eventually
from tests.rendered import entries
from tests.servers.alertmanager_server import Receiver, receiving
from tests.servers.prometheus_server import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cluster.conftest import Cluster

pytestmark = pytest.mark.xdist_group("kube-apiserver")

PATIENCE = 60.0
ACCOUNTS = f"/api/v1/namespaces/{MONITORING}/serviceaccounts"
CONFIGURATION = ("extra", "alertmanager-main")  # Secrets whose structure is rendered
FIRST, SECOND, THIRD = "first", "second", "third"
API_LOG = "kube-apiserver.log"
KINDS = "secret,configmap,role,rolebinding,statefulset,service,serviceaccount"
SHOWN = {"username", "client_id"}  # by servers that hide what is secret
TLS_FILES = {"ca_file", "cert_file", "key_file"}
IMAGE = "--prometheus-config-reloader=example.org/config-reloader:v1"


@dataclass
class Site:
    """The cluster, what is guarded, and the pods that run."""

    cluster: Cluster
    folder: Path
    guard: Guard
    address: str
    hooks: Receiver
    edition: str = ""
    values: Values = field(default_factory=dict)
    tales: set[str] = field(default_factory=set)
    applied: str = ""
    told: str = ""
    objects: Objects = field(default_factory=dict)
    running: dict[str, Running] = field(default_factory=dict)

    def publish(self, edition: str) -> None:
        """Have the Secrets of an edition in the cluster, and let in nobody else."""
        self.edition = edition
        self.values = secret_tree.secrets(edition, self.folder / "pairs", self.address, self.hooks.url)
        demanded = secret_tree.demands(edition, self.values)
        self.tales |= secret_tree.tales(self.values, demanded)
        for (namespace, name), texts in self.values.items():
            self.cluster.api.put("secret", namespace, name, texts)
        self.guard.demand = Demand(demanded)

    def account(self, name: str) -> Account:
        """A folder with a token of a service account, as kubelet gets it."""
        folder = self.folder / f"account-{name}"
        if not folder.exists():
            folder.mkdir()
            answer = self.cluster.api.call("POST", f"{ACCOUNTS}/{name}/token", {"spec": {"expirationSeconds": 3600}})
            answer.raise_for_status()
            token = answer.json()["status"]["token"]
            self.tales.add(token)
            (folder / "token").write_text(token)
            (folder / "ca.crt").write_bytes((self.cluster.api.folder / "pairs" / "ca.crt").read_bytes())
        return Account(folder, self.cluster.api.url)

    def status(self, account: str, method: str, namespace: str, name: str = "") -> int:
        """What the API answers to an account that asks for a Secret, or for all."""
        url = f"{self.cluster.api.url}/api/v1/namespaces/{namespace}/secrets/{name}".rstrip("/")
        headers = {"Authorization": f"Bearer {(self.account(account).folder / 'token').read_text()}"}
        authority = f"{self.cluster.api.folder}/pairs/ca.crt"
        return requests.request(method, url, headers=headers, verify=authority, timeout=20).status_code

    def pod(self, name: str, objects: Objects, folder: str) -> Pod:
        """The pod of the StatefulSet of a server."""
        root = self.folder / folder / name
        return Pod(root, objects["StatefulSet", MONITORING, f"{name}-main"], objects, self.account(name))


def _by_name(listed: str) -> Objects:
    items = json.loads(listed)["items"]
    return {(item["kind"], item["metadata"]["namespace"], item["metadata"]["name"]): item for item in items}


@pytest.fixture(scope="module")
def site(cluster: Cluster, tool: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("references")
    certificates.make(folder / "pairs", FIRST, SECOND, THIRD)
    guard = Guard()
    with ExitStack() as stack:
        address = stack.enter_context(standing(guard))
        https = stack.enter_context(standing(guard, folder / "pairs"))
        made = Site(cluster, folder, guard, address, stack.enter_context(receiving()))
        for namespace in (MONITORING, SHOP):
            cluster.api.namespace(namespace)
            cluster.api.put("secret", namespace, "unrelated", {"password": "nobody-needs-it"})
        made.publish(FIRST)
        _apply(made, https)
        for name in ("prometheus", "alertmanager"):
            pod = made.pod(name, made.objects, "reference")
            made.running[name] = stack.enter_context(pod.running(name, tool(name)))
        yield made


def _apply(site: Site, https: str) -> None:
    """Write the tree, apply it, and wait until the API server knows the Roles."""
    tree = site.folder / "tree"
    tree.mkdir()
    (tree / "tree.yaml").write_text(secret_tree.TREE.replace("GUARD", site.address).replace("SECURED", https))
    (tree / "configuration.yaml").write_text(secret_tree.manifests(site.values, *CONFIGURATION))
    arguments = ("--kubeconfig", site.cluster.api.kubeconfig(), "--workloads", "--rbac", IMAGE)
    ran = promrender("apply", "--secrets", "reference", "--set", "references", *arguments, tree)
    assert ran.status == 1, ran.err
    site.applied, site.told = ran.out, ran.err
    site.cluster.kubectl("apply", "-f", "-", stdin=secret_tree.DISCOVERED)
    for namespace in (MONITORING, SHOP):
        site.objects |= _by_name(site.cluster.kubectl("get", KINDS, "-n", namespace, "-o", "json"))
    wanted = [(account, *secret) for account, secrets in READ.items() for secret in secrets]
    eventually(lambda: all(site.status(who, "GET", *secret) == 200 for who, *secret in wanted), "the Roles", PATIENCE)


def _applied(site: Site) -> list[dict[str, Any]]:
    """The objects in the cluster that the run says it made."""
    lines = [line.split() for line in site.applied.splitlines()]
    assert {verb for verb, _ in lines} == {"created"}
    keys = [tuple(key.split("/")) for _, key in lines]
    return [site.objects[kind, namespace, name] for kind, namespace, name in keys]


def test_no_object_that_is_applied_holds_a_credential(site: Site) -> None:
    applied = _applied(site)
    assert {item["kind"] for item in applied} >= {"Secret", "StatefulSet", "Role", "RoleBinding", "ServiceAccount"}
    for item in applied:
        texts = [json.dumps(item), *(entries(item).values() if item["kind"] in {"Secret", "ConfigMap"} else ())]
        assert secret_tree.unmarked("\n".join(texts), site.tales), item["metadata"]["name"]


@pytest.mark.parametrize("account", list(READ))
def test_the_account_of_the_pods_may_read_just_the_secrets_that_are_named(account: str, site: Site) -> None:
    stored = {(namespace, name) for kind, namespace, name in site.objects if kind == "Secret"}
    assert stored > READ[account] | {(MONITORING, "unrelated"), (SHOP, "unrelated"), (MONITORING, "prometheus-main")}
    readable = {secret: site.status(account, "GET", *secret) for secret in stored}
    assert readable == {secret: 200 if secret in READ[account] else 403 for secret in stored}
    assert {site.status(account, "DELETE", *secret) for secret in stored} == {403}
    assert {site.status(account, "GET", namespace) for namespace in (MONITORING, SHOP, "default")} == {403}


def _up(site: Site, since: float = 0) -> set[str]:
    """The jobs whose target was up when it was last scraped, no longer ago than `since` (seconds)."""
    query = quote(f"up == 1 and timestamp(up) > {since:.3f}")
    return {found["metric"]["job"] for found in ask(site.running["prometheus"].url, f"query?query={query}")["result"]}


def _all_are_let_in(site: Site) -> None:
    """Every path is asked with what it demands now, and after that every target is up."""
    try:
        eventually(lambda: not site.guard.demand.unmet, "the right credential for every path", PATIENCE)
    except AssertionError as error:
        error.add_note(f"not for {site.guard.demand.unmet}:\n{site.running['prometheus'].pod.log}")
        raise
    since = time.time()
    eventually(lambda: _up(site, since) == JOBS, "every target up", PATIENCE)


def test_prometheus_scrapes_and_writes_with_the_credentials(site: Site) -> None:
    _all_are_let_in(site)


def test_both_configurations_are_what_the_servers_own_checkers_take(site: Site, tool: Callable[[str], Path]) -> None:
    for command in (
        (tool("promtool"), "check", "config", site.running["prometheus"].pod.configuration),
        (tool("amtool"), "check-config", site.running["alertmanager"].pod.configuration),
    ):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert secret_tree.unmarked(done.stdout + done.stderr, site.tales)


@contextmanager
def _inline(site: Site, name: str, program: Path) -> Iterator[tuple[Pod, str]]:
    """The server with what `--secrets inline` makes of the same tree and the Secrets of the cluster."""
    source = site.folder / "inline.yaml"
    source.write_text(secret_tree.manifests(site.values))
    tree = site.folder / "tree" / "tree.yaml"
    ran = promrender("render", "-o", "json", "--secrets", "inline", "--workloads", IMAGE, tree, source)
    assert ran.status == 0, ran.err
    pod = site.pod(name, _by_name(ran.out), "inline")
    pod.mount()
    pod.initialize()
    with pod.serving(name, program) as url:
        yield pod, url


def _comparable(value: Any, *, hidden: bool = False) -> Any:  # noqa: ANN401 - YAML
    """A configuration with values in the place of the files that hold them; `<secret>` where the server hides them."""
    if isinstance(value, list):
        return [_comparable(item, hidden=hidden) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _comparable(item, hidden=hidden) for key, item in value.items()}
    for key in [key for key in found if key.endswith("_file") and key not in TLS_FILES]:
        of, file = key.removesuffix("_file"), found.pop(key)
        if file:
            found[of] = "<secret>" if hidden and of not in SHOWN else Path(file).read_text()
    return found


def _read(text: str, pod: Pod, *, hidden: bool = False) -> Any:  # noqa: ANN401 - YAML
    value = _comparable(yaml.safe_load(text), hidden=hidden)
    return json.loads(json.dumps(value).replace(str(pod.root), ""))


def _files(pod: Pod) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in pod.certificates.iterdir() if not path.name.startswith("..")}


def _loaded(name: str, url: str) -> str:
    """The configuration that a server says it has."""
    if name == "prometheus":
        return str(ask(url, "status/config")["yaml"])
    return str(requests.get(f"{url}/api/v2/status", timeout=20).json()["config"]["original"])


@pytest.mark.parametrize("name", list(READ))
def test_the_configuration_in_effect_is_that_of_inline(name: str, site: Site, tool: Callable[[str], Path]) -> None:
    running = site.running[name]
    with _inline(site, name, tool(name)) as (pod, url):
        assert _read(running.pod.configuration.read_text(), running.pod) == _read(pod.configuration.read_text(), pod)
        loaded = _read(_loaded(name, running.url), running.pod, hidden=True)
        assert loaded == _read(_loaded(name, url), pod, hidden=True)
        assert "<secret>" in json.dumps(loaded)
        assert _files(pod).items() <= _files(running.pod).items()
        assert len(_files(pod)) == {"prometheus": 3, "alertmanager": 0}[name]
    assert not secret_tree.unmarked(pod.configuration.read_text(), site.tales), "the search finds what inline writes"
    assert secret_tree.unmarked(pod.log, site.tales)


def test_alerts_reach_the_secret_urls(site: Site) -> None:
    _alerts_reach(site)


def _alerts_reach(site: Site) -> None:
    """Send alerts until the receivers of this edition have had one each."""
    wanted = {f"/{secret_tree.MARK}-{site.edition}-{name}" for name in ("chat", "platform")}
    reached: set[str] = set()

    def sent_and_received() -> bool:
        name = f"Alert{time.monotonic_ns()}"
        alerts = [{"labels": {"alertname": name, "namespace": place}} for place in (SHOP, "elsewhere")]
        requests.post(f"{site.running['alertmanager'].url}/api/v2/alerts", json=alerts, timeout=20).raise_for_status()
        for _ in alerts:
            try:
                reached.add(site.hooks.calls.get(timeout=3).path)
            except Empty:
                return False
        return wanted <= reached

    eventually(sent_and_received, f"alerts at {wanted}", PATIENCE)


def test_a_rotation_reaches_the_targets_and_receivers(site: Site) -> None:
    site.publish(SECOND)
    _all_are_let_in(site)
    _alerts_reach(site)


def test_what_vanishes_is_named_and_the_last_good_configuration_stays(site: Site) -> None:
    _, _, reloader = prometheus = site.running["prometheus"]
    configuration = prometheus.pod.configuration
    before = configuration.read_text()
    site.cluster.api.delete("secret", SHOP, "bearer")
    site.cluster.api.put("secret", SHOP, "basic", {"user": "shop"})
    faults = (f"secret {SHOP}/bearer: not found", f"secret {SHOP}/basic: no key password")
    eventually(lambda: all(fault in reloader.log for fault in faults), " and ".join(faults), PATIENCE)
    eventually(lambda: reloader.metric("reloader_secret_references_unresolved") == 2, "both are counted", PATIENCE)
    since = time.time()
    eventually(lambda: _up(site, since) == JOBS, "every target up as before", PATIENCE)
    assert configuration.read_text() == before
    assert secret_tree.unmarked(reloader.page("/status").text + reloader.page("/metrics").text, site.tales)
    site.publish(THIRD)
    _all_are_let_in(site)
    assert reloader.metric("reloader_secret_references_unresolved") == 0


def test_nothing_that_was_logged_tells_a_credential(site: Site) -> None:
    logs = {name: running.pod.log for name, running in site.running.items()}
    assert all(logs.values())
    logs |= {"apply": site.applied + site.told, "API": (site.cluster.api.folder / API_LOG).read_text()}
    assert [name for name, log in logs.items() if not secret_tree.unmarked(log, site.tales)] == []
