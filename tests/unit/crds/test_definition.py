"""The CustomResourceDefinitions: their facts, their size, and that the ones checked in are these."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from render.api import ALL
from render.crds.definition import as_text, custom_resource_definitions
from tests.places import ROOT

CRDS = ROOT / "crds"
REFERENCE = ROOT.parent / "shared" / "schema"
LARGEST = 256 * 1024  # what the annotations of an object may have, in bytes: `kubectl apply` needs them
DEFINITIONS = custom_resource_definitions()


def _version(plural: str, version: str) -> dict[str, Any]:
    found = [each for each in DEFINITIONS[f"{plural}.yaml"]["spec"]["versions"] if each["name"] == version]
    return dict(found[0])


def test_there_are_ten() -> None:
    assert len(DEFINITIONS) == 10
    assert {f"{kind.plural}.yaml" for kind in ALL} == set(DEFINITIONS)


def test_the_ones_checked_in_are_fresh() -> None:
    """When this fails: `make generated`, and read the diff."""
    assert {path.name: path.read_text() for path in CRDS.iterdir()} == {
        name: as_text(definition) for name, definition in DEFINITIONS.items()
    }


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_client_can_apply_it(name: str) -> None:
    assert (CRDS / name).stat().st_size < LARGEST


@pytest.mark.parametrize("name", ["prometheusrules.yaml", "podmonitors.yaml"])
def test_the_text_is_yaml(name: str) -> None:
    assert yaml.safe_load((CRDS / name).read_text()) == DEFINITIONS[name]


def test_one_version_is_stored_and_all_are_served() -> None:
    for definition in DEFINITIONS.values():
        versions = definition["spec"]["versions"]
        assert [version["storage"] for version in versions].count(True) == 1
        assert all(version["served"] for version in versions)
    assert _version("alertmanagerconfigs", "v1alpha1")["storage"] is True
    assert DEFINITIONS["alertmanagerconfigs.yaml"]["spec"]["conversion"] == {"strategy": "None"}


def test_workloads_show_columns_and_can_be_scaled() -> None:
    prometheus = _version("prometheuses", "v1")
    assert [column["name"] for column in prometheus["additionalPrinterColumns"]] == [
        "Version", "Desired", "Ready", "Reconciled", "Available", "Age", "Paused",
    ]  # fmt: skip
    assert prometheus["subresources"]["scale"]["specReplicasPath"] == ".spec.shards"
    assert _version("alertmanagers", "v1")["subresources"]["scale"]["specReplicasPath"] == ".spec.replicas"
    assert _version("servicemonitors", "v1")["subresources"] == {"status": {}}
    assert "additionalPrinterColumns" not in _version("servicemonitors", "v1")


def test_defaults_rules_and_descriptions_are_there() -> None:
    spec = _version("prometheuses", "v1")["schema"]["openAPIV3Schema"]["properties"]["spec"]
    assert spec["properties"]["scrapeInterval"]["default"] == "30s"
    assert spec["properties"]["portName"]["description"].startswith("Name of the web server's port")
    assert "shards must be greater" in spec["x-kubernetes-validations"][0]["message"]
    assert spec["properties"]["containers"]["items"] == {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    assert spec["properties"]["hostAliases"]["items"]["required"] == ["ip"]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: f"{kind.kind}-{kind.version}")
def test_it_is_served_as_the_reference_is(kind: Any) -> None:  # noqa: ANN401 - a Kind
    file = REFERENCE / f"{kind.kind}.{kind.version}.json"
    if not file.exists():
        pytest.skip(f"there is no ../shared/schema/{file.name} beside this checkout")
    theirs, ours = json.loads(file.read_text()), _version(kind.plural, kind.version)
    assert DEFINITIONS[f"{kind.plural}.yaml"]["spec"]["names"] == theirs["names"]
    assert ours["storage"] == theirs["storage"]
    assert ours.get("additionalPrinterColumns", []) == theirs["printerColumns"]
    assert ours["subresources"] == theirs["subresources"]
    assert ours["schema"]["openAPIV3Schema"]["required"] == theirs["openAPIV3Schema"]["required"]
