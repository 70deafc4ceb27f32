"""`promrender krm` keeps to the specification of KRM functions; the real Kustomize runs it."""

from __future__ import annotations

import base64
import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.cli.manifests import PROMETHEUS, SECRET, SECRET_VALUE, prometheus_rule, service_monitor
from tests.cli.promrender import PROJECT, Ran, promrender

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = {"internal.config.kubernetes.io/path": "mon/good.yaml", "internal.config.kubernetes.io/index": "0"}
GOOD = (PROMETHEUS, SECRET, service_monitor("good"))
EXAMPLE = PROJECT / "examples" / "kustomize"


def _items(*manifests: str) -> list[Any]:
    items = [yaml.safe_load(manifest) for manifest in manifests]
    items[-1]["metadata"]["annotations"] = dict(FILE)
    return items


def _run(items: object, configuration: object = None, **others: object) -> Ran:
    given = {"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": items, **others}
    if configuration is not None:
        given["functionConfig"] = configuration
    ran = promrender("krm", stdin=yaml.safe_dump(given).encode())
    assert SECRET_VALUE not in ran.err
    return ran


def _answer(ran: Ran) -> dict[str, Any]:
    answer: dict[str, Any] = yaml.safe_load(ran.out)
    assert (answer["apiVersion"], answer["kind"]) == ("config.kubernetes.io/v1", "ResourceList")
    return answer


def _names(answer: dict[str, Any]) -> list[str]:
    return [f"{item['kind']}/{item['metadata']['name']}" for item in answer["items"]]


def test_items_pass_unchanged_and_what_was_made_follows() -> None:
    items = _items(*GOOD)
    ran = _run(items)
    assert (ran.status, ran.err) == (0, "")
    answer = _answer(ran)
    assert answer["items"][:3] == items
    assert "Secret/prometheus-main" in _names(answer)
    assert "results" not in answer


def test_the_same_as_render_makes(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text("---\n".join(GOOD))
    rendered = promrender("render", tmp_path)
    assert _answer(_run(_items(*GOOD)))["items"][3:] == list(yaml.safe_load_all(rendered.out))


def test_a_second_run_replaces_what_the_first_made_and_keeps_its_file() -> None:
    first = _answer(_run(_items(*GOOD)))
    for item in first["items"]:
        item["metadata"].setdefault("annotations", {}).update(FILE)
    assert _answer(_run(first["items"]))["items"] == first["items"]


def test_custom_resources_are_dropped_on_request() -> None:
    configuration = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "data": {"drop-custom-resources": "true", "labels": "a=b"},
    }
    answer = _answer(_run(_items(*GOOD), configuration))
    assert not [name for name in _names(answer) if name.startswith(("Prometheus/", "ServiceMonitor/"))]
    assert "Secret/login" in _names(answer)
    made = next(item for item in answer["items"] if item["metadata"]["name"] == "prometheus-main")
    assert made["metadata"]["labels"]["a"] == "b"


def test_a_spec_takes_lists_and_mappings() -> None:
    spec = {"only-namespace": ["other"], "labels": {"a": "b"}, "allow-empty": True}
    answer = _answer(_run(_items(*GOOD), {"apiVersion": "promrender.dev/v1", "kind": "PromRender", "spec": spec}))
    assert "Secret/prometheus-main" not in _names(answer)


def test_findings_are_results_and_errors_fail() -> None:
    items = _items(PROMETHEUS, prometheus_rule("bad", "rate(up[5m)"))
    ran = _run(items)
    assert ran.status == 1
    answer = _answer(ran)
    assert answer["items"] == items
    (result,) = answer["results"]
    assert result["severity"] == "error"
    assert "PromQL" in result["message"]
    assert result["resourceRef"] == {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "name": "bad",
        "namespace": "mon",
    }
    assert result["field"] == {"path": "spec.groups[0].rules[0].expr"}
    assert result["file"] == {"path": "mon/good.yaml"}
    assert result["tags"]["code"]
    assert "PrometheusRule/mon/bad" in ran.err


def test_nothing_to_render_fails_unless_that_is_allowed() -> None:
    assert _run(_items(SECRET)).status == 1
    allowed = _run(_items(SECRET), {"kind": "ConfigMap", "apiVersion": "v1", "data": {"allow-empty": "true"}})
    assert allowed.status == 0
    assert _names(_answer(allowed)) == ["Secret/login"]


@pytest.mark.parametrize(
    ("stdin", "says"),
    [
        (b"", "holds no ResourceList"),
        (b"kind: [", "does not parse"),
        (PROMETHEUS.encode(), "holds no ResourceList"),
        (b"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: [1]\n", "no Kubernetes object"),
        (b"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: x\n", "no mapping"),
        (
            b"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {kind: X, spec: {nosuch: 1}}\n",
            "unknown setting nosuch; known are ",
        ),
    ],
)
def test_bad_input_is_trouble_and_nothing_is_printed(stdin: bytes, says: str) -> None:
    ran = promrender("krm", stdin=stdin)
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err


def test_a_workload_is_not_taken_for_its_resource(tmp_path: Path) -> None:
    """Kustomize keeps book of items in annotations, and a StatefulSet has the annotations of its Prometheus."""
    (tmp_path / "all.yaml").write_text("---\n".join(GOOD))
    rendered = promrender("render", "--workloads", tmp_path)
    items = _items(*GOOD)
    items[0]["metadata"]["annotations"] = {**FILE, "config.k8s.io/id": "1", "kustomize.config.k8s.io/id": "x"}
    answer = _answer(_run(items, {"apiVersion": "promrender.dev/v1", "kind": "X", "spec": {"workloads": True}}))
    assert answer["items"][:3] == items
    assert answer["items"][3:] == list(yaml.safe_load_all(rendered.out))


def test_it_runs_with_the_environment_of_a_container_function() -> None:
    """Kustomize gives a container these two variables, no argument and no network."""
    given = {"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": _items(*GOOD)}
    ran = subprocess.run(
        [Path(sys.executable).parent / "promrender", "krm"],
        input=yaml.safe_dump(given).encode(),
        env={"LOG_TO_STDERR": "true", "STRUCTURED_RESULTS": "true"},
        cwd="/",
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert "Secret/prometheus-main" in _names(yaml.safe_load(ran.stdout))
    assert ran.stderr == b""


def _kustomize(program: Path, *arguments: str | Path, cwd: Path = PROJECT) -> Ran:
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [str(program), *map(str, arguments)]
    ran = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120, env={**os.environ, "PATH": paths}
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def _build(program: Path, folder: Path) -> Ran:
    return _kustomize(program, "build", "--enable-alpha-plugins", "--enable-exec", folder)


def test_the_real_kustomize_runs_the_example(tool: Callable[[str], Path], tmp_path: Path) -> None:
    kustomize = tool("kustomize")
    ran = _build(kustomize, EXAMPLE)
    assert ran.status == 0, ran.err
    assert ran.out == _build(kustomize, EXAMPLE).out
    made = {f"{m['kind']}/{m['metadata']['namespace']}/{m['metadata']['name']}": m for m in yaml.safe_load_all(ran.out)}
    assert "Prometheus/monitoring/main" not in made
    assert "Secret/monitoring/prometheus-main" in made
    assert not any("annotations" in m["metadata"] for m in made.values())
    copy = shutil.copytree(EXAMPLE, tmp_path / "broken")
    _break(copy)
    broken = _build(kustomize, copy)
    assert (broken.status, broken.out) == (1, "")
    assert "did you mean port" in broken.err


def _break(folder: Path) -> None:
    monitor = folder / "monitor.yaml"
    monitor.write_text(monitor.read_text().replace("port: web", "prot: web"))


def test_the_real_kustomize_makes_workloads(tool: Callable[[str], Path], tmp_path: Path) -> None:
    copy = shutil.copytree(EXAMPLE, tmp_path / "workloads")
    function = copy / "promrender.yaml"
    function.write_text(function.read_text() + "  workloads: true\n")
    ran = _build(tool("kustomize"), copy)
    assert ran.status == 0, ran.err
    sources = [copy / "prometheus.yaml", copy / "monitor.yaml"]
    rendered = promrender("render", "--workloads", "--default-namespace", "monitoring", *sources)
    assert _by_name(ran.out) == _by_name(rendered.out)


def test_the_real_kustomize_hands_over_what_it_does_not_deploy(tool: Callable[[str], Path], tmp_path: Path) -> None:
    copy = shutil.copytree(EXAMPLE, tmp_path / "local")
    local = "  annotations: {config.kubernetes.io/local-config: 'true'}\nstringData"
    (copy / "login.yaml").write_text(SECRET.replace("  namespace: mon\n", "").replace("stringData", local))
    (copy / "monitor.yaml").write_text(service_monitor("good").replace("  namespace: mon\n", ""))
    resources = copy / "kustomization.yaml"
    resources.write_text(resources.read_text().replace("  - monitor.yaml\n", "  - monitor.yaml\n  - login.yaml\n"))
    ran = _build(tool("kustomize"), copy)
    assert ran.status == 0, ran.err
    made = _by_name(ran.out)
    assert ("Secret", "login") not in made
    configuration = gzip.decompress(base64.b64decode(made["Secret", "prometheus-main"]["data"]["prometheus.yaml.gz"]))
    assert SECRET_VALUE in configuration.decode()


def _by_name(text: str) -> dict[tuple[str, str], Any]:
    return {(m["kind"], m["metadata"]["name"]): m for m in yaml.safe_load_all(text)}


def test_the_real_kustomize_writes_into_the_folder_and_keeps_the_results(
    tool: Callable[[str], Path], tmp_path: Path
) -> None:
    """`kustomize fn run` works on files: each object goes to the one that its annotations name."""
    folder, results = shutil.copytree(EXAMPLE, tmp_path / "folder"), tmp_path / "results"
    results.mkdir()
    (folder / "kustomization.yaml").unlink()
    settings = folder / "promrender.yaml"
    settings.write_text(settings.read_text().replace("drop-custom-resources", "workloads"))
    command = (tool("kustomize"), "fn", "run", ".", "--enable-exec", "--results-dir", results)
    first = _kustomize(*command, cwd=folder)
    assert first.status == 0, first.err
    written = _texts(folder)
    assert "kind: StatefulSet" in written["default/statefulset_prometheus-main.yaml"]
    assert yaml.safe_load(written["prometheus.yaml"]) == yaml.safe_load((EXAMPLE / "prometheus.yaml").read_text())
    assert _kustomize(*command, cwd=folder).status == 0
    assert _texts(folder) == written
    _break(folder)
    failed = _kustomize(*command, cwd=folder)
    assert failed.status == 1
    assert "did you mean port" in failed.err
    (told,) = [result for path in results.iterdir() for result in yaml.safe_load(path.read_text())]
    assert told["file"]["path"] == "monitor.yaml"
    assert (told["severity"], told["field"]) == ("error", {"path": "spec.endpoints[0].prot"})
    assert {path: text for path, text in _texts(folder).items() if path != "monitor.yaml"} == {
        path: text for path, text in written.items() if path != "monitor.yaml"
    }


def _texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}
