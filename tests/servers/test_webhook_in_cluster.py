"""A real API server asks the real webhook, as examples/webhook tells it to."""

from __future__ import annotations

import base64
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from tests.certificates import make_pair
from tests.places import ROOT
from tests.reloaders.api_server import ApiServer, api_server, etcd
from tests.reloaders.daemons import eventually
from tests.servers.webhook_server import Webhook, webhook
from tests.unit.admission.reviews import GROUP, alertmanager_config, rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import requests

pytestmark = pytest.mark.xdist_group("kube-apiserver")

EXAMPLE = ROOT / "examples" / "webhook"
NAMESPACE = "guarded"
EXTENSIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
REGISTRATIONS = "/apis/admissionregistration.k8s.io/v1"
INTERVALS = [{"name": "night", "timeIntervals": [{"times": [{"startTime": "22:00", "endTime": "24:00"}]}]}]
SPEC = {
    "route": {"receiver": "a", "routes": [{"receiver": "a", "matchers": [{"name": "x", "value": "y", "regex": True}]}]},
    "receivers": [{"name": "a"}],
    "muteTimeIntervals": [
        {"name": "night", "timeIntervals": [{"times": [{"startTime": "22:00", "endTime": "24:00"}]}]}
    ],
}


class Guarded(NamedTuple):
    """An API server with the webhook that it asks."""

    api: ApiServer
    webhook: Webhook

    def create(self, raw: dict[str, Any], plural: str) -> requests.Response:
        """Ask for an object to be stored."""
        raw["metadata"]["namespace"] = NAMESPACE
        return self.api.call("POST", f"/apis/{raw['apiVersion']}/namespaces/{NAMESPACE}/{plural}", raw)

    def read(self, version: str, plural: str, name: str) -> dict[str, Any]:
        """An object in a version of the API."""
        answer = self.api.call("GET", f"/apis/{GROUP}/{version}/namespaces/{NAMESPACE}/{plural}/{name}")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def guarded(tool: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded")
    pair = make_pair()
    certificate, key = folder / "tls.crt", folder / "tls.key"
    certificate.write_bytes(pair.certificate)
    key.write_bytes(pair.key)
    with (
        webhook(folder, certificate, key) as answering,
        etcd(tool, folder) as storage,
        api_server(tool, folder, storage) as api,
    ):
        api.namespace(NAMESPACE)
        _install(api, answering, base64.b64encode(pair.certificate).decode())
        yield Guarded(api, answering)


def _install(api: ApiServer, answering: Webhook, authority: str) -> None:
    """Our definitions and the example's registrations, which reach the webhook by its URL here, not by a Service."""

    def reached(client: dict[str, Any]) -> None:
        client["url"] = answering.url + client.pop("service")["path"]
        client["caBundle"] = authority

    conversion = yaml.safe_load((EXAMPLE / "conversion.yaml").read_text())["spec"]["conversion"]
    reached(conversion["webhook"]["clientConfig"])
    for plural in ("prometheusrules", "alertmanagerconfigs"):
        definition = yaml.safe_load((ROOT / "crds" / f"{plural}.yaml").read_text())
        if plural == "alertmanagerconfigs":
            definition["spec"]["conversion"] = conversion
        api.call("POST", EXTENSIONS, definition).raise_for_status()
        for version in definition["spec"]["versions"]:
            path = f"/apis/{GROUP}/{version['name']}/namespaces/{NAMESPACE}/{plural}"
            eventually(partial(_is_served, api, path), f"{path} is served", 30)
    for registration in yaml.safe_load_all((EXAMPLE / "webhooks.yaml").read_text()):
        for each in registration["webhooks"]:
            reached(each["clientConfig"])
        plural = f"{registration['kind'].lower()}s"
        api.call("POST", f"{REGISTRATIONS}/{plural}", registration).raise_for_status()


def _is_served(api: ApiServer, path: str) -> bool:
    return api.call("GET", path).ok


def _refusal(guarded: Guarded, raw: dict[str, Any], plural: str) -> str:
    """Why the object is refused, once the registrations are in force."""

    def refused() -> str:
        raw["metadata"] = {"generateName": "bad-"}
        answer = guarded.create(raw, plural)
        return "" if answer.ok else str(answer.json()["message"])

    return str(eventually(refused, "a refusal"))


def test_a_bad_rule_is_refused_with_its_reason(guarded: Guarded) -> None:
    message = _refusal(guarded, rule({"record": "a", "expr": "sum(up"}), "prometheusrules")
    assert "Rules are not valid: spec.groups[0].rules[0].expr" in message


def test_a_good_rule_is_stored_with_its_values_as_text(guarded: Guarded) -> None:
    def stored() -> dict[str, Any]:
        good = rule({"alert": "A", "expr": "up == 0", "labels": {"level": 1}, "annotations": {"page": True}})
        good["metadata"] = {"generateName": "good-"}
        answer = guarded.create(good, "prometheusrules")
        found: dict[str, Any] = answer.json() if answer.ok else {}
        return found

    found = eventually(stored, "the registration in force")
    (entry,) = found["spec"]["groups"][0]["rules"]
    assert (entry["labels"], entry["annotations"]) == ({"level": "1"}, {"page": "true"})
    assert found["metadata"]["annotations"] == {"prometheus-operator-validated": "true"}


def test_an_object_is_read_and_written_in_either_version(guarded: Guarded) -> None:
    old = alertmanager_config("v1alpha1", **SPEC)
    old["metadata"]["name"] = "old"
    guarded.create(old, "alertmanagerconfigs").raise_for_status()
    new = guarded.read("v1beta1", "alertmanagerconfigs", "old")["spec"]
    assert new["timeIntervals"] == INTERVALS
    assert new["route"]["routes"][0]["matchers"] == [{"name": "x", "value": "y", "matchType": "=~"}]
    back = alertmanager_config("v1beta1", **new)
    back["metadata"]["name"] = "new"
    guarded.create(back, "alertmanagerconfigs").raise_for_status()
    assert guarded.read("v1alpha1", "alertmanagerconfigs", "new")["spec"]["muteTimeIntervals"] == INTERVALS
    listed = guarded.api.call("GET", f"/apis/{GROUP}/v1beta1/namespaces/{NAMESPACE}/alertmanagerconfigs").json()
    assert [item["metadata"]["name"] for item in listed["items"]] == ["new", "old"]


@pytest.mark.parametrize("version", ["v1alpha1", "v1beta1"])
def test_a_bad_alertmanager_config_is_refused_in_either_version(guarded: Guarded, version: str) -> None:
    bad = alertmanager_config(version, route={"receiver": "nobody"}, receivers=[{"name": "a"}])
    message = _refusal(guarded, bad, "alertmanagerconfigs")
    assert "spec.route.receiver: there is no receiver 'nobody'" in message
