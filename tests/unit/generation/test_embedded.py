"""Kubernetes' own types inside of custom resources."""

from __future__ import annotations

import pytest

from render.api.pods import RollingUpdateStatefulSetStrategy, StatefulSetUpdateStrategy
from render.findings import Rejection
from render.generation.embedded import plain


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
