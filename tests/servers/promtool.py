"""What the real promtool says of a configuration or of rules."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_VERSION = "3.13.2"
THANOS_ONLY = re.compile(r"^ +partial_response_strategy: .*\n", re.MULTILINE)
# Discovery of AWS asks the machine for its region when the configuration names none; here it must not ask the network.
OFFLINE = {"AWS_REGION": "eu-north-1", "AWS_EC2_METADATA_DISABLED": "true"}


def check_config(promtool: Path, config: Path, *, agent: bool = False) -> str:
    """Why promtool refuses a configuration file; empty when it takes it. Files that it names need not exist."""
    mode = ["--agent"] if agent else []
    return _verdict(promtool, "check", "config", "--syntax-only", *mode, str(config))


def check_rules(promtool: Path, rules: str, scratch: Path) -> str:
    """Why promtool refuses a rule file's text; empty when it takes it. The key that Thanos alone knows is left out."""
    file = scratch / "rules.yaml"
    file.write_text(THANOS_ONLY.sub("", rules))
    return _verdict(promtool, "check", "rules", "--lint=none", str(file))


def _verdict(*command: Path | str) -> str:
    environment = os.environ | OFFLINE
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def server_version(workload: dict[str, Any]) -> tuple[int, int]:
    """Major and minor version of the server that a Prometheus or PrometheusAgent asks for."""
    major, minor = re.findall(r"\d+", workload["spec"].get("version") or DEFAULT_VERSION)[:2]
    return int(major), int(minor)


def without_kubernetes_discovery(config: str) -> str:
    """The configuration without `kubernetes_sd_configs`: Debian builds its Prometheus without that discovery."""
    return yaml.safe_dump(_pruned(yaml.load(config, yaml.CSafeLoader)), sort_keys=False)


def _pruned(value: Any) -> Any:  # noqa: ANN401 - any YAML value
    if isinstance(value, dict):
        return {key: _pruned(item) for key, item in value.items() if key != "kubernetes_sd_configs"}
    return [_pruned(item) for item in value] if isinstance(value, list) else value
