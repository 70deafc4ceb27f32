"""promtool and amtool take what the reloader makes of references, with its files, where they take the inline text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

import render
from render.versions import DEFAULT_ALERTMANAGER, DEFAULT_PROMETHEUS, parse
from tests.conformance.resolving import FOLDERS, Source, configurations, rendered, resolved
from tests.conformance.test_secret_references import CASES, INPUTS, lacks_references
from tests.places import CONFORMANCE
from tests.servers import amtool, promtool
from tests.servers.verdicts import verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from render.objects.index import Objects
    from tests.conformance.resolving import Configuration, Place

EVERY = 20
"""So many cases of a suite, one is looked at."""
PREFIXES = {
    "prometheus.yaml": (("Prometheus", "prometheus-", ""), ("PrometheusAgent", "prom-agent-", "")),
    "alertmanager.yaml": (("Alertmanager", "alertmanager-", "-generated"),),
}
"""For each entry the kinds of servers, and what stands around the server's name in that of the Secret."""


def sample() -> list[Path]:
    suites: dict[tuple[str, ...], list[Path]] = {}
    for path in CASES:
        suites.setdefault(path.relative_to(CONFORMANCE).parts[:-2], []).append(path)
    return [*INPUTS, *(path for paths in suites.values() for path in paths[::EVERY])]


class Pair(NamedTuple):
    """One configuration of an input: as it is inline, and as its server reads it with references."""

    place: Place
    version: str
    inline: str
    made: Configuration


def pairs(path: Path) -> Iterator[Pair]:
    objects = render.load([str(path)])
    inline = configurations(rendered(objects, "inline"))
    made = resolved(configurations(rendered(objects, "reference")), Source(objects))
    for place, text in inline.items():
        if place[3] in PREFIXES and text:
            yield Pair(place, version(objects, place), text, made[place])


def version(objects: Objects, place: Place) -> str:
    for kind, before, after in PREFIXES[place[3]]:
        found = objects.resources.get(kind, {}).get((place[1], place[2].removeprefix(before).removesuffix(after)))
        if found is not None and place[2].startswith(before):
            return found.value.spec.version or (DEFAULT_ALERTMANAGER if after else DEFAULT_PROMETHEUS)
    raise AssertionError(place)


def checks(pair: Pair, tool: Callable[[str], Path], scratch: Path) -> Iterator[Callable[[str], str]]:
    """What each checker that knows the version says of a text."""
    agent = pair.place[2].startswith("prom-agent-")

    def promtool_says(text: str, program: str = "promtool") -> str:
        file = scratch / "prometheus.yaml"
        file.write_text(text)
        return promtool.check_config(tool(program), file, agent=agent)

    if pair.place[3] == "alertmanager.yaml":
        yield lambda text: amtool.check_config(tool("amtool"), text, scratch)
        if parse(pair.version) < parse("0.26.0"):
            yield lambda text: amtool.check_config(tool("amtool-0.25"), text, scratch)
        return
    yield promtool_says
    if parse(pair.version) < parse("2.43.0"):
        yield lambda text: promtool_says(promtool.without_kubernetes_discovery(text), "promtool-2.42")


@pytest.mark.parametrize("path", sample(), ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
def test_checkers_take_what_is_resolved(path: Path, tool: Callable[[str], Path], tmp_path: Path) -> None:
    if lacks_references(path):
        return
    for pair in pairs(path):
        certificates = tmp_path / "certificates"
        certificates.mkdir(exist_ok=True)
        for name, content in pair.made.files.items():
            (certificates / name).write_bytes(content)
        text = moved(pair, certificates)
        for check in checks(pair, tool, tmp_path):
            said = check(text)
            assert bool(said) == bool(check(pair.inline)), said
        if pair.place[3] == "prometheus.yaml":
            assert str(certificates) not in check_with_files(text, pair, tool, tmp_path)


def moved(pair: Pair, folder: Path) -> str:
    """The text with another folder for its files."""
    return pair.made.text.replace(FOLDERS[pair.place[3]], str(folder))


def check_with_files(text: str, pair: Pair, tool: Callable[[str], Path], scratch: Path) -> str:
    """What promtool says that opens the files, too; rules and files of the user's own are not there."""
    config = scratch / "prometheus.yaml"
    config.write_text(text)
    mode = ["--agent"] if pair.place[2].startswith("prom-agent-") else []
    return verdict(tool("promtool"), "check", "config", *mode, config)


def test_a_file_that_is_not_there_is_missed(tool: Callable[[str], Path], tmp_path: Path) -> None:
    """Otherwise the test above could pass because no file is looked for."""
    pair = next(pairs(next(path for path in INPUTS if path.parent.name == "service-monitor")))
    gone = tmp_path / "gone"
    assert f"{gone}/0_" in check_with_files(moved(pair, gone), pair, tool, tmp_path)
