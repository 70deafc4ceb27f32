"""How long a server may take to start."""

from __future__ import annotations

import pytest

from render.generation.probes import startup_limits


@pytest.mark.parametrize(
    ("seconds", "period", "failures"), [(None, 15, 60), (60, 60, 1), (90, 45, 2), (600, 60, 10), (601, 55, 11)]
)
def test_startup_limits(seconds: int | None, period: int, failures: int) -> None:
    limits = startup_limits(seconds)
    assert limits == {"periodSeconds": period, "failureThreshold": failures}
    assert period * failures >= (seconds or 0)
