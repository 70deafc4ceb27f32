"""What `promrender render` makes of each golden case is what its `expected/` holds, file by file."""

from __future__ import annotations

import pytest

from tests.golden.cases import Case, all_cases, expected, render


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_golden_case(case: Case) -> None:
    now, before = render(case), expected(case)
    assert sorted(now) == sorted(before)
    for path in sorted(now):
        assert now[path] == before[path], f"{path}: `make golden GOLDEN={case.name}` shows the difference"
