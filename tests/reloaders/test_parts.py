"""The parts of the reloaders that are plain functions."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from reloaders import durations, materialize, placeholders, settings, snapshot
from reloaders.logs import Logger
from reloaders.placeholders import Reference, Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DURATIONS = [("3m", 180.0), ("1m30s", 90.0), ("1.5h", 5400.0), ("0", 0.0), ("0s", 0.0), ("250ms", 0.25), ("+2us", 2e-6)]


@pytest.mark.parametrize(("text", "seconds"), DURATIONS)
def test_durations(text: str, seconds: float) -> None:
    assert durations.seconds(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "3", "m", "-1s", "1d", "1s ", "1 s", ".s", "+", "9999999999h"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        durations.seconds(text)


ORDINALS = [("web-0", "0"), ("web-12", "12"), ("web7", "7"), ("web-7b", ""), ("7-web", ""), ("", "")]


@pytest.mark.parametrize(("name", "ordinal"), ORDINALS)
def test_ordinal(name: str, ordinal: str) -> None:
    environment = {"POD": name}
    materialize.set_ordinal(environment, "POD")
    assert environment[materialize.ORDINAL] == ordinal


def test_conformance_cases(conformance: Path) -> None:
    for folder in sorted((conformance / "reloader").iterdir()):
        case = json.loads((folder / "case.json").read_text())
        if "rows" in case:
            for row in case["rows"]:
                environment = {case["pod_name_variable"]: row["in"]}
                materialize.set_ordinal(environment, case["pod_name_variable"])
                assert environment[case["result_variable"]] == row["out"]
            continue
        expanded, _ = materialize.expand((folder / "input.yaml").read_bytes(), case["env"])
        assert expanded == (folder / "expected.yaml").read_bytes()


def test_expansion_touches_nothing_else() -> None:
    content = b"$(A) ${A} $A $(A B) $(no) $(no) \xff $(secret:a/b/c) $((A))"
    expanded, unset = materialize.expand(content, {"A": "$(A)"})
    assert expanded == b"$(A) ${A} $A $(A B) $(no) $(no) \xff $(secret:a/b/c) $((A))"
    assert unset == ("no",)


def test_writing_keeps_the_mode_and_spares_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert materialize.write(str(path), b"one", 0o600)
    assert not materialize.write(str(path), b"one", 0o600)
    assert path.stat().st_mode & 0o777 == 0o600
    assert materialize.write(str(path), b"one", 0o644)
    assert path.stat().st_mode & 0o777 == 0o644


def test_digest_sees_names_contents_and_borders(tmp_path: Path) -> None:
    digests = set()
    for number, files in enumerate([{"a": "xy"}, {"a": "x"}, {"b": "x"}, {"a": "x", "b": ""}, {"a": "", "b": "x"}, {}]):
        folder = tmp_path / str(number)
        (folder / "sub").mkdir(parents=True)
        (folder / "away").symlink_to("nowhere")
        for name, content in files.items():
            (folder / "sub" / name).write_text(content)
        folder.rename(tmp_path / "same")
        digests.add(snapshot.of_folders([str(tmp_path / "same")]))
        (tmp_path / "same").rename(folder)
    assert len(digests) == 6


STORED = {
    "password": b'p"a\\ss: \n\x7f\xe2\x80\xa8\xf0\x9f\x98\x80',
    "tree": b"receivers: [{url: 0x10, 'a/b': {'~': yes}, none: [1]}]\n",
    "binary": b"\xff",
}


def _lookup(reference: Reference) -> bytes:
    if reference.key not in STORED:
        raise Unresolved([f"{reference}: no such key"])
    return STORED[reference.key]


def _resolved(text: str) -> str:
    return placeholders.resolve(text.encode(), {"ENV": "env"}, _lookup)[0].decode()


def test_placeholders_become_quoted_values() -> None:
    pointed = '{c: "$(configmap:ns/name/tree#/receivers/0/url)"}'
    text = f'ü: "$(secret:ns/name/password)" # "$(no placeholder here)\nb: {pointed}\n'
    read = yaml.safe_load(_resolved(text))
    assert read == {"ü": STORED["password"].decode(), "b": {"c": "0x10"}}
    assert yaml.safe_load(_resolved('a: "$(secret:n/n/tree#/receivers/0/a~1b/~0)"\n')) == {"a": "yes"}


def test_escapes_and_variables_beside_placeholders() -> None:
    text = 'a: "$(secret:n/n/binaryless)"'
    with pytest.raises(Unresolved, match="no such key"):
        _resolved(text)
    text = 'a: $$(ENV) $(ENV) $(none)\nb: "$$(secret:n/n/password)"\nc: $$$(x\n'
    assert _resolved(text) == 'a: $(ENV) env $(none)\nb: "$(secret:n/n/password)"\nc: $$(x\n'


FAULTS = [
    ('a: "x$(secret:n/n/password)"', "line 1 .*whole double-quoted"),
    ("\na: $(secret:n/n/password)", "line 2 .*whole double-quoted"),
    ("a: '$(secret:n/n/password)'", "whole double-quoted"),
    ("""a: 'b: "$(secret:n/n/password)"'""", "whole double-quoted"),
    ('a: "$(secret:n/password)"', "whole double-quoted"),
    ('a: "$(secret:n/n/binary)"', "not UTF-8"),
    ('a: "$(secret:n/n/tree#/receivers/1)"', "leads nowhere at '1'"),
    ('a: "$(secret:n/n/tree#/receivers)"', "not lead to a scalar"),
    ('a: "$(secret:n/n/password#/x)"', "not YAML|leads nowhere"),
    ('a: [\n"$(secret:n/n/password)"\n', "line 3 .*not YAML"),
]


@pytest.mark.parametrize(("text", "says"), FAULTS)
def test_placeholders_that_cannot_be_resolved(text: str, says: str) -> None:
    with pytest.raises(Unresolved, match=says) as raised:
        _resolved(text)
    assert "ss:" not in str(raised.value)


def test_every_fault_is_told() -> None:
    with pytest.raises(Unresolved) as raised:
        _resolved('a: "$(secret:n/n/one)"\nb: "$(secret:n/n/two)"\nc: "$(secret:n/n/two)"\n')
    assert len(raised.value.faults) == 2


def test_log_lines(capsys: pytest.CaptureFixture[str]) -> None:
    Logger().info("two words", a="b", c='say "x"\n', n=1, t=True)
    Logger("json", "warn").error("hm", a="ü")
    Logger("json", "warn").info("not shown")
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith('level=INFO msg="two words" a=b c="say \\"x\\"\\n" n=1 t=true')
    assert json.loads(second) | {"time": ""} == {"time": "", "level": "ERROR", "msg": "hm", "a": "ü"}


def test_defaults_are_those_of_the_go_reloader() -> None:
    found = settings.parse([])
    assert (found.watch_interval, found.delay_interval, found.retry_interval, found.reload_timeout) == (180, 1, 5, 30)
    assert found.reload_url == "http://127.0.0.1:9090/-/reload"
    assert found.runtimeinfo_url == "http://127.0.0.1:9090/api/v1/status/runtimeinfo"
    assert (found.process_executable_name, found.reload_method, found.log_format) == ("prometheus", "http", "logfmt")
    assert (found.statefulset_ordinal_from_envvar, found.listen_address) == ("POD_NAME", "")
    assert settings.parse(["--watched-dir=a", "--watched-dir", "b"]).watched_dir == ("a", "b")


def test_command_lines_of_the_operators_pods(conformance: Path) -> None:
    """What the operator's StatefulSets give to the reloader is understood, whatever they configure."""
    lines = {line for path in sorted((conformance / "live").rglob("expected.json")) for line in _command_lines(path)}
    known = [line for line in lines if "--custom" not in line]  # a flag that a case adds, which nobody knows
    assert len(known) > 100
    for line in known:
        found = settings.parse(list(line))
        assert found.config_envsubst_file or found.watched_dir


def _command_lines(path: Path) -> Iterator[tuple[str, ...]]:
    for found in json.loads(path.read_text()).get("objects", []):
        if found["kind"] == "StatefulSet":
            pod = found["spec"]["template"]["spec"]
            for container in [*pod.get("containers", []), *pod.get("initContainers", [])]:
                if container.get("command") == ["/bin/prometheus-config-reloader"]:
                    yield tuple(container["args"])


def test_heavy_libraries_wait_until_they_are_needed() -> None:
    code = "import reloaders.cli, reloaders.watch, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"kubernetes", "yaml", "bcrypt", "requests", "urllib3", "render"} & set(loaded)
