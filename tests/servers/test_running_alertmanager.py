"""A running Alertmanager loads what we render, and sends a real alert where an AlertmanagerConfig says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
import yaml

import render
from tests.servers.alertmanager_server import Notification, Receiver, receiving, running
from tests.servers.amtool import configurations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

PATIENCE = 30.0
TOKEN = "a-token-of-nobody"  # noqa: S105 - made up

MANIFESTS = """\
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {name: main, namespace: observe}
spec:
  alertmanagerConfigSelector: {}
  alertmanagerConfigNamespaceSelector: {}
---
apiVersion: v1
kind: Secret
metadata: {name: alertmanager-main, namespace: observe}
stringData:
  alertmanager.yaml: |
    route: {receiver: platform, group_wait: 1s}
    receivers:
      - name: platform
        webhook_configs: [{url: URL/platform}]
---
apiVersion: monitoring.coreos.com/v1beta1
kind: AlertmanagerConfig
metadata: {name: checkout, namespace: shop}
spec:
  route:
    receiver: chat
    groupWait: 1s
    groupBy: [alertname]
    matchers: [{name: severity, matchType: "=~", value: "critical|page"}]
  receivers:
    - name: chat
      webhookConfigs:
        - urlSecret: {name: chat, key: url}
          httpConfig: {authorization: {credentials: {name: chat, key: token}}}
---
apiVersion: v1
kind: Secret
metadata: {name: chat, namespace: shop}
stringData: {url: URL/checkout, token: TOKEN}
---
apiVersion: monitoring.coreos.com/v1beta1
kind: AlertmanagerConfig
metadata: {name: broken, namespace: shop}
spec:
  route: {receiver: nobody}
  receivers: [{name: chat}]
"""


def started(manifests: Path, program: Path, folder: Path) -> AbstractContextManager[str]:
    """The server with the one configuration that is rendered of manifests."""
    (found,) = configurations(manifests)
    file = folder / "alertmanager.yaml"
    file.write_text(found.text)
    return running(program, file, folder / "data")


def test_it_loads_the_kube_prometheus_stack(conformance: Path, tool: Callable[[str], Path], tmp_path: Path) -> None:
    manifests = conformance / "live" / "kube-prometheus" / "stack" / "input.yaml"
    (found,) = configurations(manifests)
    with started(manifests, tool("alertmanager"), tmp_path) as url:
        status = requests.get(f"{url}/api/v2/status", timeout=PATIENCE).json()
    rendered = yaml.safe_load(found.text)
    loaded = yaml.safe_load(status["config"]["original"])
    assert [receiver["name"] for receiver in loaded["receivers"]] == [item["name"] for item in rendered["receivers"]]
    assert [route["receiver"] for route in loaded["route"]["routes"]] == [
        route["receiver"] for route in rendered["route"]["routes"]
    ]
    assert len(loaded["inhibit_rules"]) == len(rendered["inhibit_rules"]) > 0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def test_an_alert_reaches_the_receiver_that_an_alertmanagerconfig_names(
    receiver: Receiver, tool: Callable[[str], Path], tmp_path: Path
) -> None:
    manifests = tmp_path / "manifests.yaml"
    manifests.write_text(MANIFESTS.replace("URL", receiver.url).replace("TOKEN", TOKEN))
    assert any(str(found.object) == "AlertmanagerConfig/shop/broken" for found in findings(manifests))
    with started(manifests, tool("alertmanager"), tmp_path) as url:
        post(url, {"alertname": "CheckoutDown", "namespace": "shop", "severity": "page"})
        post(url, {"alertname": "CheckoutDown", "namespace": "store", "severity": "page"})
        calls = {call.path: call for call in (receiver.calls.get(timeout=PATIENCE) for _ in range(2))}
    checkout, platform = calls["/checkout"], calls["/platform"]
    assert checkout.body["receiver"] == "shop/checkout/chat"
    assert checkout.authorization == f"Bearer {TOKEN}"
    assert namespaces(checkout) == {"shop"}
    assert platform.body["receiver"] == "platform"
    assert namespaces(platform) == {"store"}


def findings(manifests: Path) -> list[render.Finding]:
    return list(render.render(render.load([str(manifests)])).findings)


def post(url: str, labels: dict[str, str]) -> None:
    requests.post(f"{url}/api/v2/alerts", json=[{"labels": labels}], timeout=PATIENCE).raise_for_status()


def namespaces(call: Notification) -> set[str]:
    return {alert["labels"]["namespace"] for alert in call.body["alerts"]}
