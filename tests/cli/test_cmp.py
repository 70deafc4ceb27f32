"""`promrender cmp`: the contract between Argo CD and a plugin, replayed from examples/argocd/plugin.yaml.

As Argo CD's plugin server does: the commands of plugin.yaml, in a copy of the application's folder without `.git`, with
its environment and nothing else, within its time; a match of `discover` is status 0 with output; manifests are the
standard output of `generate`, which counts only with status 0. test_argocd_server.py has that server itself do it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.argocd_server import ENVIRONMENT
from tests.cli.manifests import PROMETHEUS, SECRET, SECRET_VALUE, prometheus_rule, service_monitor
from tests.cli.promrender import PROJECT, Ran

EXAMPLE = PROJECT / "examples" / "argocd"
PLUGIN = yaml.safe_load((EXAMPLE / "plugin.yaml").read_text())["spec"]
TIMEOUT = 60
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec: {ports: [{port: 80}]}\n"
RULE_IN_NO_NAMESPACE = prometheus_rule("rule", "up").replace("  namespace: mon\n", "")


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An application's folder in a partial copy of its repository."""
    folder = tmp_path / "_cmp_server" / "0815" / "clusters" / "prod"
    folder.mkdir(parents=True)
    (folder / "prometheus.yaml").write_text(PROMETHEUS)
    (folder / "secret.yaml").write_text(SECRET)
    (folder / "monitor.yaml").write_text(service_monitor("good"))
    (folder / "service.yaml").write_text(SERVICE)
    return folder


def _call(command: list[str], folder: Path, **environment: str) -> Ran:
    """Run a command of the plugin as Argo CD's plugin server does."""
    given = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "HOME": "/nonexistent",
        "TMPDIR": "/tmp",  # noqa: S108 - the sidecar's own
        **ENVIRONMENT,
        **environment,
    }
    ran = subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    assert "Traceback" not in ran.stderr
    assert SECRET_VALUE not in ran.stderr
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def _generate(folder: Path, *parameters: dict[str, Any], **environment: str) -> Ran:
    """Run `generate` with parameters in both forms in which Argo CD hands them over."""
    variables: dict[str, str] = {}
    for parameter in parameters:
        name = "PARAM_" + parameter["name"].upper().replace("-", "_")
        if "string" in parameter:
            variables[name] = parameter["string"]
        variables |= {f"{name}_{number}": text for number, text in enumerate(parameter.get("array", []))}
        variables |= {f"{name}_{key.upper()}": text for key, text in parameter.get("map", {}).items()}
    encoded = json.dumps(list(parameters)) if parameters else "null"
    return _call(
        PLUGIN["generate"]["command"], folder, **{"ARGOCD_APP_PARAMETERS": encoded, **variables, **environment}
    )


def _made(ran: Ran) -> dict[str, Any]:
    assert ran.status == 0, ran.err
    return {f"{m['kind']}/{m['metadata']['name']}": m for m in yaml.safe_load_all(ran.out)}


def test_discover_matches_folders_with_something_to_render(app: Path) -> None:
    command = PLUGIN["discover"]["find"]["command"]
    ran = _call(command, app)
    assert (ran.status, ran.out) == (0, "prometheus.yaml\n")
    (app / "prometheus.yaml").unlink()
    ran = _call(command, app)
    assert (ran.status, ran.out) == (0, "")


def test_generate_prints_manifests_alone(app: Path) -> None:
    ran = _generate(app)
    made = _made(ran)
    assert {"Secret/prometheus-main", "ConfigMap/prometheus-main-rulefiles-0"} <= set(made)
    assert "Service/shop" not in made
    assert ran.err == ""


def test_generate_is_the_same_as_render(app: Path) -> None:
    rendered = _call(["promrender", "render", "--kube-version", "1.31", "."], app)
    assert _generate(app).out == rendered.out


@pytest.mark.parametrize("form", ["json", "variables"])
def test_parameters_are_flags(app: Path, form: str) -> None:
    (app / "other").mkdir()
    (app / "other" / "prometheus.yaml").write_text(PROMETHEUS.replace("name: main", "name: second"))
    parameters = [{"name": "only", "array": ["Prometheus/second"]}, {"name": "pass-through", "string": "true"}]
    if form == "json":
        ran = _call(PLUGIN["generate"]["command"], app, ARGOCD_APP_PARAMETERS=json.dumps(parameters))
    else:
        variables = {"PARAM_ONLY_0": "Prometheus/second", "PARAM_PASS_THROUGH": "true"}
        ran = _call(PLUGIN["generate"]["command"], app, **variables)
    made = _made(ran)
    assert {"Secret/prometheus-second", "Service/shop", "Secret/login"} <= set(made)
    assert not {"Secret/prometheus-main", "Prometheus/main", "ServiceMonitor/good"} & set(made)


def test_the_parameters_of_the_example_are_understood(app: Path) -> None:
    application = yaml.safe_load((EXAMPLE / "application.yaml").read_text())
    made = _made(_generate(app, *application["spec"]["source"]["plugin"]["parameters"]))
    assert made["Secret/prometheus-main"]["metadata"]["labels"]["team"] == "platform"
    assert {"StatefulSet/prometheus-main", "Service/shop"} <= set(made)


def test_paths_are_below_the_folder(app: Path) -> None:
    (app / "sub").mkdir()
    (app / "sub" / "prometheus.yaml").write_text(PROMETHEUS.replace("name: main", "name: below"))
    assert "Secret/prometheus-main" not in _made(_generate(app, {"name": "paths", "array": ["sub"]}))
    (app.parent / "beside.yaml").write_text(PROMETHEUS)
    for outside in ("../beside.yaml", "/etc"):
        ran = _generate(app, {"name": "paths", "array": [outside]})
        assert (ran.status, ran.out) == (2, "")
        assert "leads out of the application's folder" in ran.err
    ran = _generate(app, {"name": "operator-config", "string": "/etc/passwd"})
    assert (ran.status, ran.out) == (2, "")


def test_environment_of_the_application_and_the_sidecar_is_honoured(app: Path) -> None:
    made = _made(_generate(app, PROMRENDER_LABELS="a=b", ARGOCD_ENV_PROMRENDER_ANNOTATIONS="c=d"))
    metadata = made["Secret/prometheus-main"]["metadata"]
    assert (metadata["labels"]["a"], metadata["annotations"]["c"]) == ("b", "d")
    made = _made(_generate(app, {"name": "labels", "map": {"a": "x"}}, PROMRENDER_LABELS="a=b"))
    assert made["Secret/prometheus-main"]["metadata"]["labels"]["a"] == "x"


def test_objects_without_a_namespace_are_of_the_application(app: Path) -> None:
    (app / "rule.yaml").write_text(RULE_IN_NO_NAMESPACE)
    made = _made(_generate(app))
    assert made["ConfigMap/prometheus-main-rulefiles-0"]["data"].keys() == {"mon-rule.yaml"}


def test_the_version_and_the_interfaces_of_the_cluster_count(app: Path) -> None:
    old = "v1,apps/v1"
    with_slices = PROMETHEUS + "  serviceDiscoveryRole: EndpointSlice\n"
    (app / "prometheus.yaml").write_text(with_slices)
    new = _made(_generate(app))["Secret/prometheus-main"]
    without = _made(_generate(app, KUBE_API_VERSIONS=old))["Secret/prometheus-main"]
    assert new["data"] != without["data"]


def test_errors_and_emptiness_never_end_with_status_0_and_manifests(app: Path) -> None:
    (app / "bad.yaml").write_text(prometheus_rule("bad", "rate(up[5m)"))
    ran = _generate(app)
    assert (ran.status, ran.out) == (1, "")
    assert "bad.yaml:11:" in ran.err
    shutil.rmtree(app)
    app.mkdir()
    ran = _generate(app)
    assert (ran.status, ran.out) == (1, "")
    assert "nothing was rendered" in ran.err
    assert _generate(app, {"name": "allow-empty", "string": "true"}).status == 0


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"ARGOCD_APP_PARAMETERS": "{"}, "no list of parameters"),
        ({"ARGOCD_APP_PARAMETERS": '[{"string": "x"}]'}, "no list of parameters"),
        ({"ARGOCD_APP_PARAMETERS": '[{"name": "nosuch", "string": "x"}]'}, "unknown setting nosuch"),
        ({"PARAM_ONLY_0": "x"}, "write KIND/NAME"),
        ({"PARAM_FAIL_ON": "never"}, "fail-on"),
    ],
)
def test_wrong_parameters_are_told(app: Path, environment: dict[str, str], says: str) -> None:
    ran = _call(PLUGIN["generate"]["command"], app, **environment)
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err


def test_announcements_have_the_shape_that_argo_cd_reads(app: Path) -> None:
    ran = _call(PLUGIN["parameters"]["dynamic"]["command"], app)
    announced = {entry["name"]: entry for entry in json.loads(ran.out)}
    assert ran.status == 0
    fields = {"name", "title", "tooltip", "required", "itemType", "collectionType", "string", "array", "map"}
    for entry in announced.values():
        assert set(entry) <= fields
        assert entry["collectionType"] in {"string", "array", "map"}
    assert announced["workloads"]["itemType"] == "boolean"
    assert announced["labels"]["collectionType"] == "map"
    assert announced["default-namespace"]["string"] == "mon"
    assert announced["kube-version"]["string"] == "1.31"
    assert {"paths", "pass-through", "only", "allow-empty"} <= set(announced)


def test_the_sidecar_is_what_argo_cd_asks_for() -> None:
    (sidecar,) = yaml.safe_load((EXAMPLE / "sidecar.yaml").read_text())["spec"]["template"]["spec"]["containers"]
    assert sidecar["command"] == ["/var/run/argocd/argocd-cmp-server"]
    assert sidecar["securityContext"]["runAsUser"] == 999
    mounts = {mount["mountPath"] for mount in sidecar["volumeMounts"]}
    assert {"/var/run/argocd", "/home/argocd/cmp-server/plugins", "/tmp"} <= mounts  # noqa: S108 - as Argo CD wants it
