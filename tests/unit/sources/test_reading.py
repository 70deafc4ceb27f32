"""From paths to documents: which files, what is skipped, what is an error, and the same in several processes."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from render import forked
from render.findings import Severity
from render.sources import files, reading
from tests.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

MONITOR = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: NAME}\n"
NAMES = "apiVersion: v1\nkind: Namespace\nmetadata: {name: NAME}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, text: str = MONITOR) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(textwrap.dedent(text).replace("NAME", Path(path).stem))


def names(*paths: str) -> list[str]:
    return [raw["metadata"]["name"] for _, raw in reading.read(paths).kept]


def said(*paths: str) -> list[tuple[str, str, str, int]]:
    return [(f.severity, f.code, f.file, f.line) for f in reading.read(paths).findings]


def test_folders_are_searched_in_order_hidden_ones_not() -> None:
    for path in ("t/b.yaml", "t/a/z.yml", "t/a/y.json", "t/.git/x.yaml", "t/.hidden.yaml", "t/notes.txt", "t/a.yaml"):
        write(path)
    assert [file.path for file in files.find(["t"])[0]] == ["t/a/y.json", "t/a/z.yml", "t/a.yaml", "t/b.yaml"]
    assert [file.path for file in files.find(["./t/", "t/b.yaml", "t/notes.txt"])[0]][-2:] == [
        "t/b.yaml",
        "t/notes.txt",
    ]
    assert files.find(["."])[0][0].path == "t/a/y.json"


def test_a_link_to_itself_is_told_and_the_entries_behind_it_are_read() -> None:
    write("t/z.yaml")
    Path("t/round.yaml").symlink_to("round.yaml")
    assert names("t") == ["z"]
    assert said("t") == [("error", "source-unreadable", "t/round.yaml", 0)]


def test_links_are_followed_once_and_loops_end() -> None:
    write("t/a/x.yaml")
    Path("t/a/loop").symlink_to("..")
    Path("t/b").symlink_to("a")
    Path("t/c.yaml").symlink_to("a/x.yaml")
    assert names("t") == ["x"]


def test_links_out_of_what_is_named_are_errors() -> None:
    for path in ("out/x.yaml", "out/more/v.yaml", "top/t/z.yaml", "top/tt/w.yaml"):
        write(path)
    Path("top/t/x.yaml").symlink_to("../../out/x.yaml")
    Path("top/t/more").symlink_to(Path("out/more").absolute())
    Path("top/t/beside.yaml").symlink_to("../tt/w.yaml")
    Path("top/t/gone.yaml").symlink_to("../gone.yaml")
    Path("top/t/notes").symlink_to("../../out/x.yaml")  # no manifest by its name
    Path("link").symlink_to("top/t")
    for named in ("top/t", "link"):
        assert names(named) == ["z"]
        assert said(named) == [
            ("error", "source-outside", f"{named}/{link}", 0) for link in ("beside.yaml", "gone.yaml", "more", "x.yaml")
        ]
    (said_of_x,) = (finding for finding in reading.read(["top/t"]).findings if finding.file == "top/t/x.yaml")
    assert said_of_x.message == "the link leads out of the folder that is read"
    assert said_of_x.hint.startswith(f"name {Path('out/x.yaml').absolute()} as a source of its own")
    assert names("top/t", "out", "top/tt") == ["w", "v", "x", "z"]
    assert said("top/t", "out", "top/tt") == [("error", "source-outside", "top/t/gone.yaml", 0)]
    assert names("top/t/x.yaml") == ["x"]


def test_a_folder_that_kubernetes_mounted_is_read() -> None:
    write("m/..2026_11_21/a.yaml")
    Path("m/..data").symlink_to("..2026_11_21")
    Path("m/a.yaml").symlink_to("..data/a.yaml")
    assert names("m") == ["a"]
    assert said("m") == []


def test_missing_and_unreadable_sources_are_errors() -> None:
    write("t/ok.yaml")
    Path("t/gone.yaml").symlink_to("nowhere")
    Path("t/folder.yaml").mkdir()
    assert said("t", "missing") == [
        ("error", "source-unreadable", "t/gone.yaml", 0),
        ("error", "source-missing", "missing", 0),
    ]
    assert names("t", "missing") == ["ok"]


def test_a_file_that_fails_while_it_is_read_is_an_error() -> None:
    """The memory of a process cannot be read at its start, not even by root."""
    found = reading.read([f"/proc/{os.getpid()}/mem"]).findings
    assert [finding.code for finding in found] == ["source-unreadable"]


def test_lists_are_unfolded_with_their_places() -> None:
    write(
        "l.yaml",
        """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: v1
          kind: Secret
          metadata: {name: a}
        - apiVersion: v1
          kind: List
          items:
          - {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
        - just text
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitorList
        items:
        - metadata: {name: c}
        """,
    )
    read = reading.read(["l.yaml"])
    assert [
        (origin.document, origin.line, origin.path, raw["kind"], raw["metadata"]["name"]) for origin, raw in read.kept
    ] == [
        (0, 5, ("items", 0), "Secret", "a"),
        (0, 8, ("items", 1, "items", 0), "ConfigMap", "b"),
        (1, 17, ("items", 0), "ServiceMonitor", "c"),
    ]
    assert [(finding.code, finding.line) for finding in read.findings] == [("list-entry-invalid", 12)]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("values.yaml", "replicas: 1\n", ("info", "source-skipped")),
        ("values2.yaml", "kinds: [Secret]\nreplicas: 1\n", ("info", "source-skipped")),
        ("package.json", '{"name": "x"}', ("info", "source-skipped")),
        ("broken.json", "{// a comment\n}", ("info", "source-skipped")),
        (
            "kustomization.yaml",
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
            ("info", "source-skipped"),
        ),
        ("helm.yaml", MONITOR + "spec:\n  {{- with .Values.spec }}\n  a: {{ . }}\n", ("info", "source-skipped")),
        ("chart/templates/a.yaml", MONITOR + "x: '{{ .Release.Name }}'\n", ("info", "source-skipped")),
        ("rule.yaml", MONITOR + 'summary: "{{ $labels.job }} is {{ $value }}\n', ("error", "yaml-syntax")),
        ("broken.yaml", MONITOR + "spec: [\n", ("error", "yaml-syntax")),
        ("deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\nspec: [\n", ("error", "yaml-syntax")),
    ],
)
def test_what_is_no_manifest_is_skipped_with_a_notice_and_broken_ones_are_errors(
    path: str, text: str, expected: tuple[str, str]
) -> None:
    write("t/chart/Chart.yaml", "apiVersion: v2\nname: x\nkind: library\n")
    write(f"t/{path}", text)
    read = reading.read(["t"])
    assert read.kept == []
    assert [(f.severity, f.code, f.file) for f in read.findings] == [(*expected, f"t/{path}")]


@pytest.mark.parametrize("text", ["apiVersion: apps/v1\nkind: Deployment\n", "", "\n\n", "# Secret\n---\n"])
def test_other_manifests_and_empty_files_need_no_word(text: str) -> None:
    write("t/a.yaml", text)
    assert said("t") == []


def test_a_named_file_must_be_fine() -> None:
    write("helm.yaml", "kind: Secret\na: {{ .Values.x }}\n")
    assert said("helm.yaml") == [("error", "yaml-syntax", "helm.yaml", 2)]


def test_one_broken_document_leaves_the_others() -> None:
    write("a.yaml", MONITOR + "---\na: [\n---\n" + NAMES)
    read = reading.read(["a.yaml"])
    assert [raw["kind"] for _, raw in read.kept] == ["ServiceMonitor", "Namespace"]
    assert [(f.line, f.severity) for f in read.findings] == [(6, Severity.ERROR)]


def test_standard_input_is_kept_for_later_positions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(NAMES.encode())))
    read = reading.read(["-"])
    assert [(origin.file, raw["kind"]) for origin, raw in read.kept] == [("-", "Namespace")]
    assert read.texts == {"-": NAMES.encode()}


def test_a_pipe_is_read_as_a_shell_hands_it_over() -> None:
    os.mkfifo("pipe")
    with subprocess.Popen(["sh", "-c", f"printf '%s' '{NAMES}' > pipe"]) as writer:
        read = reading.read(["pipe"])
    assert writer.returncode == 0
    assert [raw["kind"] for _, raw in read.kept] == ["Namespace"]
    assert read.texts["pipe"] == NAMES.encode()


def test_several_processes_give_what_one_gives() -> None:
    for number in range(50):
        write(f"t/{number:02}.yaml", MONITOR if number % 3 else NAMES + "---\na: [\n")
    alone = reading.read(["t"], processes=1)
    assert len(alone.kept) == 50
    for processes in (2, 3, 7):
        together = reading.read(["t"], processes=processes)
        assert together.kept == alone.kept
        assert together.findings == alone.findings


def test_inspect_says_what_is_kept() -> None:
    for number in range(9):
        write(f"t/{number}.yaml")
    read = reading.read(
        ["t"], lambda document: None if document.raw["metadata"]["name"] == 3 else [document.has_null], processes=2
    )
    assert [kept for _, kept in read.kept] == [[False]] * 8


def test_what_fails_in_a_child_fails_here() -> None:
    def work(share: Sequence[int]) -> list[int]:
        return [10 // number for number in share]

    before = _children()
    assert forked.map_forked(work, [1, 2, 5, 10], 2, int) == [10, 5, 2, 1]
    with pytest.raises(ZeroDivisionError):
        forked.map_forked(work, [1, 0, 1, 0], 2, int)
    assert _children() == before


def _children() -> set[str]:
    """Process ids of this process's children."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_a_killed_child_is_replaced() -> None:
    parent = os.getpid()

    def work(share: Sequence[int]) -> list[int]:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return list(share)

    assert forked.map_forked(work, list(range(10)), 3, int) == list(range(10))


def test_an_interrupt_leaves_no_process_behind() -> None:
    program = """
import signal, time
from render import forked
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job starts with it ignored
def work(share):
    time.sleep(60)
    return list(share)
forked.map_forked(work, list(range(9)), 3, int)
"""
    run = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    while len(children.read_text().split()) < 2:
        time.sleep(0.02)
    started = children.read_text().split()
    run.send_signal(signal.SIGINT)
    assert b"KeyboardInterrupt" in run.communicate(timeout=10)[1]
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []
