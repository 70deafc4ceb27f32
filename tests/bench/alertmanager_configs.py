"""How long a tree of AlertmanagerConfigs takes to render: `make bench-alertmanager`.

    python -m tests.bench.alertmanager_configs [NUMBER]

The figure is a ratio to a yardstick, the time that PyYAML's C loader takes to read the same files; each is the best of
some runs in turn. Exit status 1 when the limit is not kept.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NUMBER = 2_000
RUNS = 5
LIMIT = 2.0
NAMESPACES = 50
YARDSTICK = """
import sys, pathlib, time, yaml
began = time.perf_counter()
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.yaml")):
    for document in yaml.load_all(path.read_bytes(), yaml.CSafeLoader):
        pass
print(time.perf_counter() - began)
"""
ALERTMANAGER = """\
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata:
  name: main
  namespace: observe
spec:
  alertmanagerConfigSelector: {}
  alertmanagerConfigNamespaceSelector: {}
"""
KEYS = """\
apiVersion: v1
kind: Secret
metadata:
  name: receivers
  namespace: {namespace}
stringData:
  chat: https://chat.example/hooks/{namespace}
  pager: key-of-{namespace}
  token: token-of-{namespace}
"""
CONFIG = """\
apiVersion: monitoring.coreos.com/{version}
kind: AlertmanagerConfig
metadata:
  name: {name}
  namespace: {namespace}
  labels:
    app.kubernetes.io/name: {name}
    app.kubernetes.io/managed-by: Helm
    team: {namespace}
spec:
  route:
    receiver: chat
    groupBy: [alertname, job, {label}]
    groupWait: 30s
    groupInterval: 5m
    repeatInterval: {hours}h
    matchers:
      - name: service
        matchType: "="
        value: {name}
    routes:
      - receiver: pager
        continue: true
        matchers:
          - name: severity
            matchType: "=~"
            value: critical|page
      - receiver: tickets
        matchers:
          - name: severity
            value: warning
            matchType: "="
        {mute}: [{interval}]
  inhibitRules:
    - sourceMatch:
        - name: alertname
          value: {name}Down
          matchType: "="
      targetMatch:
        - name: severity
          value: warning|info
          matchType: "=~"
      equal: [{label}, job]
  receivers:
    - name: chat
      slackConfigs:
        - apiURL:
            name: receivers
            key: chat
          channel: "#{name}"
          sendResolved: true
          title: '{{{{ .CommonLabels.alertname }}}} in {namespace}'
          text: |-
            {{{{ range .Alerts }}}}*{{{{ .Labels.severity }}}}* {{{{ .Annotations.summary }}}}
            {{{{ end }}}}
          actions:
            - type: button
              text: Runbook
              url: https://runbooks.example/{name}
    - name: pager
      pagerdutyConfigs:
        - routingKey:
            name: receivers
            key: pager
          severity: '{{{{ .CommonLabels.severity }}}}'
          details:
            - key: cluster
              value: '{{{{ .CommonLabels.cluster }}}}'
            - key: runbook
              value: https://runbooks.example/{name}
    - name: tickets
      webhookConfigs:
        - url: https://tickets.example/{namespace}
          maxAlerts: {hours}
          httpConfig:
            authorization:
              credentials:
                name: receivers
                key: token
  {intervals}:
    - name: {interval}
      timeIntervals:
        - times:
            - startTime: "22:00"
              endTime: "24:00"
          weekdays: [monday, "wednesday:friday"]
          months: ["january:march"]
"""


def make_tree(folder: Path, number: int) -> None:
    """Write a tree with `number` AlertmanagerConfigs, a file for each; the same bytes every time."""
    dice = random.Random(7)  # noqa: S311 - for variety, not for secrets
    (folder / "alertmanager.yaml").write_text(ALERTMANAGER)
    for place in range(NAMESPACES):
        namespace = folder / f"team-{place:02}"
        namespace.mkdir()
        (namespace / "secret.yaml").write_text(KEYS.format(namespace=namespace.name))
    for count in range(number):
        namespace = folder / f"team-{count % NAMESPACES:02}"
        name = f"{dice.choice(('checkout', 'search', 'ledger', 'stock'))}-{count}"
        (namespace / f"{name}.yaml").write_text(_config(name, namespace.name, dice, beta=count % 4 == 0))


def _config(name: str, namespace: str, dice: random.Random, *, beta: bool) -> str:
    return CONFIG.format(
        version="v1beta1" if beta else "v1alpha1",
        name=name,
        namespace=namespace,
        label=dice.choice(("cluster", "region", "instance")),
        hours=dice.randint(1, 24),
        mute="muteTimeIntervals",
        interval=dice.choice(("nights", "maintenance")),
        intervals="timeIntervals" if beta else "muteTimeIntervals",
    )


def time_to_read(tree: Path) -> float:
    """Seconds that PyYAML's C loader needs for the files, without the start of the process."""
    command = [sys.executable, "-c", YARDSTICK, str(tree)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def time_to_render(tree: Path, out: Path) -> float:
    """Seconds that the whole command needs."""
    command = [sys.executable, "-m", "render", "render", str(tree), "--output-dir", str(out)]
    began = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - began


def main() -> int:
    """Measure and print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else NUMBER
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        tree, out = Path(work) / "tree", Path(work) / "out"
        tree.mkdir()
        make_tree(tree, number)
        read, rendered = [], []
        for _ in range(RUNS):
            read.append(time_to_read(tree))
            rendered.append(time_to_render(tree, out))
    ratio = min(rendered) / min(read)
    print(f"{number} AlertmanagerConfigs: read in {min(read):.2f} s, rendered in {min(rendered):.2f} s")
    print(f"ratio {ratio:.2f}, limit {LIMIT}")
    return 0 if ratio < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
