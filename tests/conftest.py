"""What all tests share: the real tools, the conformance cases beside the checkout, and no skipping in CI.

A test that lacks a tool or a folder is skipped with a reason that names it. With `CI=true` every skip is a failure, so
that a green run in CI means that everything ran.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.places import CONFORMANCE, TOOLS

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

IN_CI = os.environ.get("CI") == "true"


@pytest.fixture(scope="session")
def tool() -> Callable[[str], Path]:
    """Path of a real program by its name in `.tools/bin`; skips when it is not there."""

    def find(name: str) -> Path:
        program = TOOLS / name
        if not program.exists():
            pytest.skip(f"{name} is not in .tools/bin: run `make tools`")
        return program

    return find


@pytest.fixture(scope="session")
def conformance() -> Path:
    """Folder of the conformance cases; skips when the checkout has none beside it."""
    if not CONFORMANCE.is_dir():
        pytest.skip("there is no ../shared/conformance beside this checkout")
    return CONFORMANCE


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a group in one process.

    pytest-xdist 3.8 appends `@group` to a test's `_nodeid`; pytest 9.2 reads `_id` instead, and would spread them.
    """
    for item in items:
        named = vars(item).get("_nodeid", "")
        if "@" in named:
            item._id = type(item._id).parse(named)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one in CI."""
    del item, call
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped in CI, where nothing may be: {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a module that skips itself into a failure in CI."""
    del collector
    report = yield
    if IN_CI and report.skipped:
        report.outcome, report.longrepr = "failed", f"skipped in CI, where nothing may be: {_reason(report.longrepr)}"
    return report


def _reason(longrepr: Any) -> str:  # noqa: ANN401 - pytest leaves the type open
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)
