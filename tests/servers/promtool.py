"""What the real promtool says of a configuration or of rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from tests.servers import verdicts
from tests.servers.verdicts import verdict

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_VERSION = "3.13.2"
THANOS_ONLY = re.compile(r"^ +partial_response_strategy: .*\n", re.MULTILINE)


def check_config(promtool: Path, config: Path, *, agent: bool = False) -> str:
    """Why promtool refuses a configuration file; empty when it takes it. Files that it names need not exist."""
    mode = ["--agent"] if agent else []
    return verdict(promtool, "check", "config", "--syntax-only", *mode, str(config))


def check_rules(promtool: Path, rules: str, scratch: Path) -> str:
    """Why promtool refuses a rule file's text; empty when it takes it. The key that Thanos alone knows is left out."""
    file = scratch / "rules.yaml"
    file.write_text(THANOS_ONLY.sub("", rules))
    return verdict(promtool, "check", "rules", "--lint=none", str(file))


def server_version(workload: dict[str, Any]) -> tuple[int, int]:
    """Major and minor version of the server that a Prometheus or PrometheusAgent asks for."""
    return verdicts.server_version(workload, DEFAULT_VERSION)


def without_kubernetes_discovery(config: str) -> str:
    """The configuration without `kubernetes_sd_configs`: Debian builds its Prometheus without that discovery."""
    return yaml.safe_dump(_pruned(yaml.load(config, yaml.CSafeLoader)), sort_keys=False)


def _pruned(value: Any) -> Any:  # noqa: ANN401 - any YAML value
    if isinstance(value, dict):
        return {key: _pruned(item) for key, item in value.items() if key != "kubernetes_sd_configs"}
    return [_pruned(item) for item in value] if isinstance(value, list) else value
