"""The user's containers over ours."""

from __future__ import annotations

from typing import Any

import pytest

from render.generation.strategic_merge import merge_containers

OURS: list[dict[str, Any]] = [
    {
        "name": "server",
        "image": "s:1",
        "args": ["--a"],
        "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}, {"name": "C", "value": "3"}],
        "ports": [{"name": "web", "containerPort": 80}],
        "volumeMounts": [{"name": "data", "mountPath": "/data"}],
        "securityContext": {"readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}},
        "readinessProbe": {"httpGet": {"path": "/", "port": "web"}, "periodSeconds": 5},
    },
    {"name": "beside", "image": "b:1"},
]


def _server(**patch: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of a container
    return merge_containers(OURS, [{"name": "server", **patch}])[0]


def test_without_patches_nothing_changes() -> None:
    assert merge_containers(OURS, []) == OURS


def test_other_containers_follow_ours_in_their_own_order() -> None:
    merged = merge_containers(OURS, [{"name": "z", "image": "z"}, {"name": "beside", "image": "b:2"}, {"name": "a"}])
    assert [(one["name"], one.get("image")) for one in merged] == [
        ("server", "s:1"),
        ("beside", "b:2"),
        ("z", "z"),
        ("a", None),
    ]


def test_mappings_merge_and_plain_lists_are_replaced() -> None:
    merged = _server(args=["--b"], securityContext={"runAsUser": 0, "capabilities": {"add": ["NET"]}})
    assert merged["args"] == ["--b"]
    assert merged["securityContext"] == {
        "readOnlyRootFilesystem": True,
        "runAsUser": 0,
        "capabilities": {"drop": ["ALL"], "add": ["NET"]},
    }


def test_what_is_empty_in_a_patch_changes_nothing() -> None:
    assert _server(args=[], image="") == OURS[0]


@pytest.mark.parametrize(
    ("patch", "names"),
    [
        ([{"name": "X"}], ["X", "A", "B", "C"]),
        ([{"name": "B", "value": "x"}], ["A", "B", "C"]),
        ([{"name": "X"}, {"name": "B"}], ["X", "A", "B", "C"]),
        ([{"name": "B"}, {"name": "X"}], ["A", "B", "X", "C"]),
        ([{"name": "C"}, {"name": "A"}], ["B", "C", "A"]),
    ],
)
def test_the_order_of_a_merged_list_is_the_patch_s_with_ours_between(
    patch: list[dict[str, str]], names: list[str]
) -> None:
    assert [one["name"] for one in _server(env=patch)["env"]] == names


def test_items_with_the_same_key_merge() -> None:
    merged = _server(env=[{"name": "B", "value": "x"}], ports=[{"containerPort": 80, "hostPort": 8080}])
    assert {"name": "B", "value": "x"} in merged["env"]
    assert merged["ports"] == [{"name": "web", "containerPort": 80, "hostPort": 8080}]


def test_mounts_are_told_apart_by_their_path() -> None:
    mounts = _server(volumeMounts=[{"name": "own", "mountPath": "/data"}])["volumeMounts"]
    assert mounts == [{"name": "own", "mountPath": "/data"}]


def test_a_probe_keeps_one_handler_and_the_user_s_wins() -> None:
    merged = _server(readinessProbe={"tcpSocket": {"port": "web"}})
    assert merged["readinessProbe"] == {"tcpSocket": {"port": "web"}, "periodSeconds": 5}
