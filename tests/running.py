"""Rendering what runs a server: one workload object, written as its spec, and the objects that are made of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import yaml

import render
from render.options import Options

if TYPE_CHECKING:
    from pathlib import Path

    from render.pipeline import Result

API_VERSIONS = {"PrometheusAgent": "v1alpha1", "AlertmanagerConfig": "v1alpha1"}


def manifest(kind: str, spec: dict[str, Any], **metadata: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of metadata
    """The object `<kind> monitoring/main`."""
    return {
        "apiVersion": f"monitoring.coreos.com/{API_VERSIONS.get(kind, 'v1')}",
        "kind": kind,
        "metadata": {"name": "main", "namespace": "monitoring", **metadata},
        "spec": spec,
    }


def made(folder: Path, kind: str, spec: dict[str, Any], options: Options | None = None, **metadata: Any) -> Result:  # noqa: ANN401 - fields of metadata
    """What `--workloads` makes of the object `<kind> monitoring/main`."""
    return rendered(folder, [manifest(kind, spec, **metadata)], options)


def rendered(folder: Path, manifests: list[dict[str, Any]], options: Options | None = None) -> Result:
    """What `--workloads` makes of some manifests."""
    file = folder / "server.yaml"
    file.write_text(yaml.safe_dump_all(manifests))
    return render.render(render.load([str(file)]), replace(options or Options(), workloads=True))


def one(result: Result, kind: str, name: str = "") -> dict[str, Any]:
    """The only object of a kind, or the one with the name."""
    found = [item for item in result.objects if item["kind"] == kind and name in ("", item["metadata"]["name"])]
    assert len(found) == 1, [item["metadata"]["name"] for item in found]
    return found[0]


def containers(workload: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The containers of a StatefulSet or DaemonSet by name."""
    return {container["name"]: container for container in workload["spec"]["template"]["spec"]["containers"]}


def arguments(folder: Path, kind: str, spec: dict[str, Any], container: str) -> list[str]:
    """The arguments of a container of the only StatefulSet."""
    result = made(folder, kind, spec)
    args: list[str] = containers(one(result, "StatefulSet"))[container]["args"]
    return args
