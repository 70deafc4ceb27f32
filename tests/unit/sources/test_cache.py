"""What is read a second time is the same, whatever has happened to the files or to the cache."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from render.objects.gather import Sources, load_sources, load_tree
from render.sources import cache, manifests

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from render.objects.index import Objects
    from render.sources.files import File

MANY = 20
MONITOR = """\
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: m, labels: {a: OLD}}
spec: {selector: {}, endpoints: []}
"""
WITH_A_SECRET = f"""\
{MONITOR}---
apiVersion: v1
kind: Secret
metadata: {{name: s}}
stringData: {{password: not-for-the-disk}}
"""
SOURCES = Sources(["t"], cached=True)


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """So many files, one of them a monitor, that a cache is worth while."""
    monkeypatch.setattr("render.sources.reading._MANY_FILES", MANY)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "t"
    folder.mkdir()
    for number in range(MANY):
        (folder / f"{number}.yaml").write_text(
            f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: n{number}, labels: {{a: b}}}}\n"
        )
    (folder / "monitor.yaml").write_text(MONITOR)
    return folder


def stored(tmp_path: Path) -> list[Path]:
    return sorted(tmp_path.glob("cache/promrender/read/*"))


def test_the_second_run_gives_the_same_without_parsing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_sources(SOURCES)
    assert len(stored(tmp_path)) == 1
    parsed: list[str] = []
    really = manifests.read_manifests

    def noted(file: File, *rest: object) -> object:
        parsed.append(file.path)
        return really(file, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("render.sources.reading.read_manifests", noted)
    monkeypatch.setattr("render.forked.processors", lambda: 1)
    assert load_sources(SOURCES) == first
    assert parsed == []
    assert load_sources(replace(SOURCES, cached=False)) == first
    assert len(parsed) == MANY + 1


def test_what_has_changed_is_read_again(tree: Path) -> None:
    load_sources(SOURCES)
    monitor = tree / "monitor.yaml"
    before = monitor.stat()
    monitor.write_text(MONITOR.replace("OLD", "NEW"))
    os.utime(monitor, ns=(before.st_atime_ns, before.st_mtime_ns))
    (found,) = load_sources(SOURCES).of_kind("ServiceMonitor")
    assert found.value.metadata.labels == {"a": "NEW"}


def test_a_file_that_moved_is_found_where_it_is_now(tree: Path) -> None:
    load_sources(SOURCES)
    (tree / "monitor.yaml").rename(tree / "other.yaml")
    assert [found.origin.file for found in load_sources(SOURCES).of_kind("ServiceMonitor")] == ["t/other.yaml"]


def test_a_file_with_a_secret_is_not_stored(tree: Path, tmp_path: Path) -> None:
    (tree / "monitor.yaml").write_text(WITH_A_SECRET)
    first = load_sources(SOURCES)
    assert b"not-for-the-disk" not in b"".join(file.read_bytes() for file in stored(tmp_path))
    second = load_sources(SOURCES)
    assert first == second
    assert ("default", "s") in second.secrets


def test_findings_come_again(tree: Path) -> None:
    (tree / "broken.yaml").write_text("apiVersion: v1\nkind: [\n")
    (tree / "wrong.yaml").write_text(MONITOR.replace("endpoints: []", "endpoints: no"))
    first = load_sources(SOURCES)
    assert len(first.findings) == 2
    assert load_sources(SOURCES).findings == first.findings


def test_another_reading_has_its_own(tree: Path) -> None:
    (tree / "service.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: []}\n")
    load_sources(SOURCES)
    assert [target.key.name for target in load_tree(SOURCES).targets] == ["s"]


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-10])


def changed(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize("spoil", [truncated, changed, emptied])
def test_a_broken_cache_is_none(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    first = load_sources(SOURCES)
    (file,) = stored(tmp_path)
    good = file.read_bytes()
    spoil(file)
    assert load_sources(SOURCES) == first
    assert sorted(file.read_bytes()) == sorted(good)


def test_where_no_cache_can_be_written_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert len(names(load_sources(SOURCES))) == MANY


def names(objects: Objects) -> list[str]:
    return list(objects.namespaces)


def test_only_the_newest_caches_stay(tmp_path: Path) -> None:
    for number in range(12):
        one = cache.Cache(str(number))
        one.keep({b"a": b"b"})
        time.sleep(0.01)
    assert len(stored(tmp_path)) == 8
    assert cache.Cache("11").known == {b"a": b"b"}
    assert cache.Cache("0").known == {}


def test_few_files_need_none(tmp_path: Path) -> None:
    load_sources(Sources(["t/monitor.yaml"], cached=True))
    assert stored(tmp_path) == []
