"""What `../shared/conformance/run.py` asks of the project."""

from __future__ import annotations

from typing import Any

import render as promrender
from render import admission
from render.options import FEATURE_GATES, Options
from render.sources import kyaml

BEFORE_POD_TOPOLOGY_LABELS = (1, 34)
SWITCHED_GATES = {
    "topologySharding": "PrometheusTopologySharding",
    "retentionPolicies": "PrometheusShardRetentionPolicy",
}


def render(input_path: str, options: dict[str, Any]) -> dict[str, Any]:
    """Final objects and findings for one file of manifests."""
    result = promrender.render(promrender.load([input_path]), _options(options))
    return {
        "objects": result.objects,
        "findings": [
            {
                "severity": str(finding.severity),
                "code": finding.code,
                "message": finding.message,
                "object": str(finding.object) if finding.object else "",
            }
            for finding in result.findings
        ],
    }


def _options(switches: dict[str, Any]) -> Options:
    gates = {gate: switches[switch] for switch, gate in SWITCHED_GATES.items() if switch in switches}
    settings: dict[str, Any] = {
        "feature_gates": {**FEATURE_GATES, **gates},
        "workloads": switches.get("workloads", False),
        "reference_faults": True,
    }
    if "endpointSliceSupported" in switches:
        settings["endpoint_slice_supported"] = switches["endpointSliceSupported"]
    if switches.get("podTopologyLabelsSupported") is False:
        settings["kube_version"] = BEFORE_POD_TOPOLOGY_LABELS
    return Options(**settings)


def load_yaml(raw: bytes) -> Any:  # noqa: ANN401 - any YAML value
    """The value of one YAML document."""
    documents = kyaml.load_all(raw)
    return documents[0].value if documents else None


def admit(path: str, review: dict[str, Any], name_validation_scheme: str | None) -> dict[str, Any]:
    """The webhook's answer to a review."""
    return admission.answer(path, review, admission.Settings(utf8_names=name_validation_scheme != "legacy"))
