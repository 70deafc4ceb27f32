"""The text of go-yaml, byte for byte, judged by Go itself."""

from __future__ import annotations

import enum
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.output import goyaml
from render.sources import kyaml
from tests.unit.output.goyaml_verdicts import verdicts

if TYPE_CHECKING:
    from collections.abc import Callable

ANSWERS: dict[str, list[list[Any]]] = json.loads(verdicts.FILE.read_text())


def _flow(value: list[Any]) -> str:
    return goyaml.dumps({"list": goyaml.FlowList(value)})


def _through_json(value: Any) -> Any:  # noqa: ANN401 - plain values
    """As sigs.k8s.io/yaml does: mappings at every level in the order of Go's maps, whole floats as integers."""
    if isinstance(value, dict):
        return {key: _through_json(entry) for key, entry in goyaml.sort_keys(value).items()}
    if isinstance(value, list):
        return [_through_json(entry) for entry in value]
    whole = isinstance(value, float) and value.is_integer() and abs(value) < float(1 << 63)
    return int(value) if whole else value


WRITERS: dict[str, Callable[[Any], str]] = {
    "ordered": goyaml.dumps,
    "kubernetes": lambda value: goyaml.dumps(_through_json(value)),
    "flow": _flow,
}


@pytest.mark.parametrize("mode", verdicts.MODES)
def test_writes_what_go_writes(mode: str) -> None:
    assert len(ANSWERS[mode]) > 100
    # The one exception: a key that reads back as a merge is quoted.
    wanted = [(value, text.replace("- <<: ", '- "<<": ')) for value, text in ANSWERS[mode]]
    different = [(value, text, WRITERS[mode](value)) for value, text in wanted if WRITERS[mode](value) != text]
    assert different == []


@pytest.mark.parametrize("mode", verdicts.MODES)
def test_go_still_says_so(mode: str) -> None:
    if shutil.which("go") is None:
        pytest.skip("go is not on PATH: it judges what goyaml writes")
    asked = [value for value, _ in ANSWERS[mode]]
    assert asked == json.loads(json.dumps(verdicts.values(mode)))
    assert verdicts.ask_go(mode, asked) == [text for _, text in ANSWERS[mode]]


def test_double_quoted_is_quoted_whatever_it_holds() -> None:
    value = {"password": goyaml.DoubleQuoted("$(secret:ns/name/key)"), "list": [goyaml.DoubleQuoted("a\nb")]}
    assert goyaml.dumps(value) == 'password: "$(secret:ns/name/key)"\nlist:\n- "a\\nb"\n'


def test_a_key_that_would_read_back_as_a_merge_is_quoted() -> None:
    assert goyaml.dumps({"a": "<<", "<<": ["<<"]}) == 'a: <<\n"<<":\n- <<\n'


def test_keys_of_a_go_map_count_their_numbers() -> None:
    assert list(goyaml.sort_keys({"a10": 1, "a2": 1, "B": 1, "_": 1, "a": 1, "1": 1})) == [
        "_",
        "1",
        "B",
        "a",
        "a2",
        "a10",
    ]


class Level(enum.StrEnum):
    """A string with a name."""

    HIGH = "high"


def test_subclasses_are_written_as_what_they_are() -> None:
    assert goyaml.dumps({"level": Level.HIGH, "on": True}) == 'level: high\n"on": true\n'


@pytest.mark.parametrize("value", [{"a": {1, 2}}, [b"bytes"], {"a": type("Other", (dict,), {})(b=1)}])
def test_what_has_no_form_is_refused(value: Any) -> None:  # noqa: ANN401 - any value
    with pytest.raises(TypeError, match="cannot be written"):
        goyaml.dumps(value)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\u2028\u2029\ufeff"))
# A plain `<<` is a string to go-yaml's writer and a merge key to its reader.
keys = texts.filter(lambda text: text != "<<")
scalars = st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | texts
plain_values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


@given(st.dictionaries(keys, plain_values, min_size=1))
def test_what_is_written_is_read_back(value: dict[str, Any]) -> None:
    read = kyaml.load_all(goyaml.dumps(value).encode())[0].value
    assert read == value
    assert _keys(read) == _keys(value)


def _keys(value: Any) -> Any:  # noqa: ANN401 - plain values
    """The keys at every level in their order."""
    if isinstance(value, dict):
        return [(key, _keys(entry)) for key, entry in value.items()]
    return [_keys(entry) for entry in value] if isinstance(value, list) else None
