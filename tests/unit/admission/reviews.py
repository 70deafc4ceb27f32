"""Makes the reviews that an API server would send."""

from __future__ import annotations

from typing import Any

UID = "5b1d0a2e-0001"
RULES = "/admission-prometheusrules/validate"
MUTATE = "/admission-prometheusrules/mutate"
ALERTMANAGER_CONFIGS = "/admission-alertmanagerconfigs/validate"
CONVERT = "/convert"
GROUP = "monitoring.coreos.com"


def admission_review(raw: dict[str, Any] | None, resource: str, version: str = "v1") -> dict[str, Any]:
    """An AdmissionReview that asks whether an object may be stored."""
    return {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "request": {
            "uid": UID,
            "resource": {"group": GROUP, "version": version, "resource": resource},
            "operation": "CREATE" if raw else "DELETE",
            "object": raw,
        },
    }


def conversion_review(wanted: str, *objects: Any) -> dict[str, Any]:  # noqa: ANN401 - what a server sends, or would not
    """A ConversionReview that asks for objects in the version `wanted`."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "ConversionReview",
        "request": {"uid": UID, "desiredAPIVersion": f"{GROUP}/{wanted}", "objects": list(objects)},
    }


def rule(*rules: dict[str, Any], **metadata: object) -> dict[str, Any]:
    """A PrometheusRule with one group."""
    return {
        "apiVersion": f"{GROUP}/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "r", "namespace": "n", **metadata},
        "spec": {"groups": [{"name": "g", "rules": list(rules)}]},
    }


def alertmanager_config(version: str, **spec: object) -> dict[str, Any]:
    """An AlertmanagerConfig of either version."""
    return {
        "apiVersion": f"{GROUP}/{version}",
        "kind": "AlertmanagerConfig",
        "metadata": {"name": "a", "namespace": "n"},
        "spec": spec,
    }
