"""YAML as Kubernetes reads it: go-yaml v2 in its strict mode, then JSON, as sigs.k8s.io/yaml 1.6 does.

libyaml (through PyYAML) parses and composes nodes (`composing`), the scalars and keys get their meaning here and in
`scalars`. Everything is refused that Kubernetes refuses: duplicate keys, null keys, infinities, aliases that grow
without bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from render.golang.yaml_scalars import CONSTANTS, NUMBER_START, format_float, number, read_tagged, resolve
from render.sources.composing import PLAIN, QUOTED, KyamlError, check_syntax, error_at, intern_key, nodes_of, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "KyamlError",
    "Literal",
    "Positions",
    "YamlDocument",
    "check_syntax",
    "load_all",
    "load_go",
    "load_literals",
    "locate",
    "read_all",
]

#: Mappings and sequences inside one another; the objects of Kubernetes need about forty.
MAX_DEPTH = 250

_WORDS: dict[str, bool | None] = {text: value for text, value in CONSTANTS.items() if not isinstance(value, float)}
_INT64 = float(1 << 63)
_UINT64_KEY = 1 << 63


class YamlDocument(NamedTuple):
    """One document: plain values, the line of its first node (from 1), whether a null is anywhere in it.

    `item_lines`: the lines of the entries of a list `items` at its root, as a Kubernetes List has it.
    """

    value: Any
    line: int
    has_null: bool
    item_lines: tuple[int, ...] = ()


def load_all(raw: bytes) -> list[YamlDocument]:
    """Read every document of a text; an empty one has the value None. JSON is read too, several documents as well.

    Keys are strings, numbers that JSON would print without a fraction are int, mappings keep the order of the text.

    :raises KyamlError: the first error of the text
    """
    documents = read_all(raw)
    for document in documents:
        if isinstance(document, KyamlError):
            raise document
    return [document for document in documents if isinstance(document, YamlDocument)]


def read_all(raw: bytes) -> list[YamlDocument | KyamlError]:
    """Read every document of a text.

    One that cannot be read does not hide the others: its error stands in its place.
    """
    return [_read(node, offset) if isinstance(node, Node) else node for node, offset in _tolerant_nodes(raw)]


def load_go(raw: bytes) -> Any:  # noqa: ANN401 - plain values of any shape
    """Read one document as go-yaml v2 alone does, without JSON behind it, into ordered mappings.

    Keys and whole floats keep their type, infinities are fine, merge keys are dropped, as it does for ordered
    mappings. For text that the Prometheus Operator passes on (additional scrape configs).

    :raises KyamlError: the text cannot be read, or a key stands twice
    """
    first = next(iter(nodes_of(raw)), None)
    return _GoBuilder().build(first) if first is not None else None


class Literal(str):
    """An unquoted scalar that is no text to YAML, as it stands in the file; `value` is what it means."""

    __slots__ = ("value",)

    value: bool | float


def load_literals(raw: bytes) -> Any:  # noqa: ANN401 - plain values of any shape
    """Read one document, numbers and booleans as `Literal`: go-yaml v2 takes them as they stand where text is wanted.

    :raises KyamlError: the text cannot be read, or a key stands twice
    """
    first = next(iter(nodes_of(raw)), None)
    return _LiteralBuilder().build(first) if first is not None else None


def _tolerant_nodes(raw: bytes) -> Iterator[tuple[Node | KyamlError, int]]:
    """The root nodes with the number of lines above their piece of text.

    A text with an error is taken apart at its `---` lines.
    """
    count = 0
    try:
        for node in nodes_of(raw):
            yield node, 0
            count += 1
    except KyamlError as error:
        pieces = pieces_of(raw)[count:] or [(raw, 0)]
        if len(pieces) == 1:
            yield error, 0
            return
    else:
        return
    for piece, offset in pieces:
        try:
            for node in nodes_of(piece):
                yield node, offset
        except KyamlError as error:
            yield error.moved(offset), 0


def _read(node: Node, offset: int) -> YamlDocument | KyamlError:
    builder = _Builder()
    try:
        value = builder.build(node)
    except KyamlError as error:
        return error.moved(offset)
    lines = tuple(item.start_mark.line + 1 + offset for item in _items(node))
    return YamlDocument(value, node.start_mark.line + 1 + offset, builder.has_null, lines)


def _items(root: Node) -> list[Node]:
    """The entries of a list `items` at the root, as a Kubernetes List has them."""
    if type(root) is MappingNode:
        for key, value in root.value:
            if key.value == "items" and type(value) is SequenceNode:
                return list(value.value)
    return []


def _position(node: Node, offset: int) -> tuple[int, int]:
    return node.start_mark.line + 1 + offset, node.start_mark.column + 1


class _Builder:
    """Makes plain values from nodes. One instance per document."""

    def __init__(self) -> None:
        self.has_null = False
        self.depth = 0

    def build(self, node: Node) -> Any:  # noqa: ANN401 - plain values of any shape
        if type(node) is MappingNode:
            return self.mapping(node)
        return self.scalar(node) if type(node) is ScalarNode else self.sequence(node)

    def mapping(self, node: MappingNode) -> dict[Any, Any]:
        """A dict. The common cases (plain and quoted keys and values) are spelled out: this is the hot loop."""
        self.enter(node)
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key, tag = key_node.value, key_node.tag
            if tag is PLAIN:
                if key == "<<":
                    self.merge(value_node, result)
                    continue
                key = self.key(key_node) if key in _WORDS or key[0] in NUMBER_START else intern_key(key)
            else:
                key = intern_key(key) if tag is QUOTED else self.key(key_node)
            tag = value_node.tag
            if tag is PLAIN:
                value = value_node.value
                if value in _WORDS or value[0] in NUMBER_START:
                    value = self.scalar(value_node)
            elif tag is QUOTED:
                value = value_node.value
            else:
                value = self.build(value_node)
            if key in result:
                self.refuse_duplicate(node, key_node)
            result[key] = value
        self.depth -= 1
        return result

    def sequence(self, node: Node) -> list[Any]:
        self.enter(node)
        result = [self.build(item) for item in node.value]
        self.depth -= 1
        return result

    def enter(self, node: Node) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise error_at(node, f"nested more than {MAX_DEPTH} levels deep")

    def scalar(self, node: ScalarNode) -> Any:  # noqa: ANN401 - any scalar
        """The value as JSON carries it: whole numbers in the range of int64 are int, there are no infinities."""
        value = self.typed(node)
        if value is None:
            self.has_null = True
        elif type(value) is float:
            if value - value != 0:
                raise error_at(node, "infinities and not-a-number do not exist in JSON")
            if value.is_integer() and abs(value) < _INT64:
                return int(value)
        return value

    def typed(self, node: ScalarNode) -> Any:  # noqa: ANN401 - any scalar
        """The value as go-yaml has it."""
        if node.tag is QUOTED:
            return node.value
        if node.tag is PLAIN:
            text = node.value
            return number(text) if text and text[0] in NUMBER_START and text not in CONSTANTS else resolve(text)
        try:
            return read_tagged(node.tag, node.value)
        except ValueError as error:
            raise error_at(node, str(error)) from None

    def key(self, node: Node) -> Any:  # noqa: ANN401 - a string here, typed in the subclass
        """A key as the string that sigs.k8s.io/yaml makes of it."""
        value = self.typed_key(node)
        if value is None:
            raise error_at(node, "a key is null; quote it if it should be text")
        if type(value) is bool:
            return "true" if value else "false"
        if type(value) is float:
            return format_float(value, 32)
        if type(value) is int and value >= _UINT64_KEY:
            raise error_at(node, "a number this large cannot be a key; quote it")
        return str(value)

    def typed_key(self, node: Node) -> Any:  # noqa: ANN401 - any scalar
        if type(node) is not ScalarNode:
            raise error_at(node, "a mapping or list cannot be a key")
        return self.typed(node)

    def merge(self, node: Node, into: dict[Any, Any]) -> None:
        """A merge key `<<`: strict reading refuses keys that are there already."""
        merged = node.value[::-1] if type(node) is SequenceNode else [node]
        for source in merged:
            if type(source) is not MappingNode:
                raise error_at(node, "a merge key (<<) needs a mapping or a list of mappings")
            for key, value in self.mapping(source).items():
                if key in into:
                    raise error_at(
                        node, f"the merge key (<<) sets {key!r}, which is set already; strict reading refuses that"
                    )
                into[key] = value

    def refuse_duplicate(self, node: MappingNode, second: Node) -> None:
        """A key stands twice.

        `1` and "1" are different keys to go-yaml although JSON makes one of them: the later one stays.
        """
        wanted = self.typed_key(second)
        keys = [(key_node, self.typed_key(key_node)) for key_node, _ in node.value]
        same = [key_node for key_node, value in keys if type(value) is type(wanted) and value == wanted]
        if len(same) > 1:
            raise error_at(
                second, f"the key {self.key(second)!r} stands twice, first on line {same[0].start_mark.line + 1}"
            )
        if any(key_node.tag is PLAIN and key_node.value == "<<" for key_node, _ in keys):
            raise error_at(
                second, f"the key {self.key(second)!r} is set by a merge key (<<) already; strict reading refuses that"
            )


class _GoBuilder(_Builder):
    """Values as go-yaml v2 has them in ordered mappings (MapSlice)."""

    def scalar(self, node: ScalarNode) -> Any:  # noqa: ANN401 - any scalar
        return self.typed(node)

    def key(self, node: Node) -> Any:  # noqa: ANN401 - any scalar
        return self.typed_key(node)

    def merge(self, node: Node, into: dict[Any, Any]) -> None:
        """Merge keys have no effect on an ordered mapping."""


class _LiteralBuilder(_Builder):
    """Values of which the text is known, too."""

    def scalar(self, node: ScalarNode) -> Any:  # noqa: ANN401 - any scalar
        value = self.typed(node)
        if value is None or type(value) is str:
            return value
        literal = Literal(node.value)
        literal.value = value
        return literal

    def key(self, node: Node) -> str:
        """Any key stands for its text."""
        self.typed_key(node)
        return str(node.value)


class Positions:
    """Where things stand in one text. The text is parsed when first asked, once."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._roots: list[tuple[Node | KyamlError, int]] | None = None

    def find(self, document: int, path: Sequence[str | int]) -> tuple[int, int]:
        """Line and column (from 1) of what `path` names in a document (from 0), or of its deepest existing part.

        A field is found at its key, a list entry at its value. (0, 0) when there is no such document.
        """
        roots = self._documents()
        if document >= len(roots):
            return 0, 0
        root, offset = roots[document]
        if isinstance(root, KyamlError):
            return root.line, root.column
        return _position(_deepest(root, path), offset)

    def find_below(self, line: int, path: Sequence[str | int]) -> tuple[int, int]:
        """As `find`, for the object that begins on this line: a document or an entry of a List.

        (0, 0) when none does.
        """
        for root, offset in self._documents():
            if isinstance(root, Node):
                for start in (root, *_items(root)):
                    if start.start_mark.line + 1 + offset == line:
                        return _position(_deepest(start, path), offset)
        return 0, 0

    def _documents(self) -> list[tuple[Node | KyamlError, int]]:
        if self._roots is None:
            self._roots = list(_tolerant_nodes(self._raw))
        return self._roots


def locate(raw: bytes, document: int, path: Sequence[str | int]) -> tuple[int, int]:
    """As `Positions.find`, for a single question."""
    return Positions(raw).find(document, path)


def _deepest(node: Node, path: Sequence[str | int]) -> Node:
    """The node that stands for the deepest existing part of `path`: a key node or an entry of a list."""
    shown, names = node, _Builder()
    for step in path:
        if type(node) is MappingNode:
            entry = next(
                (pair for pair in node.value if type(pair[0]) is ScalarNode and names.key(pair[0]) == step), None
            )
            if entry is None:
                break
            shown, node = entry
        elif type(node) is ScalarNode or not isinstance(step, int) or not 0 <= step < len(node.value):
            break
        else:
            shown = node = node.value[step]
    return shown
