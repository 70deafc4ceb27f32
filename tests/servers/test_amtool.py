"""The real amtool takes every Alertmanager configuration that we render as a whole, for the versions that it knows.

amtool 0.33 reads every older configuration, too; amtool 0.25 checks what is rendered for servers up to 0.25. What they
refuse is listed, with the reason, in `amtool_refusals.json`; the tests see to it that the list stays true, and that
each such file comes with a finding that says so.

Rendered as the reference operator does, with its faults, more is refused; then, too, a finding says so.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from render.options import Options
from tests.places import CONFORMANCE, ROOT
from tests.servers.amtool import OLD_SERVER, Configuration, alertmanagers, check_config, configurations
from tests.servers.verdicts import assert_verdict, server_version

if TYPE_CHECKING:
    from collections.abc import Callable

REFUSALS: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "amtool_refusals.json").read_text())
PLACES = ("alertmanager", "amconfig-selection", "live/amc", "live/am", "live/ns2", "live/kube-prometheus")
CASES = [file.parent for place in PLACES for file in sorted((CONFORMANCE / place).glob("*/input.yaml"))]
GOLDEN = [
    file
    for file in sorted((ROOT / "tests" / "golden").glob("*/expected/*/alertmanager.yaml"))
    if (file.parents[2] / "input.yaml").exists()
]


def name_of(case: Path | None) -> str:
    return f"{case.parent.name}/{case.name}" if case else "none-beside-this-checkout"


def verdicts(found: Configuration, tool: Callable[[str], Path], scratch: Path) -> dict[str, str]:
    """What each amtool that knows the version says of a configuration, by the amtool's line."""
    lines = {"0.33": "amtool", **({"0.25": "amtool-0.25"} if found.version <= OLD_SERVER else {})}
    return {line: check_config(tool(program), found.text, scratch) for line, program in lines.items()}


@pytest.mark.parametrize("case", CASES or [None], ids=name_of)
@pytest.mark.usefixtures("conformance")
def test_amtool_takes_what_we_render(case: Path, tool: Callable[[str], Path], tmp_path: Path) -> None:
    for found in configurations(case / "input.yaml"):
        for line, said in verdicts(found, tool, tmp_path).items():
            assert_verdict(said, name_of(case), REFUSALS[line])
            assert found.told or not said, said


@pytest.mark.parametrize("case", [case for case in CASES if "live" in case.parts] or [None], ids=name_of)
@pytest.mark.usefixtures("conformance")
def test_what_amtool_refuses_of_the_reference_is_told(case: Path, tool: Callable[[str], Path], tmp_path: Path) -> None:
    good = {found.name: found.text for found in configurations(case / "input.yaml")}
    for found in configurations(case / "input.yaml", Options(reference_faults=True)):
        if found.text != good.get(found.name):
            said = verdicts(found, tool, tmp_path)
            assert found.told or not any(said.values()), said


@pytest.mark.parametrize("config", GOLDEN, ids=lambda path: f"{path.parents[2].name}/{path.parent.name}")
def test_amtool_takes_golden_configuration(config: Path, tool: Callable[[str], Path], tmp_path: Path) -> None:
    namespace, _, name = config.parent.name.split(".", 2)
    server = alertmanagers(config.parents[2] / "input.yaml")[namespace, name]
    found = Configuration(name, server_version(server, "0.33"), config.read_text(), told=False)
    assert set(verdicts(found, tool, tmp_path).values()) == {""}
