"""Reading YAML: documents, positions, errors in our words, and the guards."""

from __future__ import annotations

import resource
import subprocess
import sys
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.sources import composing, kyaml
from tests.places import ROOT


def text(indented: str) -> bytes:
    return textwrap.dedent(indented).lstrip("\n").encode()


def test_documents_have_the_line_they_begin_on() -> None:
    raw = text("""
        # a comment
        a: 1
        ---

        b: 2
        ---
        ---
        - c
        """)
    read = [(document.value, document.line) for document in kyaml.load_all(raw)]
    assert read == [({"a": 1}, 2), ({"b": 2}, 5), (None, 7), (["c"], 8)]


def test_json_documents_are_read_too() -> None:
    assert [d.value for d in kyaml.load_all(b'{"a": [1, 2.5, null]}\n---\n{"b": "\\u00e9"}')] == [
        {"a": [1, 2.5, None]},
        {"b": "é"},
    ]


@pytest.mark.parametrize(
    ("raw", "has_null"),
    [(b"a: {b: [1, x]}", False), (b"a: {b: [1, ~]}", True), (b"a:\n  b:\n", True), (b"a: ''", False)],
)
def test_nulls_are_noticed(raw: bytes, has_null: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert kyaml.load_all(raw)[0].has_null is has_null


def test_entries_of_a_list_have_lines() -> None:
    raw = b"---\n---\nkind: List\nitems:\n- a: 1\n\n- b: 2\n"
    assert kyaml.load_all(raw)[1].item_lines == (5, 7)


@pytest.mark.parametrize(
    ("raw", "line", "column", "words"),
    [
        (b"a: 1\na: 2\n", 2, 1, "'a' stands twice, first on line 1"),
        (b"a: 1\nb: {c: 1, c: 2}\n", 2, 11, "'c' stands twice"),
        (b"a:\n  ~: 1\n", 2, 3, "a key is null"),
        (b"a: .inf\n", 1, 4, "infinities"),
        (b"a: [1, 2\nb: 3\n", 2, 2, "bracket"),
        (b"a:\n\tb: 1\n", 2, 1, "quote the text"),
        (b"a: b: c\n", 1, 5, "a colon where no key can be"),
        (b"a: @b\n", 1, 4, "quote the text"),
        (b"a: 'b\n", 2, 1, "inside a quoted value"),
        (b"a: 1\nb: \x07\n", 2, 4, "control character"),
        (b"a: 1\nb: caf\xe9\n", 2, 7, "not UTF-8"),
        (b"a: *b\n", 1, 4, "names no anchor"),
        (b"a: &b [*b]\n", 1, 4, "contains itself"),
        (b"a: !!int x\n", 1, 4, "does not fit its tag !!int"),
        (b"a: &x {b: 1}\nc:\n  <<: *x\n  b: 2\n", 4, 3, "set by a merge key"),
    ],
)
def test_errors_have_a_place_and_our_words(raw: bytes, line: int, column: int, words: str) -> None:
    with pytest.raises(kyaml.KyamlError) as caught:
        kyaml.load_all(raw)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert words in caught.value.message


def test_errors_quote_no_values() -> None:
    for raw in (b'password: "hunter2', b"password: hunter2: x", b"password: !!int hunter2", b"p: {q: hunter2 hunter2"):
        with pytest.raises(kyaml.KyamlError) as caught:
            kyaml.load_all(raw)
        assert "hunter2" not in str(caught.value)


def test_a_document_with_an_error_does_not_hide_the_others() -> None:
    raw = b"a: 1\n---\nb: [\n---\nc: 3\n---\nd: 1\nd: 2\n---\ne: 5\n"
    read = kyaml.read_all(raw)
    assert [entry.value if isinstance(entry, kyaml.YamlDocument) else entry.line for entry in read] == [
        {"a": 1},
        4,
        {"c": 3},
        8,
        {"e": 5},
    ]
    assert isinstance(read[2], kyaml.YamlDocument)
    assert read[2].line == 5


DEEP = text("""
    kind: List
    items:
    - metadata: {name: a}
      spec:
        endpoints:
        - port: web
          path: /x
        - {port: api}
    - metadata:
        labels:
          a.b/c: d
    """)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), (1, 1)),
        (("kind",), (1, 1)),
        (("items", 0), (3, 3)),
        (("items", 0, "metadata", "name"), (3, 14)),
        (("items", 0, "spec", "endpoints", 0, "path"), (7, 7)),
        (("items", 0, "spec", "endpoints", 1, "port"), (8, 8)),
        (("items", 0, "spec", "endpoints", 1, "path"), (8, 7)),
        (("items", 0, "spec", "nothing", "below"), (4, 3)),
        (("items", 1, "metadata", "labels", "a.b/c"), (11, 7)),
        (("items", 7, "x"), (2, 1)),
    ],
)
def test_a_path_leads_to_its_deepest_existing_part(path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert kyaml.locate(DEEP, 0, path) == place


def test_positions_count_documents_and_broken_ones() -> None:
    raw = b"a: 1\n---\nb: [\n---\nc:\n  d: 1\n"
    positions = kyaml.Positions(raw)
    assert positions.find(0, ("a",)) == (1, 1)
    assert positions.find(2, ("c", "d")) == (6, 3)
    assert positions.find(9, ()) == (0, 0)
    assert kyaml.Positions(DEEP).find_below(3, ("spec",)) == (4, 3)
    assert kyaml.Positions(DEEP).find_below(4, ("spec",)) == (0, 0)


def laughs() -> bytes:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return "\n".join(lines).encode()


BOMBS = {
    "aliases of aliases": laughs(),
    "brackets": b"[" * 300_000,
    "closed brackets": b"[" * 20_000 + b"]" * 20_000,
    "braces": b"{a: " * 100_000,
    "indentation": "".join(" " * depth + "a:\n" for depth in range(4_000)).encode(),
    "entries on one line": b"- " * 50_000,
    "questions on one line": b"? " * 50_000,
    "just too deep": b"a: " + b"[" * kyaml.MAX_DEPTH + b"]" * kyaml.MAX_DEPTH,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_quickly_in_little_memory(bomb: str) -> None:
    """In a process of its own: it would be that process which dies."""
    program = """
import sys
from render.sources import kyaml
try:
    kyaml.load_all(sys.stdin.buffer.read())
except kyaml.KyamlError:
    sys.exit(7)
"""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))

    run = subprocess.run(
        [sys.executable, "-c", program], input=BOMBS[bomb], cwd=ROOT, preexec_fn=limit, timeout=20, check=False
    )
    assert run.returncode == 7


def test_depth_that_kubernetes_has_is_fine() -> None:
    depth = kyaml.MAX_DEPTH - 1
    assert kyaml.load_all(b"[" * depth + b"]" * depth)


def test_aliases_in_reason_are_expanded_into_values_of_their_own() -> None:
    read = kyaml.load_all(b"base: &base {a: [1]}\none: *base\ntwo: *base\n")[0].value
    assert read["one"] == read["two"] == {"a": [1]}
    assert read["one"] is not read["two"]


def test_go_yaml_alone_keeps_types() -> None:
    raw = b"7: a\nyes: 1.0\nb: .inf\nc: 2026-11-21\nd: {<<: {x: 1}, z: 1e6}\n"
    assert repr(kyaml.load_go(raw)) == "{7: 'a', True: 1.0, 'b': inf, 'c': '2026-11-21', 'd': {'z': 1000000.0}}"
    assert kyaml.load_go(b"") is None


@given(st.binary(max_size=60) | st.text(st.sampled_from("ab:-[]{},&*!|>'\"#%\n\t 0"), max_size=40).map(str.encode))
def test_nothing_but_a_kyaml_error_is_raised(raw: bytes) -> None:
    for entry in kyaml.read_all(raw):
        if isinstance(entry, kyaml.KyamlError):
            assert entry.line >= 1
            assert entry.column >= 1
    kyaml.locate(raw, 0, ("a", 0))


def test_ordinary_text_takes_the_fast_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow composer is for oddities alone: brackets, exclamation marks, anchors and long lines are none."""
    monkeypatch.delattr(composing, "_EventComposer")
    entry = (
        "- {a: [1, 2], b: 'Hello, world ! Really', c: wow!, d: !x y, e: &z [u], f: *z, g: 'up{a!=\"b\"} * on (x) y'}\n"
    )
    document = (
        "---\n"
        + entry.replace("&z [u]", "[u]").replace("*z", "z") * 2_000
        + "- &z [u]\n- *z\n- "
        + "long " * 2_000
        + "\n"
    )
    assert len(kyaml.load_all((document * 2).encode())) == 2
