"""The real promtool takes every configuration that we render as a whole, for the versions that it knows.

promtool 3.13.2 reads nearly every older configuration too; what it does not is listed, with the reason, in
`promtool_refusals.json`, and the tests see to it that the list stays true. promtool 2.42 checks what is rendered for
servers up to 2.42.
"""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.places import CONFORMANCE, ROOT
from tests.rendered import entries
from tests.servers.promtool import check_config, check_rules, server_version, without_kubernetes_discovery
from tests.servers.verdicts import assert_verdict

if TYPE_CHECKING:
    from collections.abc import Callable

REFUSALS: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "promtool_refusals.json").read_text())
OLD_SERVER = (2, 42)
SECRET_NAMES = {"Prometheus": "prometheus-{}", "PrometheusAgent": "prom-agent-{}"}
GOLDEN = sorted((ROOT / "tests" / "golden").glob("*/expected/*/prometheus.yaml"))
GOLDEN_RULES = sorted(
    file for file in (ROOT / "tests" / "golden").glob("*/expected/*rulefiles*/*.yaml") if file.name != "object.yaml"
)


def whole_file_cases() -> list[Any]:
    """Cases of the `prometheus` suite for which the reference makes a file, each with its server version."""
    found = []
    for folder in sorted((CONFORMANCE / "prometheus").glob("*/expected.yaml")):
        documents = yaml.load_all((folder.parent / "input.yaml").read_text(), yaml.CSafeLoader)
        workload = next(document for document in documents if document and document["kind"] in SECRET_NAMES)
        found.append(pytest.param(folder.parent, server_version(workload), id=folder.parent.name))
    return found or [pytest.param(None, (0, 0), id="none-beside-this-checkout")]


CASES = whole_file_cases()
OLD_CASES = [case for case in CASES if case.values[1] <= OLD_SERVER]


@cache
def adapter() -> Any:  # noqa: ANN401 - a module that is loaded by its path, as the runner does
    spec = importlib.util.spec_from_file_location("conformance_adapter", ROOT / "tests" / "conformance" / "adapter.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rendered_config(case: Path) -> tuple[str, str]:
    """Kind of the workload object and the configuration that we render for a conformance case."""
    about = json.loads((case / "case.json").read_text())
    off = ("endpointSliceSupported", "topologySharding", "podTopologyLabelsSupported", "retentionPolicies")
    options = dict.fromkeys(off, False) | (about.get("options") or {})
    objects = adapter().render(str(case / "input.yaml"), options)["objects"]
    name = SECRET_NAMES[about["kind"]].format(about["name"])
    secret = next(o for o in objects if o["kind"] == "Secret" and o["metadata"]["name"] == name)
    return about["kind"], entries(secret)["prometheus.yaml"]


@pytest.mark.parametrize(("case", "version"), CASES)
@pytest.mark.usefixtures("conformance")
def test_promtool_takes_what_we_render(
    case: Path, version: tuple[int, int], tool: Callable[[str], Path], tmp_path: Path
) -> None:
    del version
    kind, config = rendered_config(case)
    file = tmp_path / "prometheus.yaml"
    file.write_text(config)
    verdict = check_config(tool("promtool"), file, agent=kind == "PrometheusAgent")
    assert_verdict(verdict, case.name, REFUSALS["3.13"])


@pytest.mark.parametrize(("case", "version"), OLD_CASES)
@pytest.mark.usefixtures("conformance")
def test_promtool_2_42_takes_what_we_render_for_old_servers(
    case: Path, version: tuple[int, int], tool: Callable[[str], Path], tmp_path: Path
) -> None:
    del version
    kind, config = rendered_config(case)
    file = tmp_path / "prometheus.yaml"
    file.write_text(without_kubernetes_discovery(config))
    verdict = check_config(tool("promtool-2.42"), file, agent=kind == "PrometheusAgent")
    assert_verdict(verdict, case.name, REFUSALS["2.42"])


@pytest.mark.parametrize("config", GOLDEN, ids=lambda path: f"{path.parents[2].name}/{path.parent.name}")
def test_promtool_takes_golden_configuration(config: Path, tool: Callable[[str], Path]) -> None:
    assert not check_config(tool("promtool"), config, agent="prom-agent-" in config.parent.name)


@pytest.mark.parametrize("rules", GOLDEN_RULES, ids=lambda path: f"{path.parents[2].name}/{path.name}")
def test_promtool_takes_golden_rules(rules: Path, tool: Callable[[str], Path], tmp_path: Path) -> None:
    assert not check_rules(tool("promtool"), rules.read_text(), tmp_path)
