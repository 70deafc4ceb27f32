"""`promrender krm` keeps to the specification of KRM functions; the real Kustomize runs it."""

from __future__ import annotations

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


def _kustomize(program: Path, folder: Path) -> Ran:
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [str(program), "build", "--enable-alpha-plugins", "--enable-exec", str(folder)]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, env={**os.environ, "PATH": paths}
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def test_the_real_kustomize_runs_the_example(tool: Callable[[str], Path], tmp_path: Path) -> None:
    kustomize = tool("kustomize")
    ran = _kustomize(kustomize, PROJECT / "examples" / "kustomize")
    assert ran.status == 0, ran.err
    made = {f"{m['kind']}/{m['metadata']['namespace']}/{m['metadata']['name']}": m for m in yaml.safe_load_all(ran.out)}
    assert "Prometheus/monitoring/main" not in made
    assert "Secret/monitoring/prometheus-main" in made
    assert not any("internal" in str(m["metadata"].get("annotations")) for m in made.values())
    copy = shutil.copytree(PROJECT / "examples" / "kustomize", tmp_path / "broken")
    monitor = copy / "monitor.yaml"
    monitor.write_text(monitor.read_text().replace("port: web", "prot: web"))
    broken = _kustomize(kustomize, copy)
    assert (broken.status, broken.out) == (1, "")
    assert "did you mean port" in broken.err
