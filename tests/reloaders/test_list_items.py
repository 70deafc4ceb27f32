"""References that stand for the items of a list."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reloaders import list_items, placeholders
from reloaders.placeholders import Unresolved

ITEM = '"$(secret:ns/name/list#)"'


def resolved(config: str, stored: str, **environment: str) -> str:
    return placeholders.resolve(config.encode(), environment, lambda _reference: stored.encode())[0].decode()


def test_items_come_in_where_the_placeholder_stands() -> None:
    config = f"jobs:\n- job_name: first\n- {ITEM}\n- job_name: last\nother: 1\n"
    stored = "# theirs\n- {job_name: one, n: [1, '2']}\n- job_name: two\n"
    wanted = (
        "jobs:\n- job_name: first\n- job_name: one\n  n:\n  - 1\n  - '2'\n- job_name: two\n- job_name: last\nother: 1\n"
    )
    assert resolved(config, stored) == wanted


TYPES = """\
- {int: 12, text: "12", yes: yes, "no": 'no', null: , hex: 0x10, date: 2020-01-01, forced: !!str 12, float: 1e3}
- sixty: 1:30
  literal: |
    $HOME
      two

  folded: >-
    a
    b
  keep: |+
    x

- [[], {}, ~, '', "\\x85\\uFEFF\\t", 'multi

  line', plain
  text]
- ? [complex, 1]
  : key
"""


@pytest.mark.parametrize("pad", ["", "  ", "    "])
def test_types_stay(pad: str) -> None:
    config = f"a:\n{pad}- {ITEM}\n{pad}-   {ITEM}  # comment\nb: 1\n"
    items = tree(yaml.compose(TYPES))[1:]
    made = tree(yaml.compose(resolved(config, TYPES)))
    assert made[0][1][1:] == items * 2


def tree(node: Any) -> Any:  # noqa: ANN401 - a node of any kind
    """A node's tag and content, its tags being those of YAML 1.1 for what is written."""
    if isinstance(node, yaml.ScalarNode):
        return node.tag, node.value
    if isinstance(node, yaml.MappingNode):
        return [(tree(key), tree(value)) for key, value in node.value]
    return [node.tag, *(tree(item) for item in node.value)]


def test_anchors_and_merge_keys_stay() -> None:
    stored = "- &a {job_name: one, params: &p {x: [y]}}\n- {<<: *a, job_name: two, again: *p}\n"
    text = resolved(f"a:\n- {ITEM}\n", stored)
    assert "<<: *a" in text
    one = {"job_name": "one", "params": {"x": ["y"]}}
    two = {**one, "job_name": "two", "again": {"x": ["y"]}}
    assert yaml.safe_load(text) == {"a": [one, two]}


@pytest.mark.parametrize("empty", ["", "[]", "# nothing\n", "---\n", "null", "~\n"])
def test_an_empty_list_vanishes(empty: str) -> None:
    assert yaml.safe_load(resolved(f"a:\n- {ITEM}\nb: 1\n", empty)) == {"a": [], "b": 1}
    assert yaml.safe_load(resolved(f"a:\n  - {ITEM}\n  - {ITEM}\nb: 1\n", empty)) == {"a": [], "b": 1}
    assert yaml.safe_load(resolved(f"a:\n- x\n- {ITEM}\n- y: 1\nb: 1\n", empty)) == {"a": ["x", {"y": 1}], "b": 1}
    assert yaml.safe_load(resolved(f"a:\n  b:\n  - {ITEM}", empty)) == {"a": {"b": []}}


def test_variables_are_replaced_and_nothing_else() -> None:
    stored = "- a: $(SHARD)\n- b: $(NONE) $$(SHARD) $(secret:a/b/c)\n"
    content, unset = placeholders.resolve(
        f"x:\n- {ITEM}\n".encode(), {"SHARD": "3"}, lambda _reference: stored.encode()
    )
    assert yaml.safe_load(content) == {"x": [{"a": 3}, {"b": "$(NONE) $3 $(secret:a/b/c)"}]}
    assert unset == ("NONE",)


FAULTS = [
    ("a: 1", "is no list"),
    ("very-secret-text", "is no list"),
    ("'null'", "is no list"),
    ("- very-secret-text: [", "is not YAML"),
    ("- *other", "no anchor before it"),
    ("&all [*all]", "no anchor before it"),
    ("- ! very-secret-text", "cannot be written"),
]


@pytest.mark.parametrize(("stored", "says"), FAULTS)
def test_what_is_no_list_is_a_fault(stored: str, says: str) -> None:
    with pytest.raises(Unresolved, match=f"secret ns/name: key list#: .*{says}") as raised:
        resolved(f"a:\n- {ITEM}\n", stored)
    assert "very" not in str(raised.value)


@pytest.mark.parametrize("config", [f"- - {ITEM}\n", f"-\n  {ITEM}\n", f"a: [x]\nb:\n- {ITEM} \n- ? {ITEM}\n  : 1\n"])
def test_placeholders_of_lists_stand_alone_on_a_line(config: str) -> None:
    with pytest.raises(Unresolved, match=r"alone on its line|does not lead to a scalar"):
        resolved(config, "- x\n")


def test_elsewhere_the_whole_document_is_a_scalar() -> None:
    assert yaml.safe_load(resolved(f"a: {ITEM}\nb: [{ITEM}]\n", "word")) == {"a": "word", "b": ["word"]}
    with pytest.raises(Unresolved, match="does not lead to a scalar"):
        resolved(f"a: [{ITEM}]\n", "- word")


def test_scalars_are_values_and_no_keys() -> None:
    assert list_items.scalars("- {a: b, c: [d, {e: f}], {g: h}: i}\n- j\n") >= {"b", "d", "f", "i", "j"}
    assert list_items.scalars("- {a: b, c: [d, {e: f}]}\n- j\n") == {"b", "d", "f", "j"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(VALUES, max_size=4), st.sampled_from([True, False, None]), st.integers(0, 4))
def test_any_list_comes_in_as_it_is(value: list[Any], flow: bool | None, pad: int) -> None:  # noqa: FBT001 - PyYAML's flag
    stored = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True)
    indentation = " " * pad
    text = resolved(f"a:\n  b:\n  {indentation}- {ITEM}\nc: 1\n", stored)
    assert yaml.safe_load(text) == {"a": {"b": yaml.safe_load(stored) or []}, "c": 1}
