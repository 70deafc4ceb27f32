"""`--secrets reference`: nothing secret is written, and with the reloader servers read what they would read inline."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import render
from render.generation import secret_fields
from render.options import Options
from render.selection.placeholders import Placeholder
from render.sources.kyaml import load_go
from tests.conformance.resolving import Source, configurations, rendered, resolved, structure, texts
from tests.golden.cases import all_cases
from tests.places import CONFORMANCE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from render.objects.index import Objects
    from tests.conformance.resolving import Manifests

SHORTEST = 8
"""Characters of a credential that must not be found."""
SECRET_FIELDS = secret_fields.ALERTMANAGER | secret_fields.PROMETHEUS
INPUTS = sorted(path for case in all_cases() if (path := ROOT / case.source).is_file())
CASES = sorted(CONFORMANCE.glob("**/input.yaml"))
with_cases = pytest.mark.skipif(not CASES, reason="there is no ../shared/conformance beside this checkout")


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


@with_cases
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
    """What the servers would read otherwise than with inline secrets, and Roles that do not fit what is read."""
    objects = render.load([str(path)])
    inline, reference = rendered(objects, "inline"), rendered(objects, "reference")
    source = Source(objects)
    made = resolved(configurations(reference), source)
    everything = texts(inline)
    # Those of tracing are not among the assets: the operator forgets them, the reloader does not.
    assets = {place[3]: text for place, text in everything.items() if "-tls-assets-" in place[2]}
    out = []
    for place, text in configurations(inline).items():
        wanted = structure(text)
        if (text and wanted is None) or place not in made or made[place].structure(structure) != wanted:
            out.append(f"{place} differs")
    for one in made.values():
        out += [name for name, content in one.files.items() if content.decode() != assets.get(name, content.decode())]
    return out + [f"{which} has no fitting Role" for which in sorted(allowed(reference) ^ source.read)]


def allowed(manifests: Manifests) -> set[tuple[str, str, str]]:
    """What the Roles let the reloaders read: kind, namespace and name."""
    return {
        (rule["resources"][0].removesuffix("s"), one["metadata"]["namespace"], name)
        for one in manifests
        if one["kind"] == "Role"
        for rule in one["rules"]
        for name in rule.get("resourceNames", ())
    }


LACKING = frozenset({"reference-missing", "reference-invalid"})
"""With references an object that names a Secret which is not there is rendered: those inputs cannot be compared."""


@with_cases
def test_servers_read_the_same_as_inline_in_every_case() -> None:
    compared = [path for path in CASES if not lacks_references(path)]
    found = {str(path.parent.relative_to(CONFORMANCE)): differences(path) for path in compared}
    assert {case: places for case, places in found.items() if places} == {}
    assert len(compared) > len(CASES) * 0.9


def lacks_references(path: Path) -> bool:
    """Whether something that an input names is not in it."""
    objects = render.load([str(path)])
    found = render.render(objects, Options(workloads=True)).findings
    servers = objects.resources.get("Alertmanager", {}).values()
    files = ((each.key.namespace, each.value.spec.configSecret) for each in servers)
    return bool(LACKING & {one.code for one in found}) or any(key[1] and key not in objects.secrets for key in files)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.parent.name)
def test_servers_read_the_same_as_inline(path: Path) -> None:
    assert differences(path) == []


LISTS = ("additionalScrapeConfigs", "additionalAlertRelabelConfigs", "additionalAlertManagerConfigs")


def without_lists(objects: Objects) -> int:
    """Take the Secrets of additional configuration out of an input; says how many there were."""
    servers = [each for kind in ("Prometheus", "PrometheusAgent") for each in objects.resources.get(kind, {}).values()]
    named = {
        (each.key.namespace, selector.name)
        for each in servers
        for selector in (getattr(each.value.spec, attribute, None) for attribute in LISTS)
        if selector is not None
    }
    return len([objects.secrets.pop(key) for key in named if key in objects.secrets])


def list_differences(path: Path) -> list[str]:
    """What servers would read otherwise when the source lacks their lists; those that must be changed are rejected."""
    whole, lacking = render.load([str(path)]), render.load([str(path)])
    if not without_lists(lacking):
        return []
    found = render.render(lacking, Options(secrets="reference"))
    rejected = any(one.code in LACKING and one.field == "spec.additionalScrapeConfigs" for one in found.findings)
    inline = configurations(rendered(whole, "inline"))
    lists = {place: text for place, text in configurations(found.objects).items() if place in inline}
    made = resolved(lists, Source(whole))
    return [
        f"{place} differs"
        for place, text in inline.items()
        if (place in made or not rejected) and made[place].structure(typed) != typed(text)
    ]


def typed(text: str) -> Any:  # noqa: ANN401 - any YAML
    return load_go(text.encode())


@with_cases
def test_lists_that_the_source_lacks_come_in_all_the_same() -> None:
    found = {str(path.parent.relative_to(CONFORMANCE)): list_differences(path) for path in CASES if uses_lists(path)}
    assert len(found) > 10
    assert {case: places for case, places in found.items() if places} == {}


def uses_lists(path: Path) -> bool:
    text = path.read_text()
    return any(attribute in text for attribute in LISTS) and not lacks_references(path)
