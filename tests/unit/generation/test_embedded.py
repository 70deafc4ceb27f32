"""Kubernetes' own types inside of custom resources."""

from __future__ import annotations

import pytest

from render.api.pods import RollingUpdateStatefulSetStrategy, StatefulSetUpdateStrategy
from render.findings import Rejection
from render.generation.embedded import named, plain


def test_quantities_are_canonical_and_zeros_that_say_nothing_are_left_out() -> None:
    container = {
        "resources": {"limits": {"cpu": 0.5, "memory": "1024Mi"}, "requests": {"cpu": "1000m"}},
        "ports": [{"containerPort": 80, "hostPort": 0}],
        "securityContext": {"runAsUser": 0, "privileged": False},
        "tty": False,
        "lifecycle": None,
    }
    assert plain(container, "spec") == {
        "resources": {"limits": {"cpu": "500m", "memory": "1Gi"}, "requests": {"cpu": "1"}},
        "ports": [{"containerPort": 80}],
        "securityContext": {"runAsUser": 0, "privileged": False},
    }


def test_a_struct_is_a_mapping_of_what_it_says() -> None:
    strategy = StatefulSetUpdateStrategy(
        type="RollingUpdate", rollingUpdate=RollingUpdateStatefulSetStrategy(maxUnavailable="50%")
    )
    assert plain(strategy, "spec") == {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "50%"}}
    assert plain(StatefulSetUpdateStrategy(type="OnDelete"), "spec") == {"type": "OnDelete"}


def test_a_bad_quantity_is_refused_at_its_place() -> None:
    with pytest.raises(Rejection) as refused:
        plain([{"emptyDir": {"sizeLimit": "1Gx"}}], "spec.volumes")
    assert refused.value.field == "spec.volumes[0].emptyDir.sizeLimit"


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"ports": "80"}, "spec.ports"),
        ({"env": ["A=b"]}, "spec.env"),
        ({"resources": {"limits": []}}, "spec.resources.limits"),
        ({"resources": {"limits": {"cpu": True}}}, "spec.resources.limits.cpu"),
        ({"name": ["a"]}, "spec.name"),
    ],
)
def test_another_shape_is_refused_at_its_place(value: dict[str, object], field: str) -> None:
    with pytest.raises(Rejection) as refused:
        plain(value, "spec")
    assert refused.value.field == field


def test_the_user_s_own_keys_say_nothing_about_their_values() -> None:
    labels = {"matchLabels": {"env": "prod", "limits": "none", "sizeLimit": "big"}}
    assert plain(labels, "spec") == labels


def test_a_list_of_named_things_has_names() -> None:
    assert named([{"name": "a", "emptyDir": {}}], "spec.volumes") == [{"name": "a", "emptyDir": {}}]
    with pytest.raises(Rejection, match="mountPath") as refused:
        named([{"name": "a", "mountPath": "/a"}, {"name": "b"}], "spec.volumeMounts", "name", "mountPath")
    assert refused.value.field == "spec.volumeMounts[1]"
