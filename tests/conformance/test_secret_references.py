"""`--secrets reference`: nothing secret is written, and with the reloader the servers read what they would read inline.

The reloader's own resolver reads the Secrets and ConfigMaps of the input itself.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import render
from reloaders import cluster
from reloaders.resolver import Resolver
from render.generation import file_fields, secret_fields
from render.options import Options
from render.selection.placeholders import Placeholder
from tests.golden.cases import all_cases
from tests.places import CONFORMANCE, ROOT
from tests.rendered import entries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from render.objects.index import Objects

SHORTEST = 8
"""Characters of a credential that must not be found."""
SECRET_FIELDS = secret_fields.ALERTMANAGER | secret_fields.PROMETHEUS
FOLDERS = {
    "alertmanager.yaml": "/etc/alertmanager/certs",
    "prometheus.yaml": "/etc/prometheus/certs",
    "remote-write.yaml": "/etc/thanos/certs",
}
"""Where the reloader writes the files of each configuration."""
INLINE_KEYS = {
    (row.block, row.file): row.key for row in (*file_fields.PROMETHEUS, *file_fields.THANOS, *file_fields.ALERTMANAGER)
}
INPUTS = sorted(path for case in all_cases() if (path := ROOT / case.source).is_file())
CASES = sorted(CONFORMANCE.glob("**/input.yaml"))


class Source:
    """The Secrets and ConfigMaps of an input, as the resolver asks the cluster for them."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def fetch(self, wanted: cluster.Object) -> cluster.Fetched:
        """The object's values, or why there are none."""
        kinds = {"secret": self._objects.secrets, "configmap": self._objects.config_maps}
        payload = kinds[wanted.kind].get((wanted.namespace, wanted.name))
        if payload is None:
            return cluster.Fetched("", {}, "not found")
        return cluster.Fetched("1", {name: payload.get(name) or b"" for name in payload.entries()})


def rendered(objects: Objects, secrets: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a literal of Options
    return render.render(objects, Options(secrets=secrets, workloads=True)).objects


def texts(manifests: list[dict[str, Any]]) -> dict[tuple[str, str, str, str], str]:
    """Every entry of every Secret and ConfigMap by kind, namespace, name and entry."""
    return {
        (one["kind"], one["metadata"]["namespace"], one["metadata"]["name"], entry): text
        for one in manifests
        if one["kind"] in {"Secret", "ConfigMap"}
        for entry, text in entries(one).items()
    }


def credentials(objects: Objects) -> Iterator[str]:
    """Values of the Secrets of an input; of those that are YAML, the servers' secret fields."""
    for payload in objects.secrets.values():
        for name in payload.entries():
            text = (payload.get(name) or b"").decode("utf-8", "replace")
            parsed = structure(text)
            if isinstance(parsed, dict | list):
                yield from secret_scalars(parsed)
            elif "{{" not in text:
                yield text.strip()


def yaml_values(objects: Objects) -> Iterator[object]:
    """What Secrets hold that is YAML of more than a scalar."""
    for payload in objects.secrets.values():
        for name in payload.entries():
            parsed = structure((payload.get(name) or b"").decode("utf-8", "replace"))
            if isinstance(parsed, dict | list):
                yield parsed


def open_part(parsed: object) -> object:
    """A configuration without its secrets."""
    return secret_fields.hide(parsed, SECRET_FIELDS, lambda _pointer: Placeholder(""))


def structure(text: str) -> object:
    try:
        return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - makes nothing but strings
    except yaml.YAMLError:
        return None


def secret_scalars(parsed: object) -> Iterator[str]:
    found: list[str] = []

    def refer(pointer: str) -> Placeholder:
        value: Any = parsed
        for token in pointer.split("/")[1:]:
            step = token.replace("~1", "/").replace("~0", "~")
            value = value[int(step)] if isinstance(value, list) else value[step]
        found.append(value)
        return Placeholder("")

    secret_fields.hide(parsed, SECRET_FIELDS, refer)
    return iter(found)


def leaks(path: Path) -> list[tuple[str, ...]]:
    """Where credentials of an input are found in what is made of it; those that its other objects hold do not count."""
    objects = render.load([str(path)])
    public = "\n".join(
        json.dumps(one, default=str, ensure_ascii=False)
        for one in yaml.load_all(path.read_text(), Loader=yaml.CSafeLoader)
        if one and one.get("kind") != "Secret"
    )
    public += json.dumps([open_part(text) for text in yaml_values(objects)], default=str, ensure_ascii=False)
    wanted = {one for one in credentials(objects) if len(one) >= SHORTEST and one not in public}
    manifests = rendered(objects, "reference")
    whole = json.dumps(manifests, ensure_ascii=False)
    plain = texts(manifests)
    found = [place for place, text in plain.items() if any(one in text for one in wanted)]
    encoded = [base64.b64encode(one.encode("utf-8", "replace")).decode() for one in wanted]
    return found + [("object",) for one in (*wanted, *encoded) if one in whole]


@pytest.mark.skipif(not CASES, reason="there is no ../shared/conformance beside this checkout")
def test_no_credential_of_any_case_is_written() -> None:
    found = {str(path.parent.relative_to(CONFORMANCE)): leaks(path) for path in CASES}
    assert {case: places for case, places in found.items() if places} == {}


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.parent.name)
def test_no_credential_of_a_golden_case_is_written(path: Path) -> None:
    assert leaks(path) == []


def test_inline_would_be_found() -> None:
    """Otherwise the tests above could pass because nothing is looked for."""
    path = ROOT / "tests/golden/additional-configs/input.yaml"
    objects = render.load([str(path)])
    wanted = [one for one in credentials(objects) if len(one) >= SHORTEST]
    written = "".join(texts(rendered(objects, "inline")).values())
    assert wanted
    assert any(one in written for one in wanted)


def differences(path: Path) -> list[str]:
    """What the servers would read otherwise than with inline secrets; inputs of which an object is rejected pass."""
    objects = render.load([str(path)])
    inline, reference = texts(rendered(objects, "inline")), texts(rendered(objects, "reference"))
    out = []
    for place, text in inline.items():
        entry = place[3]
        if entry not in FOLDERS or "-tls-assets-" in place[2]:
            continue
        if place not in reference:
            out.append(f"{place}: not there")
            continue
        folder = FOLDERS[entry]
        resolved = Resolver(Source(objects), folder, watch=False).resolve(reference[place].encode(), {})  # type: ignore[arg-type]
        if with_contents(structure(resolved.content.decode()), resolved.files, folder) != structure(text):
            out.append(f"{place}: differs")
        assets = {entry: text for place, text in inline.items() if "-tls-assets-" in place[2] for entry in [place[3]]}
        # Those of tracing are not among the assets: the operator forgets them, the reloader does not.
        out += [
            f"{place}: {name}"
            for name, content in resolved.files.items()
            if content.decode() != assets.get(name, content.decode())
        ]
    return out


def with_contents(value: Any, files: dict[str, bytes], folder: str, block: str = "") -> Any:  # noqa: ANN401 - any YAML
    """The configuration with what the servers read in files, without white space around it, in the places of those."""
    if isinstance(value, list):
        return [with_contents(item, files, folder, block) for item in value]
    if not isinstance(value, dict):
        return value
    out: dict[str, Any] = {}
    for key, item in value.items():
        name = item.removeprefix(f"{folder}/") if isinstance(item, str) else ""
        if (block, key) in INLINE_KEYS and name in files:
            out[INLINE_KEYS[block, key]] = files[name].decode().strip()
        else:
            out[key] = with_contents(item, files, folder, key)
    return out


LACKING = frozenset({"reference-missing", "reference-invalid"})
"""With references an object that names a Secret which is not there is rendered: those inputs cannot be compared."""
SAMPLE = CASES[::10]


@pytest.mark.skipif(not SAMPLE, reason="there is no ../shared/conformance beside this checkout")
def test_servers_read_the_same_as_inline_in_a_sample_of_cases() -> None:
    compared = [path for path in SAMPLE if not lacks_references(path)]
    found = {str(path.parent.relative_to(CONFORMANCE)): differences(path) for path in compared}
    assert {case: places for case, places in found.items() if places} == {}


def lacks_references(path: Path) -> bool:
    """Whether something that an input names is not in it."""
    found = render.render(render.load([str(path)]), Options(workloads=True)).findings
    return bool(LACKING & {one.code for one in found})


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.parent.name)
def test_servers_read_the_same_as_inline(path: Path) -> None:
    assert differences(path) == []
