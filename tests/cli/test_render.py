"""The command as users run it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml

from tests.cli.manifests import PROMETHEUS, SECRET, service_monitor
from tests.cli.promrender import promrender

if TYPE_CHECKING:
    from pathlib import Path

TREE = "---\n".join([PROMETHEUS, SECRET, service_monitor("web")]).encode()


def _names(text: str) -> list[str]:
    return [f"{o['kind']}/{o['metadata']['name']}" for o in yaml.safe_load_all(text)]


def test_standard_input_gives_manifests_alone_on_standard_output() -> None:
    ran = promrender("render", "-", stdin=TREE)
    assert (ran.status, ran.err) == (0, "")
    assert _names(ran.out) == [
        "ConfigMap/prometheus-main-rulefiles-0",
        "Secret/prometheus-main",
        "Secret/prometheus-main-thanos-prometheus-http-client-file",
        "Secret/prometheus-main-tls-assets-0",
        "Secret/prometheus-main-web-config",
    ]


def test_a_pipe_needs_no_dash() -> None:
    assert promrender("render", stdin=TREE).out == promrender("render", "-", stdin=TREE).out


def test_json_is_a_list() -> None:
    made = json.loads(promrender("render", "-o", "json", "-", stdin=TREE).out)
    assert (made["kind"], len(made["items"])) == ("List", 5)


def test_json_is_read_as_well(tmp_path: Path) -> None:
    documents = [json.dumps(document) for document in yaml.safe_load_all(TREE)]
    for number, text in enumerate(documents):
        (tmp_path / f"{number}.json").write_text(text)
    assert promrender("render", tmp_path).out == promrender("render", "-", stdin=TREE).out


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    parts = TREE.decode().split("---\n")
    for folder, order in (("a", parts), ("b", parts[::-1])):
        (tmp_path / folder).mkdir()
        for number, text in enumerate(order):
            (tmp_path / folder / f"{number}.yaml").write_text(text)
    assert promrender("render", tmp_path / "a").out == promrender("render", tmp_path / "b").out


def test_lists_are_unfolded() -> None:
    items = list(yaml.safe_load_all(TREE))
    text = yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": items}).encode()
    assert promrender("render", "-", stdin=text).out == promrender("render", "-", stdin=TREE).out


def test_a_folder_gets_a_file_per_object_and_loses_what_is_no_longer_made(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert promrender("render", "--output-dir", out, "-", stdin=TREE).status == 0
    (out / "mine.yaml").write_text("kept: true\n")
    first = {path.name for path in out.rglob("*.yaml")}
    other = TREE.replace(b"name: main", b"name: other")
    assert promrender("render", "--output-dir", out, "-", stdin=other).status == 0
    second = {path.name for path in out.rglob("*.yaml")}
    assert "mine.yaml" in second
    assert not (first & second) - {"mine.yaml"}
    assert len(second) == len(first)


def test_only_what_is_asked_for_is_rendered() -> None:
    other = PROMETHEUS.replace("name: main", "name: other").replace("namespace: mon", "namespace: far").encode()
    both = TREE + b"---\n" + other
    assert all(
        "-other" in name for name in _names(promrender("render", "--only", "prometheus/other", "-", stdin=both).out)
    )
    assert all("-main" in name for name in _names(promrender("render", "--only-namespace", "mon", "-", stdin=both).out))
    assert len(_names(promrender("render", "-", stdin=both).out)) == 10


def test_objects_without_a_namespace_get_the_default_one() -> None:
    text = TREE.replace(b"  namespace: mon\n", b"")
    made = list(yaml.safe_load_all(promrender("render", "--default-namespace", "home", "-", stdin=text).out))
    assert {o["metadata"]["namespace"] for o in made} == {"home"}


def test_warnings_fail_when_asked_to() -> None:
    old = TREE.replace(b"ruleSelector: {}", b"ruleSelector: {}\n  version: v2.30.0").replace(
        b"port: web", b"port: web\n    enableHttp2: true"
    )
    ran = promrender("render", "-", stdin=old)
    assert ran.status == 0
    assert "warning" in ran.err
    assert "spec.endpoints[0].enableHttp2" in ran.err
    assert promrender("render", "--fail-on", "warning", "-", stdin=old).status == 1


def test_operator_flags_come_from_a_file_and_from_the_command_line(tmp_path: Path) -> None:
    config = tmp_path / "operator.yaml"
    config.write_text("labels: {team: file, from: file}\nannotations: note=x\n")
    ran = promrender("render", "--operator-config", config, "--labels", "team=flag", "-", stdin=TREE)
    metadata = next(yaml.safe_load_all(ran.out))["metadata"]
    assert metadata["labels"]["team"] == "flag"
    assert "from" not in metadata["labels"]
    assert metadata["annotations"] == {"note": "x"}


def test_an_unmanaged_object_makes_no_configuration_and_says_so() -> None:
    own = PROMETHEUS.replace("  serviceMonitorSelector: {}\n  podMonitorSelector: {}\n", "").encode()
    ran = promrender("render", "-", stdin=own)
    assert "unmanaged" in ran.err
    assert "Secret/prometheus-main" not in _names(ran.out)
    managed = promrender("render", "--disable-unmanaged-prometheus-configuration", "true", "-", stdin=own)
    assert "Secret/prometheus-main" in _names(managed.out)


def test_colour_is_for_terminals_and_never_with_no_color() -> None:
    bad = TREE.replace(b"port: web", b"prot: web")
    assert "\x1b[" not in promrender("render", "-", stdin=bad, NO_COLOR="1").err
    assert "\x1b[" not in promrender("render", "-", stdin=bad).err


def test_version_names_what_it_renders_as() -> None:
    ran = promrender("version")
    assert ran.status == 0
    assert "prometheus-operator 0.93.0" in ran.out


def test_completion_is_a_script() -> None:
    for shell in ("bash", "zsh", "fish"):
        assert "promrender" in promrender("completion", shell).out
