"""Our arguments and the user's on one command line."""

from __future__ import annotations

import pytest

from render.api import pods
from render.findings import Rejection
from render.generation.arguments import Argument, command_line

OURS = [Argument("log.level", "debug"), Argument("web.enable-lifecycle"), Argument("no-compaction")]


def test_ours_come_first_and_an_argument_without_value_stands_alone() -> None:
    theirs = [pods.Argument(name="x", value="1"), pods.Argument(name="flag")]
    assert command_line(OURS, theirs) == [
        "--log.level=debug",
        "--web.enable-lifecycle",
        "--no-compaction",
        "--x=1",
        "--flag",
    ]


@pytest.mark.parametrize("name", ["log.level", "no-web.enable-lifecycle", "compaction", "no-compaction"])
def test_an_argument_that_is_set_or_negated_already_is_refused(name: str) -> None:
    with pytest.raises(Rejection, match=name) as refused:
        command_line(OURS, [pods.Argument(name=name)], "spec.thanos.additionalArgs")
    assert refused.value.field == "spec.thanos.additionalArgs"
