"""A running Alertmanager sends with the credentials of references as with inline ones, be they files or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

import render
from tests.conformance.resolving import FOLDERS, Source, configurations, rendered, resolved
from tests.servers.alertmanager_server import receiving, running

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE = 30.0
MANIFESTS = """\
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {name: main, namespace: observe}
spec:
  alertmanagerConfigSelector: {}
---
apiVersion: v1
kind: Secret
metadata: {name: alertmanager-main, namespace: observe}
stringData:
  alertmanager.yaml: |
    SETTINGS
    route: {receiver: nobody}
    receivers: [{name: nobody}]
---
apiVersion: monitoring.coreos.com/v1beta1
kind: AlertmanagerConfig
metadata: {name: team, namespace: observe}
spec:
  route: {receiver: everywhere, groupWait: 1s}
  receivers:
  - name: everywhere
    opsgenieConfigs:
    - {apiURL: SERVER/, apiKey: {name: team, key: key}}
    webhookConfigs:
    - urlSecret: {name: team, key: url}
      httpConfig: {authorization: {credentials: {name: team, key: token}}}
---
apiVersion: v1
kind: Secret
metadata: {name: team, namespace: observe}
stringData: {url: SERVER/hook, token: of-the-hook, key: of-the-team}
"""


@pytest.mark.parametrize(
    ("settings", "key"), [("", "api_key_file: "), ("global: {opsgenie_api_key: of-all}", 'api_key: "$(secret:')]
)
def test_alertmanager_sends_with_what_it_finds(
    settings: str, key: str, tool: Callable[[str], Path], tmp_path: Path
) -> None:
    """With a key for all in the file, Alertmanager would take that one where the team's own is a file."""
    with receiving() as server:
        (tmp_path / "manifests.yaml").write_text(MANIFESTS.replace("SERVER", server.url).replace("SETTINGS", settings))
        objects = render.load([str(tmp_path / "manifests.yaml")])
        ((place, text),) = configurations(rendered(objects, "reference")).items()
        assert key in text
        assert "credentials_file: /etc/alertmanager/certs/0_observe_team_token" in text
        made = resolved({place: text}, Source(objects))[place]
        for name, content in made.files.items():
            (tmp_path / name).write_bytes(content + b"\n")
        config = tmp_path / "alertmanager.yaml"
        config.write_text(made.text.replace(FOLDERS[place[3]], str(tmp_path)))
        with running(tool("alertmanager"), config, tmp_path / "data") as url:
            alert = {"labels": {"alertname": "Down", "namespace": "observe"}}
            requests.post(f"{url}/api/v2/alerts", json=[alert], timeout=PATIENCE).raise_for_status()
            calls = {call.path: call.authorization for call in (server.calls.get(timeout=PATIENCE) for _ in range(2))}
    assert calls == {"/hook": "Bearer of-the-hook", "/v2/alerts": "GenieKey of-the-team"}
