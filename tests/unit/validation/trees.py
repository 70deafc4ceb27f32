"""Trees of a single file, and what validation finds in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.objects.gather import Sources, load_tree
from render.options import Options
from render.validation import catalog, suppression, validate

if TYPE_CHECKING:
    from pathlib import Path

    from render.findings import Finding

PROMETHEUS = """
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: main, namespace: web}
spec: {serviceMonitorSelector: {}, podMonitorSelector: {}, probeSelector: {}, ruleSelector: {}}
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: web, labels: {app: storefront}}
spec:
  selector: {app: storefront}
  ports: [{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 9000}]
"""
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: web}
spec:
  template:
    metadata: {labels: {app: storefront}}
    spec:
      containers:
      - {name: shop, ports: [{name: http, containerPort: 8080}, {containerPort: 9000}]}
"""


def monitor(kind: str, name: str, spec: str, *, namespace: str = "web", more: str = "") -> str:
    """A monitor; `spec` and `more` (metadata) in flow form, without the outer braces."""
    metadata = f"name: {name}, namespace: {namespace}" + (f", {more}" if more else "")
    return f"\napiVersion: monitoring.coreos.com/v1\nkind: {kind}\nmetadata: {{{metadata}}}\nspec: {{{spec}}}\n"


def service_monitor(name: str, spec: str, *, namespace: str = "web", more: str = "") -> str:
    """A ServiceMonitor."""
    return monitor("ServiceMonitor", name, spec, namespace=namespace, more=more)


def findings(folder: Path, *documents: str, options: Options | None = None) -> list[Finding]:
    """What is told about these documents after what they ignore, without notices."""
    (folder / "tree.yaml").write_text("---".join(documents))
    objects = load_tree(Sources([str(folder)]))
    outcome = validate(objects, options or Options())
    return suppression.remaining(outcome.findings, objects, catalog.CATALOG, whole=True)[0]


def codes(folder: Path, *documents: str) -> list[str]:
    """The codes of warnings and errors."""
    return [finding.code for finding in findings(folder, *documents) if finding.severity != "info"]
