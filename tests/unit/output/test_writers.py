"""Files that appear whole or not at all, and only our own are removed."""

from __future__ import annotations

import io
import json
import resource
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from render.findings import ObjectKey
from render.output import writers
from render.sources import kyaml
from tests.places import ROOT


def secret(name: str, namespace: str = "mon", **data: str) -> dict[str, Any]:
    return {
        "data": data or {"b": "Yg==", "a": "YQ=="},
        "kind": "Secret",
        "apiVersion": "v1",
        "metadata": {"namespace": namespace, "name": name},
    }


def config_map(name: str, text: str = "x: 1\n") -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": "mon"},
        "data": {"a.yaml": text},
    }


def found(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.name != writers.WRITTEN_LIST
    )


def codes(findings: list[Any]) -> list[tuple[str, str]]:
    return [(finding.severity, finding.code) for finding in findings]


def test_yaml_and_json_hold_the_same_objects() -> None:
    objects = [secret("a"), config_map("b")]
    read = [document.value for document in kyaml.load_all(writers.to_yaml(objects).encode())]
    assert read == objects == json.loads(writers.to_json(objects))["items"]
    assert list(read[0]) == ["apiVersion", "kind", "metadata", "data"]
    assert list(read[0]["data"]) == ["a", "b"]
    assert writers.to_yaml([]) == ""


def test_files_are_named_after_namespace_kind_and_name(tmp_path: Path) -> None:
    assert (
        writers.write_directory([secret("a"), config_map("b"), secret("c.d", namespace="")], str(tmp_path / "out"))
        == []
    )
    assert found(tmp_path / "out") == ["mon/configmap-b.yaml", "mon/secret-a.yaml", "secret-c.d.yaml"]
    assert stat.S_IMODE((tmp_path / "out/mon/secret-a.yaml").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "out/mon/configmap-b.yaml").stat().st_mode) == 0o644


def test_unchanged_files_are_not_touched_and_stale_ones_go(tmp_path: Path) -> None:
    writers.write_directory([secret("a"), config_map("b"), secret("c", namespace="other")], str(tmp_path))
    (tmp_path / "mon/mine.yaml").write_text("mine")
    (tmp_path / "other/README").write_text("mine")
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in ("mon/secret-a.yaml", "mon/configmap-b.yaml")}
    assert writers.write_directory([secret("a"), config_map("b", "x: 2\n")], str(tmp_path)) == []
    assert found(tmp_path) == ["mon/configmap-b.yaml", "mon/mine.yaml", "mon/secret-a.yaml", "other/README"]
    after = {name: (tmp_path / name).stat().st_mtime_ns for name in before}
    assert after["mon/secret-a.yaml"] == before["mon/secret-a.yaml"]
    assert after["mon/configmap-b.yaml"] > before["mon/configmap-b.yaml"]
    list_before = (tmp_path / writers.WRITTEN_LIST).stat().st_mtime_ns
    writers.write_directory([secret("a"), config_map("b", "x: 2\n")], str(tmp_path))
    assert (tmp_path / writers.WRITTEN_LIST).stat().st_mtime_ns == list_before


def test_empty_folders_go_with_their_last_file(tmp_path: Path) -> None:
    writers.write_directory([secret("a", namespace="other")], str(tmp_path))
    writers.write_directory([secret("a")], str(tmp_path))
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["mon"]


def test_a_run_with_errors_keeps_what_it_did_not_make(tmp_path: Path) -> None:
    writers.write_directory([secret("a"), secret("b")], str(tmp_path))
    told = writers.write_directory([secret("a")], str(tmp_path), remove_stale=False)
    assert codes(told) == [("warning", "output-stale")]
    assert found(tmp_path) == ["mon/secret-a.yaml", "mon/secret-b.yaml"]
    assert writers.write_directory([secret("a")], str(tmp_path)) == []
    assert found(tmp_path) == ["mon/secret-a.yaml"]


@pytest.mark.parametrize(
    ("name", "namespace"), [("../x", "mon"), ("x", ".."), ("a/b", "mon"), ("x", "/etc"), ("", "mon"), ("A", "mon")]
)
def test_names_cannot_lead_out_of_the_folder(tmp_path: Path, name: str, namespace: str) -> None:
    told = writers.write_directory([secret(name, namespace), secret("fine")], str(tmp_path / "out"))
    assert codes(told) == [("error", "output-unwritable")]
    assert told[0].object == ObjectKey("Secret", namespace, name)
    assert found(tmp_path) == ["out/mon/secret-fine.yaml"]


def test_links_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mon").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "out/secret-top.yaml").symlink_to(tmp_path / "precious")
    told = writers.write_directory([secret("a"), secret("top", namespace="")], str(tmp_path / "out"))
    assert codes(told) == [("error", "output-unwritable")]
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (tmp_path / "precious").read_text() == "precious"
    assert not (tmp_path / "out/secret-top.yaml").is_symlink()


@pytest.mark.parametrize(
    "text", ["", "[]", '{"files": ["../../etc/passwd"]}', '{"files": [1]}', '{"files": ["/etc/x.yaml"]}']
)
def test_a_list_that_no_run_wrote_removes_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / writers.WRITTEN_LIST).write_text(text)
    assert codes(writers.write_directory([secret("a")], str(tmp_path))) == [("error", "output-unwritable")]
    assert found(tmp_path) == []


def test_a_file_in_place_of_a_folder_is_an_error_and_the_others_are_written(tmp_path: Path) -> None:
    (tmp_path / "mon").write_text("in the way")
    told = writers.write_directory([secret("a"), secret("b", namespace="other")], str(tmp_path))
    assert [(finding.code, finding.object) for finding in told] == [
        ("output-unwritable", ObjectKey("Secret", "mon", "a"))
    ]
    assert found(tmp_path) == ["mon", "other/secret-b.yaml"]
    assert codes(writers.write_directory([secret("a")], str(tmp_path / "mon"))) == [("error", "output-unwritable")]


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: the large file fails as it would there."""
    writers.write_directory([secret("large", a="small before")], str(tmp_path))
    before = (tmp_path / "mon/secret-large.yaml").read_text()
    program = """
import sys
from render.output import writers
from tests.unit.output.test_writers import secret
for finding in writers.write_directory([secret("large", a="x" * 100_000), secret("small")], sys.argv[1]):
    print(finding.code, finding.object, finding.message)
"""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "output-unwritable Secret/mon/large cannot be written: file too large\n"
    assert (tmp_path / "mon/secret-large.yaml").read_text() == before
    assert found(tmp_path) == ["mon/secret-large.yaml", "mon/secret-small.yaml"]


def test_a_full_disk_behind_a_stream_is_a_finding() -> None:
    with Path("/dev/full").open("wb") as stream:
        told = writers.write_stream([config_map("a", "x" * 100_000)], stream)
        assert codes(told) == [("error", "output-unwritable")]


def test_a_stream_gets_all_objects() -> None:
    stream = io.BytesIO()
    assert writers.write_stream([secret("a")], stream) == []
    assert stream.getvalue().decode() == writers.to_yaml([secret("a")])
