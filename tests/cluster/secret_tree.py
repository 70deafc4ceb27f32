"""A tree for `--secrets reference`: what it has in Git, the Secrets that only the cluster has, and what they let in.

`MARK` is in every credential that has text; `tales` are all texts that would tell one.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

MONITORING, SHOP = "references", "references-shop"
MARK = "never-tell"
JOBS = {
    "shop",  # of the ServiceMonitor: the name of the Service
    *(f"scrapeConfig/{SHOP}/{name}" for name in ("bearer", "oauth2", "tls")),
    "extra",
}
READ = {  # what the reloader of each server reads, by the server's account
    "prometheus": {(MONITORING, "extra"), (MONITORING, "storage")}
    | {(SHOP, name) for name in ("basic", "bearer", "oauth2", "tls")},
    "alertmanager": {(MONITORING, "alertmanager-main"), (SHOP, "chat")},
}

Values = dict[tuple[str, str], dict[str, str]]  # of Secrets, by namespace and name

TREE = f"""\
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {{name: main, namespace: {MONITORING}}}
spec:
  serviceAccountName: prometheus
  scrapeInterval: 1s
  serviceMonitorSelector: {{}}
  serviceMonitorNamespaceSelector: {{}}
  scrapeConfigSelector: {{}}
  scrapeConfigNamespaceSelector: {{}}
  additionalScrapeConfigs: {{name: extra, key: scrapes.yaml}}
  remoteWrite:
    - url: http://GUARD/write
      queueConfig: {{batchSendDeadline: 1s}}
      basicAuth: {{username: {{name: storage, key: user}}, password: {{name: storage, key: password}}}}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {{name: basic, namespace: {SHOP}}}
spec:
  selector: {{matchLabels: {{app: shop}}}}
  endpoints:
    - port: web
      path: /basic
      basicAuth: {{username: {{name: basic, key: user}}, password: {{name: basic, key: password}}}}
      relabelings: [{{targetLabel: __address__, replacement: "GUARD"}}]
---
apiVersion: monitoring.coreos.com/v1alpha1
kind: ScrapeConfig
metadata: {{name: bearer, namespace: {SHOP}}}
spec:
  metricsPath: /bearer
  staticConfigs: [{{targets: ["GUARD"]}}]
  authorization: {{credentials: {{name: bearer, key: token}}}}
---
apiVersion: monitoring.coreos.com/v1alpha1
kind: ScrapeConfig
metadata: {{name: oauth2, namespace: {SHOP}}}
spec:
  metricsPath: /oauth2
  staticConfigs: [{{targets: ["GUARD"]}}]
  oauth2:
    clientId: {{secret: {{name: oauth2, key: id}}}}
    clientSecret: {{name: oauth2, key: secret}}
    tokenUrl: http://GUARD/token
---
apiVersion: monitoring.coreos.com/v1alpha1
kind: ScrapeConfig
metadata: {{name: tls, namespace: {SHOP}}}
spec:
  metricsPath: /tls
  scheme: HTTPS
  staticConfigs: [{{targets: ["SECURED"]}}]
  tlsConfig:
    ca: {{secret: {{name: tls, key: ca.crt}}}}
    cert: {{secret: {{name: tls, key: tls.crt}}}}
    keySecret: {{name: tls, key: tls.key}}
---
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {{name: main, namespace: {MONITORING}}}
spec:
  serviceAccountName: alertmanager
  alertmanagerConfigSelector: {{}}
  alertmanagerConfigNamespaceSelector: {{}}
---
apiVersion: monitoring.coreos.com/v1beta1
kind: AlertmanagerConfig
metadata: {{name: chat, namespace: {SHOP}}}
spec:
  route: {{receiver: chat, groupWait: 1s, groupBy: [alertname]}}
  receivers: [{{name: chat, webhookConfigs: [{{urlSecret: {{name: chat, key: url}}}}]}}]
"""

DISCOVERED = f"""\
apiVersion: v1
kind: Service
metadata: {{name: shop, namespace: {SHOP}, labels: {{app: shop}}}}
spec: {{ports: [{{name: web, port: 80}}]}}
---
apiVersion: v1
kind: Endpoints
metadata: {{name: shop, namespace: {SHOP}, labels: {{app: shop}}}}
subsets: [{{addresses: [{{ip: 192.0.2.1}}], ports: [{{name: web, port: 80}}]}}]
"""


def secrets(edition: str, pairs: Path, guard: str, hooks: str) -> Values:
    """All Secrets, as they are in one edition; the client's certificate is `pairs/<edition>.crt`."""
    password = f'"{MARK}": \\{edition} #'  # what YAML and JSON would read as something else unless quoted
    login = {"username": "adder", "password": f"{password}extra"}
    scrape = {"job_name": "extra", "metrics_path": "/extra", "static_configs": [{"targets": [guard]}]}
    receiver = {"name": "platform", "webhook_configs": [{"url": f"{hooks}/{MARK}-{edition}-platform"}]}
    route = {"receiver": "platform", "group_wait": "1s", "group_by": ["alertname"]}
    base = {"route": route, "receivers": [receiver]}
    files = {"ca.crt": "ca.crt", "tls.crt": f"{edition}.crt", "tls.key": f"{edition}.key"}
    return {
        (MONITORING, "extra"): {"scrapes.yaml": yaml.safe_dump([scrape | {"basic_auth": login}])},
        (MONITORING, "storage"): {"user": "writer", "password": f"{password}storage"},
        (MONITORING, "alertmanager-main"): {"alertmanager.yaml": yaml.safe_dump(base)},
        (SHOP, "basic"): {"user": "shop", "password": f"{password}basic"},
        (SHOP, "bearer"): {"token": f"{MARK}-{edition}-bearer"},
        (SHOP, "oauth2"): {"id": "client", "secret": f"{MARK}-{edition}-client"},
        (SHOP, "tls"): {key: (pairs / file).read_text() for key, file in files.items()},
        (SHOP, "chat"): {"url": f"{hooks}/{MARK}-{edition}-chat"},
    }


def demands(edition: str, values: Values) -> dict[str, str]:
    """What the guard lets in by these Secrets."""
    (scrape,) = yaml.safe_load(values[MONITORING, "extra"]["scrapes.yaml"])
    storage, shop, client = values[MONITORING, "storage"], values[SHOP, "basic"], values[SHOP, "oauth2"]
    return {
        "/write": _basic(storage["user"], storage["password"]),
        "/basic": _basic(shop["user"], shop["password"]),
        "/bearer": f"Bearer {values[SHOP, 'bearer']['token']}",
        "/token": _basic(client["id"], client["secret"]),
        "/oauth2": f"Bearer {MARK}-{edition}-access",
        "/tls": edition,
        "/extra": _basic(scrape["basic_auth"]["username"], scrape["basic_auth"]["password"]),
    }


def manifests(values: Values, *names: str) -> str:
    """Secrets as manifests, all or some."""
    made: list[dict[str, Any]] = [
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace}, "stringData": texts}
        for (namespace, name), texts in values.items()
        if not names or name in names
    ]
    return yaml.safe_dump_all(made)


def tales(values: Values, demanded: dict[str, str]) -> set[str]:
    """Texts that tell a credential: its mark, its base64, the lines of a key."""
    texts = [text for stored in values.values() for text in stored.values() if MARK in text]
    lines = values[SHOP, "tls"]["tls.key"].splitlines()[1:-1]
    headers = {header.split()[-1] for path, header in demanded.items() if path != "/tls"}
    return {MARK, *(base64.b64encode(text.encode()).decode() for text in texts), *headers, *lines}


def _basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def unmarked(text: str, told: set[str]) -> bool:
    """Whether none of these texts is in it, not even as JSON writes them."""
    return not any(tale in text or json.dumps(tale)[1:-1] in text for tale in told)
