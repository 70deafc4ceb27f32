"""Whatever is changed in Alertmanagers' manifests: the real amtool takes what we render, or a finding says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import given, settings

from tests.places import ROOT
from tests.robustness.test_mutated_manifests import FEW, mutated_trees
from tests.servers.amtool import OLD_SERVER, check_config, configurations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SOURCES = sorted((ROOT / "tests" / "golden").glob("alertmanager*/input.yaml"))
TREES = [list(yaml.load_all(source.read_bytes(), yaml.CSafeLoader)) for source in SOURCES]


def below_spec(place: tuple[Any, ...]) -> bool:
    """Names and kinds stay as they are."""
    return len(place) > 2 and place[1] == "spec"


@settings(FEW, max_examples=max(60, FEW.max_examples // 3))
@given(tree=mutated_trees(TREES, below_spec))
def test_amtool_takes_what_is_rendered_without_a_word(
    tree: list[Any], tool: Callable[[str], Path], tmp_path: Path
) -> None:
    manifests = tmp_path / "manifests.yaml"
    manifests.write_text(yaml.safe_dump_all(tree))
    for found in configurations(manifests):
        program = "amtool-0.25" if found.version <= OLD_SERVER else "amtool"
        said = check_config(tool(program), found.text, tmp_path)
        assert found.told or not said, said
