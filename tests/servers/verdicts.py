"""What the servers' own checkers say, and which of their refusals are expected."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

# Discovery of AWS asks the machine for its region when the configuration names none; here it must not ask the network.
OFFLINE = {"AWS_REGION": "eu-north-1", "AWS_EC2_METADATA_DISABLED": "true"}


def verdict(*command: Path | str) -> str:
    """Why a checker refuses what its command line names; empty when it takes it."""
    environment = os.environ | OFFLINE
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def assert_verdict(said: str, case: str, refusals: Container[str]) -> None:
    """The verdict is a yes, or a no that the list of refusals gives a reason for."""
    if case in refusals:
        assert said, f"{case} is taken now: remove it from the list of refusals"
    else:
        assert not said


def server_version(workload: dict[str, Any], default: str) -> tuple[int, int]:
    """Major and minor version of the server that a workload object asks for."""
    major, minor = re.findall(r"\d+", workload["spec"].get("version") or default)[:2]
    return int(major), int(minor)
