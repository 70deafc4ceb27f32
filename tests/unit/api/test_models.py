"""The models: defaults, names, what they refuse, and when they are imported."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from render.api import ALL, KINDS
from render.api.metadata import ObjectMeta
from render.api.model import Resource
from render.api.relabeling import RelabelConfig
from render.api.selectors import SecretKeySelector
from render.api.service_monitor import ServiceMonitor


def test_every_kind_has_a_model_of_its_name() -> None:
    for kind in ALL:
        model = KINDS[kind.api_version, kind.kind]
        assert model.__name__ == kind.kind
        assert issubclass(model, Resource)
    assert len(KINDS) == len(ALL) == len(set(KINDS))


def test_a_kind_is_known_by_its_version_too() -> None:
    assert ("monitoring.coreos.com/v1beta1", "AlertmanagerConfig") in KINDS
    assert ("monitoring.coreos.com/v1", "AlertmanagerConfig") not in KINDS
    with pytest.raises(KeyError):
        KINDS["monitoring.coreos.com/v2", "Prometheus"]


def test_a_model_is_imported_when_its_kind_is_met() -> None:
    program = (
        "import sys, render.api\n"
        "key = ('monitoring.coreos.com/v1', 'Probe')\n"
        "assert key in render.api.KINDS and 'render.api.probe' not in sys.modules\n"
        "render.api.KINDS[key]\n"
        "assert 'render.api.probe' in sys.modules and 'render.api.thanos_ruler' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_defaults_of_the_api_are_defaults_of_the_attributes() -> None:
    assert RelabelConfig().action == "replace"
    assert RelabelConfig().regex is None
    assert SecretKeySelector(key="password").name == ""


def test_a_keyword_of_python_gets_an_underscore() -> None:
    model = KINDS["monitoring.coreos.com/v1alpha1", "AlertmanagerConfig"]
    raw = {"metadata": {"name": "a"}, "apiVersion": "", "kind": "", "spec": {"route": {"continue": True}}}
    assert msgspec.convert(raw, model).spec.route.continue_ is True  # type: ignore[attr-defined]


def test_models_do_not_change() -> None:
    meta = ObjectMeta(name="a")
    with pytest.raises(AttributeError):
        meta.name = "b"  # type: ignore[misc]


def test_an_unknown_field_is_refused_in_depth() -> None:
    raw = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": {"name": "a"},
        "spec": {"selector": {}, "endpoints": [{"prot": "web"}]},
    }
    with pytest.raises(msgspec.ValidationError, match=r"prot.*endpoints\[0\]"):
        msgspec.convert(raw, ServiceMonitor)
