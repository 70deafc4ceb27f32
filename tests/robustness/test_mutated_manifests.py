"""Mutated manifests: whatever a tree holds, only findings come out, and no secret value is in any of them."""

from __future__ import annotations

import copy
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import render
from render.options import Options
from tests.rendered import entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PROJECT = Path(__file__).parents[2]
SOURCES = [
    *sorted((PROJECT / "examples/quickstart").glob("*.yaml")),
    *sorted((PROJECT / "tests/golden").glob("*/input.yaml")),
]
DOCUMENTS = [
    document
    for source in SOURCES
    for document in yaml.safe_load_all(source.read_bytes())
    if isinstance(document, dict) and "kind" in document
]
# Whole entries of Secrets, and the credentials within entries that are configuration, which golden cases begin so.
CREDENTIAL = re.compile(r"hush-[\w-]+")
SECRET_VALUES = sorted(
    {
        secret
        for document in DOCUMENTS
        if document["kind"] == "Secret"
        for value in map(str, (document.get("stringData") or {}).values())
        for secret in (value, *CREDENTIAL.findall(value))
        if len(secret) >= 8
    }
)
TREES = [list(yaml.safe_load_all(source.read_bytes())) for source in SOURCES]

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        ["", "0", "1h", "-1s", "$(x)", "{{", "a.b/c", "\u2028", "\x7f", "v9.9.9", "v2.0.0", "<<", "(", "[", "🙂"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FEW = settings(
    max_examples=int(os.environ.get("EXAMPLES", "300")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any YAML value
    """Every path in a value below its top."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        yield (*path, step)
        yield from _places(child, (*path, step))


def _parent(value: Any, path: tuple[Any, ...]) -> Any:  # noqa: ANN401 - any YAML value
    for step in path[:-1]:
        value = value[step]
    return value


def _in_secret(tree: list[Any], place: tuple[Any, ...]) -> bool:
    """Whether a place lies in a Secret; elsewhere its value would be no secret any more."""
    return isinstance(tree[place[0]], dict) and tree[place[0]].get("kind") == "Secret"


@st.composite
def mutated_trees(
    draw: st.DrawFn, trees: Sequence[list[Any]] = TREES, wanted: Callable[[tuple[Any, ...]], object] = bool
) -> list[Any]:
    """One of the trees with one to four things changed at wanted places: a value replaced, removed, or copied."""
    tree: list[Any] = copy.deepcopy(draw(st.sampled_from(trees)))
    for _ in range(draw(st.integers(1, 4))):
        places = [place for place in _places(tree) if wanted(place)]
        if not places:
            break
        path = draw(st.sampled_from(places))
        parent = _parent(tree, path)
        open_places = [place for place in places if not _in_secret(tree, place)]
        change = draw(st.sampled_from(["replace", "remove", "copy"] if open_places else ["replace", "remove"]))
        if change == "remove":
            del parent[path[-1]]
        elif change == "replace":
            parent[path[-1]] = draw(VALUES)
        else:
            other = draw(st.sampled_from(open_places))
            parent[path[-1]] = copy.deepcopy(_parent(tree, other)[other[-1]])
    return tree


def _render(text: bytes, tmp_path: Path) -> None:
    file = tmp_path / "mutated.yaml"
    file.write_bytes(text)
    result = render.render(render.load([str(file)]), Options(workloads=True))
    for finding in result.findings:
        assert finding.message
        told = f"{finding.message} {finding.hint} {finding.field}"
        assert not any(value in told for value in SECRET_VALUES)
    for manifest in result.objects:
        json.dumps(manifest)
        assert entries(manifest) is not None


@FEW
@given(tree=mutated_trees())
def test_mutated_values_give_nothing_but_findings(tree: list[Any], tmp_path: Path) -> None:
    _render("\n---\n".join(json.dumps(document) for document in tree).encode(), tmp_path)


@FEW
@given(data=st.data())
def test_mutated_text_gives_nothing_but_findings(data: st.DataObject, tmp_path: Path) -> None:
    """Bytes removed, doubled or replaced anywhere in the text of a tree."""
    text = bytearray(data.draw(st.sampled_from(SOURCES)).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 40)))
        text[start:end] = data.draw(st.one_of(st.binary(max_size=6), st.just(bytes(text[start:end]) * 2)))
    _render(bytes(text), tmp_path)


def test_the_secret_values_are_real() -> None:
    """The tests above look for something that is there."""
    assert len(SECRET_VALUES) >= 3
    assert "hush-base-password" in SECRET_VALUES
