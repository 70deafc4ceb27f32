"""The real promtool and amtool know each field for a file, from the version on that the table says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from render.generation.file_fields import ALERTMANAGER, PROMETHEUS, FileField
from render.versions import parse
from tests.servers import amtool, promtool

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILE = "/certs/0_web_login_word"
CLIENT_BLOCKS: dict[str, dict[str, Any]] = {
    "authorization": {},
    "basic_auth": {},
    "oauth2": {"client_id": "x", "token_url": "http://token"},
    "http_config": {},
}
REST: dict[str, dict[str, Any]] = {
    "email_configs": {"to": "a@b", "from": "c@d", "smarthost": "mail:25"},
    "pushover_configs": {"token": "x", "user_key": "y"},
    "rocketchat_configs": {"token": "x", "token_id": "y", "channel": "z"},
    "telegram_configs": {"chat_id": 1},
    "victorops_configs": {"routing_key": "x"},
    "wechat_configs": {"corp_id": "x"},
    "scaleway_sd_configs": {
        "role": "instance",
        "project_id": "11111111-1111-1111-1111-111111111111",
        "access_key": "SCWXXXXXXXXXXXXXXXXX",
    },
}
"""What else an entry needs."""


def known(row: FileField, line: str) -> bool:
    return parse(line) >= parse(row.since)


def filled(row: FileField, rest: dict[str, Any]) -> dict[str, Any]:
    return {**{key: value for key, value in rest.items() if key != row.key}, row.file: FILE}


def of_prometheus(row: FileField) -> dict[str, Any]:
    job: dict[str, Any] = {"job_name": "a"}
    if row.block == "scrape_configs":
        job[row.file] = FILE
    elif row.block in CLIENT_BLOCKS:
        job[row.block] = filled(row, CLIENT_BLOCKS[row.block])
    else:
        job[row.block] = [filled(row, REST[row.block])]
    return {"scrape_configs": [job]}


def of_alertmanager(row: FileField) -> dict[str, Any]:
    out: dict[str, Any] = {"route": {"receiver": "a"}, "receivers": [{"name": "a"}]}
    if row.block == "global":
        out["global"] = {row.file: FILE}
    elif row.block in CLIENT_BLOCKS:
        block = filled(row, CLIENT_BLOCKS[row.block])
        client = block if row.block == "http_config" else {row.block: block}
        out["receivers"][0]["webhook_configs"] = [{"url": "http://hook", "http_config": client}]
    else:
        out["receivers"][0][row.block] = [filled(row, REST.get(row.block, {}))]
    return out


def name_of(row: FileField) -> str:
    return f"{row.block}.{row.file}"


@pytest.mark.parametrize(("program", "line"), [("promtool", "3.13.2"), ("promtool-2.42", "2.42.0")])
@pytest.mark.parametrize("row", PROMETHEUS, ids=name_of)
def test_promtool_knows_the_field_since_then(
    row: FileField, program: str, line: str, tool: Callable[[str], Path], tmp_path: Path
) -> None:
    config = tmp_path / "prometheus.yaml"
    config.write_text(yaml.safe_dump(of_prometheus(row)))
    said = promtool.check_config(tool(program), config)
    assert (not said) == known(row, line), said
    assert not said or f"field {row.file} not found" in said


@pytest.mark.parametrize(("program", "line"), [("amtool", "0.33.1"), ("amtool-0.25", "0.25.0")])
@pytest.mark.parametrize("row", ALERTMANAGER, ids=name_of)
def test_amtool_knows_the_field_since_then(
    row: FileField, program: str, line: str, tool: Callable[[str], Path], tmp_path: Path
) -> None:
    said = amtool.check_config(tool(program), yaml.safe_dump(of_alertmanager(row)), tmp_path)
    assert (not said) == known(row, line), said


def test_a_value_and_its_file_exclude_each_other(tool: Callable[[str], Path], tmp_path: Path) -> None:
    """So a field that is misspelt above would not pass for one that is known."""
    row = next(row for row in ALERTMANAGER if row.block == "opsgenie_configs")
    config = of_alertmanager(row)
    config["receivers"][0][row.block][0][row.key] = "x"
    assert amtool.check_config(tool("amtool"), yaml.safe_dump(config), tmp_path)
