"""config-reloader --resolve-secrets against a real API server, whose rights it has only for what it names."""

from __future__ import annotations

import json
import os
import re
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.reloaders.api_server import ApiServer, api_server, etcd
from tests.reloaders.daemons import SCRIPTS, Daemon, daemon, eventually, server
from tests.reloaders.faulty_server import FaultyServer, faulty_server
from tests.reloaders.mounts import Mount
from tests.servers.prometheus_server import ask, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.xdist_group("kube-apiserver")

READER = "reader-token-of-this-test"
NAMESPACE = "monitoring"


@pytest.fixture(scope="module")
def api(tool: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    folder = tmp_path_factory.mktemp("api")
    with etcd(tool, folder) as storage, api_server(tool, folder, storage, users=f"{READER},reader,reader\n") as running:
        running.namespace(NAMESPACE)
        rights = {
            "metadata": {"name": "reader"},
            "rules": [
                {"apiGroups": [""], "resources": [kind], "resourceNames": names, "verbs": ["get", "watch"]}
                for kind, names in {"secrets": ["login", "tls", "late"], "configmaps": ["tree"]}.items()
            ],
        }
        roles = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{NAMESPACE}"
        running.call("POST", f"{roles}/roles", rights).raise_for_status()
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"}
        user = {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "reader"}
        binding = {"metadata": {"name": "reader"}, "roleRef": role, "subjects": [user]}
        running.call("POST", f"{roles}/rolebindings", binding).raise_for_status()
        yield running


@pytest.fixture
def served() -> Iterator[FaultyServer]:
    with faulty_server() as told:
        yield told


def _flags(folder: Path, api: ApiServer, config: str, url: str) -> list[str]:
    mount = Mount(folder / "in", {"p.yaml": config})
    flags = [f"--config-file={mount.folder}/p.yaml", f"--config-envsubst-file={folder}/out.yaml"]
    flags += [f"--reload-url={url}", "--delay-interval=10ms", "--retry-interval=300ms", "--listen-address=127.0.0.1:0"]
    return [*flags, "--resolve-secrets", f"--kubeconfig={api.kubeconfig(READER)}", f"--tls-assets-dir={folder}/tls"]


@contextmanager
def _reloader(folder: Path, api: ApiServer, config: str, url: str) -> Iterator[Daemon]:
    (folder / "tls").mkdir()
    with daemon("config-reloader", *_flags(folder, api, config, url), log=folder / "log") as running:
        yield running


def test_values_and_files_follow_the_cluster(tmp_path: Path, api: ApiServer, served: FaultyServer) -> None:
    api.put("secret", NAMESPACE, "login", {"password": 'first-"v\u00e4lue"\n'})
    api.put("secret", NAMESPACE, "tls", {"tls.key": "key one"})
    api.put("configmap", NAMESPACE, "tree", {"tree.yaml": "a: [{b: deep-value}]"})
    key = f"{tmp_path}/tls/0_{NAMESPACE}_tls_tls.key"
    config = (
        f'password: "$(secret:{NAMESPACE}/login/password)"\n'
        f'tree: "$(configmap:{NAMESPACE}/tree/tree.yaml#/a/0/b)"\n'
        f"key_file: {key}\nliteral: $$(HOME)\n"
    )

    def written() -> dict[str, str]:
        read = yaml.safe_load((tmp_path / "out.yaml").read_text())
        assert isinstance(read, dict)
        return read

    with _reloader(tmp_path, api, config, served.url) as reloader:
        eventually(lambda: served.requests, "the first reload")
        assert written() == {
            "password": 'first-"v\u00e4lue"\n', "tree": "deep-value", "key_file": key, "literal": "$(HOME)"
        }  # fmt: skip
        assert (tmp_path / "out.yaml").stat().st_mode & 0o777 == 0o600
        assert (Path(key).read_text(), Path(key).stat().st_mode & 0o777) == ("key one", 0o600)

        api.put("secret", NAMESPACE, "login", {"password": "second-value"})
        eventually(lambda: len(served.requests) == 2, "the reload after the rotation")
        assert written()["password"] == "second-value"  # noqa: S105
        api.put("secret", NAMESPACE, "tls", {"tls.key": "key two"})
        eventually(lambda: len(served.requests) == 3, "the reload after the file's rotation")
        assert Path(key).read_text() == "key two"

        api.delete("secret", NAMESPACE, "login")
        told = f"secret {NAMESPACE}/login: not found"
        eventually(lambda: told in reloader.log, "the missing secret")
        assert reloader.metric("reloader_secret_references_unresolved") == 1
        assert written()["password"] == "second-value"  # noqa: S105
        api.put("secret", NAMESPACE, "login", {"password": "third-value"})
        eventually(lambda: len(served.requests) == 4, "the healed reload")
        assert reloader.metric("reloader_secret_references_unresolved") == 0

        shown = reloader.log + reloader.page("/status").text + reloader.page("/metrics").text
        assert not re.search("first-|second-value|third-value|deep-value|key one|key two", shown)
        assert reloader.memory() < 80
        Mount(tmp_path / "in", {"p.yaml": "a: 1\n"})
        eventually(lambda: not Path(key).exists(), "the removal of a file that nothing names")


def test_files_stay_until_the_server_has_loaded_a_configuration_without_them(
    tmp_path: Path, api: ApiServer, served: FaultyServer
) -> None:
    for name in ("login", "tls"):
        api.put("secret", NAMESPACE, name, {"password": f"of-{name}"})
    old, new = (tmp_path / "tls" / f"0_{NAMESPACE}_{name}_password" for name in ("login", "tls"))
    with _reloader(tmp_path, api, f"password_file: {old}\n", served.url):
        eventually(lambda: served.requests, "the first reload")
        assert old.read_text() == "of-login"
        served.answer(500, "no")
        Mount(tmp_path / "in", {"p.yaml": f"password_file: {new}\n"})
        eventually(lambda: len(served.requests) > 2, "refused reloads")
        assert (old.read_text(), new.read_text()) == ("of-login", "of-tls")
        served.answer()
        eventually(lambda: not old.exists(), "the removal after the reload")
        assert new.read_text() == "of-tls"


def test_a_list_comes_from_the_cluster(tmp_path: Path, api: ApiServer, served: FaultyServer) -> None:
    api.put("secret", NAMESPACE, "login", {"list.yaml": "- job_name: theirs\n  token: list-secret\n"})
    config = f'jobs:\n- "$(secret:{NAMESPACE}/login/list.yaml#)"\nnext: 1\n'
    with _reloader(tmp_path, api, config, served.url) as reloader:
        eventually(lambda: served.requests, "the first reload")
        out = tmp_path / "out.yaml"
        assert yaml.safe_load(out.read_text()) == {"jobs": [{"job_name": "theirs", "token": "list-secret"}], "next": 1}
        api.put("secret", NAMESPACE, "login", {"list.yaml": "[]"})
        eventually(lambda: yaml.safe_load(out.read_text())["jobs"] == [], "the empty list")
        api.put("secret", NAMESPACE, "login", {"list.yaml": "list-secret: x"})
        eventually(lambda: "list.yaml#: the value is no list" in reloader.log, "the fault")
        served.answer(500, "cannot read list-se...: no")
        api.put("secret", NAMESPACE, "login", {"list.yaml": "- list-secret"})
        eventually(lambda: "cannot read <secret>: no" in reloader.log, "the refusal")
        assert "list-se" not in reloader.log + reloader.page("/status").text


def test_every_missing_or_forbidden_value_is_named(tmp_path: Path, api: ApiServer, served: FaultyServer) -> None:
    config = (
        f'a: "$(secret:{NAMESPACE}/late/key)"\nb: "$(secret:{NAMESPACE}/others/key)"\n'
        f'c: "$(configmap:elsewhere/x/y)"\nd: {tmp_path}/tls/0_{NAMESPACE}_hidden_tls.crt\n'
    )
    with _reloader(tmp_path, api, config, served.url) as reloader:
        faults = [
            f"secret {NAMESPACE}/late: not found",
            f"secret {NAMESPACE}/others: forbidden",
            "configmap elsewhere/x: forbidden",
            f"secret {NAMESPACE}/hidden: forbidden",
        ]

        def all_are_named() -> bool:
            apply = reloader.page("/status").json()["apply"]
            return all(fault in (apply.get("reason") or "") for fault in faults)

        eventually(all_are_named, f"every fault by its name: {reloader.log}")
        assert not (tmp_path / "out.yaml").exists()
        assert not served.requests


def test_a_single_run_resolves_too(tmp_path: Path, api: ApiServer) -> None:
    api.put("secret", NAMESPACE, "login", {"password": "only-value"})
    flags = _flags(tmp_path, api, f'a: "$(secret:{NAMESPACE}/login/password)"\n', "http://127.0.0.1:1")[:-1]
    subprocess.run([SCRIPTS / "config-reloader", *flags, "--watch-interval=0"], check=True, timeout=20)
    assert (tmp_path / "out.yaml").read_text() == 'a: "only-value"\n'


def test_with_the_service_account_of_a_pod(tmp_path: Path, api: ApiServer, served: FaultyServer) -> None:
    """Token, authority and address are found where kubelet puts them; a mount namespace of the test's own has them."""
    api.put("secret", NAMESPACE, "login", {"password": "of-the-pod"})
    account = tmp_path / "account"
    account.mkdir()
    (account / "token").write_text(READER)
    (account / "ca.crt").write_bytes((api.folder / "pairs" / "ca.crt").read_bytes())
    place = "/run/secrets/kubernetes.io/serviceaccount"
    mounted = f'mount -t tmpfs none /run && mkdir -p {place} && cp {account}/* {place} && exec "$@"'
    prefix = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounted, "sh")
    host, _, port = api.url.removeprefix("https://").partition(":")
    environment = os.environ | {"KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port}
    flags = _flags(tmp_path, api, f'a: "$(secret:{NAMESPACE}/login/password)"\n', served.url)
    flags = [flag for flag in flags if not flag.startswith(("--kubeconfig", "--tls-assets-dir"))]
    with daemon("config-reloader", *flags, log=tmp_path / "log", env=environment, prefix=prefix) as reloader:
        eventually(lambda: served.requests, f"the first reload: {reloader.log}")
        assert (tmp_path / "out.yaml").read_text() == 'a: "of-the-pod"\n'
        api.put("secret", NAMESPACE, "login", {"password": "of-the-pod-too"})
        eventually(lambda: len(served.requests) == 2, "the reload after the rotation")


def test_without_an_api(tmp_path: Path) -> None:
    (tmp_path / "kubeconfig").write_text(json.dumps({"clusters": []}))
    for place in ("none", "kubeconfig"):
        flags = [f"--config-file={tmp_path}/p", f"--config-envsubst-file={tmp_path}/o", "--resolve-secrets"]
        command = [str(SCRIPTS / "config-reloader"), *flags, f"--kubeconfig={tmp_path}/{place}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
        assert (done.returncode, "no access to the Kubernetes API" in done.stderr) == (1, True)


def test_prometheus_gets_the_value_and_its_refusal_shows_none(
    tool: Callable[[str], Path], tmp_path: Path, api: ApiServer
) -> None:
    """The real server quotes a value in its error; the reloader's log and status do not."""
    config = (
        "scrape_configs:\n- job_name: a\n  metrics_path: /m\n"
        f'  basic_auth: {{username: u, password: "$(secret:{NAMESPACE}/login/password)"}}\n'
        f'  scrape_interval: "$(secret:{NAMESPACE}/login/interval)"\n'
    )
    api.put("secret", NAMESPACE, "login", {"password": "hunter2hunter2", "interval": "17s"})
    url = f"http://127.0.0.1:{free_port()}"
    flags = _flags(tmp_path, api, config, f"{url}/-/reload")
    (tmp_path / "tls").mkdir()
    subprocess.run([SCRIPTS / "config-reloader", *flags, "--watch-interval=0"], check=True, timeout=20)
    command = [str(tool("prometheus")), f"--config.file={tmp_path}/out.yaml", f"--storage.tsdb.path={tmp_path}/data"]
    command += [f"--web.listen-address={url.removeprefix('http://')}", "--web.enable-lifecycle"]
    with (
        server(*command, ready=f"{url}/-/ready", log=tmp_path / "server.log"),
        daemon("config-reloader", *flags, log=tmp_path / "log") as reloader,
    ):
        eventually(lambda: reloader.page("/readyz").status_code == 200, "the first reload")
        assert "scrape_interval: 17s" in ask(url, "status/config")["yaml"]
        api.put("secret", NAMESPACE, "login", {"password": "hunter2hunter2", "interval": "very-secret-nonsense"})
        reason = eventually(lambda: reloader.page("/status").json()["reload"]["reason"], "the refusal")
        assert "500" in reason
        assert "<secret>" in reason
        assert "very-secret" not in reason + reloader.log
        assert "very-se" not in reason + reloader.log
