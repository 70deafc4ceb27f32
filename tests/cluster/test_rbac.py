"""What `--rbac` allows, asked of a real API server that keeps to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import render
from render.options import Options
from tests.places import ROOT
from tests.reloaders.daemons import eventually

if TYPE_CHECKING:
    from tests.cluster.conftest import Cluster

REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
TEAM, PLATFORM = "monitoring:prometheus-team", "monitoring:platform"

pytestmark = pytest.mark.xdist_group("kube-apiserver")


@pytest.fixture(scope="module")
def allowed(cluster: Cluster) -> Cluster:
    """The cluster with the accounts and Roles of the golden case."""
    for namespace in ("monitoring", "alerts", "shop", "elsewhere"):
        cluster.api.namespace(namespace)
    source = ROOT / "tests" / "golden" / "workloads-rbac" / "input.yaml"
    result = render.render(render.load([str(source)]), Options(workloads=True, rbac=True))
    items = [made for made in result.objects if "Role" in made["kind"] or made["kind"] == "ServiceAccount"]
    manifest = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
    cluster.kubectl("apply", "--server-side", "--validate=strict", "-f", "-", stdin=manifest)
    before = cluster.kubectl("apply", "--server-side", "-f", "-", "-o", "json", stdin=manifest)
    again = cluster.kubectl("apply", "--server-side", "-f", "-", "-o", "json", stdin=manifest)
    assert json.loads(before) == json.loads(again)
    eventually(lambda: _may(cluster, PLATFORM, "list", "nodes", ""), "Roles that the API server knows", 20)
    eventually(lambda: _may(cluster, TEAM, "list", "pods", "shop"), "Roles that the API server knows", 20)
    return cluster


def _may(cluster: Cluster, account: str, verb: str, resource: str, namespace: str) -> bool:
    group, _, name = resource.rpartition("/")
    attributes = {"verb": verb, "group": group, "resource": name, "namespace": namespace}
    body = {"spec": {"user": f"system:serviceaccount:{account}", "resourceAttributes": attributes}}
    answer = cluster.connection.post(cluster.api.url + REVIEWS, json=body, timeout=20)
    return bool(answer.json()["status"]["allowed"])


@pytest.mark.parametrize("verb", ["get", "list", "watch"])
@pytest.mark.parametrize(
    ("account", "resource", "namespace"),
    [
        *((TEAM, resource, "shop") for resource in ("services", "endpoints", "pods")),
        *((TEAM, resource, "alerts") for resource in ("services", "endpoints", "pods")),
        (TEAM, "pods", "monitoring"),
        (PLATFORM, "nodes", ""),
        (PLATFORM, "pods", "monitoring"),
        (PLATFORM, "networking.k8s.io/ingresses", ""),
    ],
)
def test_what_discovery_watches_is_allowed(
    account: str, resource: str, namespace: str, verb: str, allowed: Cluster
) -> None:
    assert _may(allowed, account, verb, resource, namespace)


@pytest.mark.parametrize(
    ("account", "verb", "resource", "namespace"),
    [
        (TEAM, "list", "pods", ""),
        (TEAM, "list", "pods", "elsewhere"),
        (TEAM, "list", "nodes", ""),
        (TEAM, "get", "secrets", "monitoring"),
        (TEAM, "delete", "pods", "shop"),
        (TEAM, "list", "discovery.k8s.io/endpointslices", "shop"),
        (PLATFORM, "list", "pods", ""),
        (PLATFORM, "list", "services", "monitoring"),
        (PLATFORM, "update", "nodes", ""),
        ("alerts:alertmanager-main", "list", "pods", "alerts"),
        ("monitoring:default", "list", "pods", "monitoring"),
    ],
)
def test_what_it_does_not_watch_is_not(
    account: str, verb: str, resource: str, namespace: str, allowed: Cluster
) -> None:
    assert not _may(allowed, account, verb, resource, namespace)
