"""What the tests beside this file share: an Alertmanager and its AlertmanagerConfigs, made of plain mappings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import yaml

from render.api.alertmanager import Alertmanager
from render.api.alertmanager_config_v1alpha1 import AlertmanagerConfig
from render.api.alertmanager_config_v1beta1 import AlertmanagerConfig as AlertmanagerConfigV1Beta1
from render.findings import Finding, ObjectKey, Report, Severity
from render.generation.alertmanager import merge, server
from render.objects.index import Object, Objects, Payload
from render.options import Options
from render.output import goyaml
from render.sources.document import Origin

ORIGIN = Origin("alerts.yaml", 0, 1)
NAMESPACE = "team-a"
EVERYTHING: dict[str, Any] = {"alertmanagerConfigSelector": {}, "alertmanagerConfigNamespaceSelector": {}}
MODELS: dict[str, Any] = {"v1alpha1": AlertmanagerConfig, "v1beta1": AlertmanagerConfigV1Beta1}
ENTRIES = {"url": "https://hooks.example.com/T/B", "token": "t0k3n", "password": "swordfish", "wrong": "://x"}


@dataclass(frozen=True)
class Rendered:
    """A configuration as a value and as text, and what was said on the way."""

    configuration: dict[str, Any]
    text: str
    findings: list[Finding]

    def messages(self, severity: Severity) -> list[str]:
        """Kind, field and message of the findings of a severity."""
        return [
            f"{finding.object.kind if finding.object else ''} {finding.field}: {finding.message}"
            for finding in self.findings
            if finding.severity == severity
        ]

    @property
    def errors(self) -> list[str]:
        """The errors."""
        return self.messages(Severity.ERROR)

    @property
    def warnings(self) -> list[str]:
        """The warnings."""
        return self.messages(Severity.WARNING)


def config(name: str = "web", namespace: str = NAMESPACE, version: str = "v1alpha1", **spec: Any) -> Object[Any]:  # noqa: ANN401 - as in a manifest
    """An AlertmanagerConfig as it comes out of the index."""
    raw = {
        "apiVersion": f"monitoring.coreos.com/{version}",
        "kind": "AlertmanagerConfig",
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }
    return Object(ObjectKey("AlertmanagerConfig", namespace, name), msgspec.convert(raw, MODELS[version]), ORIGIN)


def receiving(integrations: dict[str, Any], **spec: Any) -> Object[Any]:  # noqa: ANN401 - as in a manifest
    """An AlertmanagerConfig with one receiver, `r`."""
    return config(receivers=[{"name": "r", **integrations}], route={"receiver": "r"}, **spec)


def render(
    *configs: Object[Any],
    version: str = "v0.33.1",
    base: str | None = None,
    options: Options | None = None,
    entries: dict[str, str] | None = None,
    **spec: object,
) -> Rendered:
    """The configuration of the Alertmanager `monitoring/main`. Raises Rejection when it fails as a whole."""
    key = ObjectKey("Alertmanager", "monitoring", "main")
    raw = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "Alertmanager",
        "metadata": {"name": "main", "namespace": "monitoring"},
        "spec": {"version": version, **(spec or EVERYTHING)},
    }
    objects = _objects(base, {**ENTRIES, **(entries or {})})
    objects.resources["AlertmanagerConfig"] = {(found.key.namespace, found.key.name): found for found in configs}
    report = Report()
    workload: Object[Any] = Object(key, msgspec.convert(raw, Alertmanager), ORIGIN)
    this = server.open_server(workload, objects, options or Options(), report)
    text = goyaml.dumps(merge.configuration(this, objects))
    return Rendered(yaml.safe_load(text), text, report.findings)


def _objects(base: str | None, entries: dict[str, str]) -> Objects:
    objects = Objects()
    for namespace in ("monitoring", NAMESPACE, "team-b"):
        key = ObjectKey("Secret", namespace, "found")
        objects.secrets[namespace, "found"] = Payload(key, entries, {}, ORIGIN)
    if base is not None:
        key = ObjectKey("Secret", "monitoring", "alertmanager-main")
        objects.secrets[key.namespace, key.name] = Payload(key, {"alertmanager.yaml": base}, {}, ORIGIN)
    return objects


def secret(key: str = "token", name: str = "found") -> dict[str, str]:
    """A reference to an entry of the Secret `found`."""
    return {"name": name, "key": key}


def entry(rendered: Rendered, kind: str) -> dict[str, Any]:
    """The first entry of an integration of the receiver that an AlertmanagerConfig added."""
    assert rendered.errors == []
    found: dict[str, Any] = rendered.configuration["receivers"][-1][kind][0]
    return found
