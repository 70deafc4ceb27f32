"""The real promtool takes what we render of the random objects of the `live` suites, whole namespaces at a time.

Many of these objects ask for something that no server takes, and the operator writes it all the same, as we do. What
promtool may say against them is listed with the reason, under `patterns` in `promtool_refusals.json`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import render
from tests.places import CONFORMANCE
from tests.rendered import entries
from tests.servers.promtool import check_config, check_rules, server_version, without_kubernetes_discovery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REFUSALS: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "promtool_refusals.json").read_text())
EXPECTED = re.compile("|".join(REFUSALS["patterns"]))
SUITES = ("sm", "pm", "probe", "sc", "prom", "agent", "cfg", "rule", "ns", "kube-prometheus")
FOLDERS = [folder for suite in SUITES for folder in sorted((CONFORMANCE / "live" / suite).glob("*"))]
OLD_SERVER = (2, 42)
PREFIXES = {"Prometheus": "prometheus-", "PrometheusAgent": "prom-agent-"}


def workloads(manifests: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Prometheus and PrometheusAgent objects by namespace and name of their configuration's Secret."""
    documents = yaml.load_all(manifests.read_text(), yaml.CSafeLoader)
    found = [document for document in documents if document and document.get("kind") in PREFIXES]
    return {(o["metadata"]["namespace"], PREFIXES[o["kind"]] + o["metadata"]["name"]): o for o in found}


def configurations(folder: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Each workload object of a case with the configuration that we render for it."""
    servers = workloads(folder / "input.yaml")
    for rendered in render.render(render.load([str(folder / "input.yaml")])).objects:
        key = (rendered["metadata"]["namespace"], rendered["metadata"]["name"])
        if rendered["kind"] == "Secret" and key in servers:
            yield servers[key], entries(rendered)["prometheus.yaml"]


@pytest.mark.parametrize("folder", FOLDERS or [None], ids=lambda path: path and f"{path.parent.name}/{path.name}")
@pytest.mark.usefixtures("conformance")
def test_promtool_takes_configuration(folder: Path, tool: Callable[[str], Path], tmp_path: Path) -> None:
    for server, config in configurations(folder):
        agent = server["kind"] == "PrometheusAgent"
        file = tmp_path / "prometheus.yaml"
        file.write_text(config)
        verdict = check_config(tool("promtool"), file, agent=agent)
        assert not verdict or EXPECTED.search(verdict), verdict
        if server_version(server) <= OLD_SERVER:
            file.write_text(without_kubernetes_discovery(config))
            assert not check_config(tool("promtool-2.42"), file, agent=agent)


@pytest.mark.parametrize("folder", FOLDERS or [None], ids=lambda path: path and f"{path.parent.name}/{path.name}")
@pytest.mark.usefixtures("conformance")
def test_promtool_takes_rules(folder: Path, tool: Callable[[str], Path], tmp_path: Path) -> None:
    for rendered in render.render(render.load([str(folder / "input.yaml")])).objects:
        if rendered["kind"] == "ConfigMap":
            for text in entries(rendered).values():
                assert not check_rules(tool("promtool"), text, tmp_path)
