"""From bytes to the nodes of YAML documents, with guards.

Two composers give the same nodes: the one in C, which nearly every text takes, and `_EventComposer`, many times slower,
for what the first cannot do: redefined anchors and the bare tag `!`. Nodes without an explicit tag carry PLAIN, QUOTED
or COLLECTION instead, which is all that the reader wants to know.
"""

from __future__ import annotations

import codecs
import operator
import re
import sys
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from yaml._yaml import CParser
from yaml.composer import ComposerError
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import ReaderError

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN, QUOTED, COLLECTION = "plain", "quoted", "collection"

intern_key = sys.intern

_ALIAS = re.compile(rb"(?<![\w)\]])\*[0-9A-Za-z_-]")
_BARE_TAG = re.compile(rb"(?:^|[\[{,]|[-:?]\s|&[0-9A-Za-z_-]+\s)[ \t]*!(?=\s|\Z)", re.MULTILINE)
_BARE_TAG_AT = re.compile(r"(?:&[0-9A-Za-z_-]+\s+)?!(?:\s|\Z)")
_SEPARATOR = re.compile(rb"^---(?=\s|\Z)", re.MULTILINE)
_LONG_LINE = 4_000
_MANY_BRACKETS = 5_000
_MAX_DEPTH = 300

# Go allows 99 % of the values of a document to come from aliases, and from 400,000 values on fewer and fewer, down to
# 10 %.
_ALIASES_FREE, _VALUES_FREE = 100, 1_000
_RATIO_HIGH, _RATIO_LOW, _RANGE_LOW, _RANGE_HIGH = 0.99, 0.10, 400_000, 4_000_000


class KyamlError(ValueError):
    """The text is no YAML that Kubernetes would take.

    `line` and `column` count from 1; `message` quotes no values, only keys.
    """

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message, line, column)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"

    def moved(self, lines: int) -> KyamlError:
        """The same error, `lines` further down."""
        return KyamlError(self.message, self.line + lines, self.column) if lines else self


def error_at(node: Node, message: str) -> KyamlError:
    """An error at the first character of a node."""
    return KyamlError(message, node.start_mark.line + 1, node.start_mark.column + 1)


def nodes_of(raw: bytes) -> Iterator[Node]:
    """The root node of each document of a text, read as far as they are asked for.

    :raises KyamlError: not UTF-8, control characters, a syntax error, a document that its aliases make far too large
    """
    text = _as_utf8(raw)
    may_alias = b"*" in text and _ALIAS.search(text) is not None
    for node in _compose(text):
        if may_alias:
            _check_aliases(node)
        yield node


def check_syntax(raw: bytes) -> None:
    """Parse without making values, for text that nobody wants the values of.

    :raises KyamlError: the text does not parse. Duplicate keys and unknown anchors are not seen.
    """
    text = _as_utf8(raw)
    try:
        CParser(text).raw_parse()
    except YAMLError as error:
        raise _syntax_error(error, text) from None


def pieces_of(raw: bytes) -> list[tuple[bytes, int]]:
    """The text taken apart at its lines `---`, each piece with the number of lines above it.

    An empty first piece is left out.
    """
    text = _as_utf8(raw)
    starts = [0, *(found.start() for found in _SEPARATOR.finditer(text)), len(text)]
    pieces, line = [], 0
    for start, end in pairwise(starts):
        piece = text[start:end]
        if piece.strip():
            pieces.append((piece, line))
        line += piece.count(b"\n")
    return pieces


def _as_utf8(raw: bytes) -> bytes:
    """UTF-8 without a byte order mark. libyaml itself finds wrong UTF-8."""
    if raw.startswith(codecs.BOM_UTF8):
        return raw[len(codecs.BOM_UTF8) :]
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return raw.decode("utf-16").encode()
        except UnicodeError:
            raise KyamlError("the text begins as UTF-16 does but is not", 1, 1) from None
    return raw


def _compose(text: bytes) -> Iterator[Node]:
    """Nodes from the composer in C; where it cannot go on (a redefined anchor, an unknown one), from the other."""
    done = 0
    try:
        if not (b"!" in text and _BARE_TAG.search(text)):
            composer: Any = (_GuardedComposer if _may_be_deep(text) else _Composer)(text)
            try:
                while composer.check_node():
                    node = composer.get_node()
                    done += 1
                    yield node
            except ComposerError:
                pass
            else:
                return
        yield from islice(_EventComposer(text).documents(), done, None)
    except YAMLError as error:
        raise _syntax_error(error, text) from None


def _may_be_deep(text: bytes) -> bool:
    """Whether recursion in C could end the process. Each level needs a bracket or a column."""
    if text.count(b"[") + text.count(b"{") > _MANY_BRACKETS:
        return True
    end = 0
    while len(text) - end > _LONG_LINE:
        end = text.rfind(b"\n", end, end + _LONG_LINE) + 1
        if end == 0:
            return True
    return False


class _Composer(CParser):
    """The composer in C. It asks `resolve` for the tag of every node that has none."""

    def resolve(self, kind: type[Node], _value: str, implicit: Any) -> str:  # noqa: ANN401 - a pair for scalars, a bool otherwise
        if kind is ScalarNode:
            return PLAIN if implicit[0] else QUOTED
        return COLLECTION

    # Called before and after each node with (parent, index) and (): there is nothing to do, and a function in C does
    # it fastest.
    descend_resolver: Any = staticmethod(operator.is_)
    ascend_resolver: Any = staticmethod(tuple)


class _GuardedComposer(_Composer):
    """The composer in C, for text that may be deep: it counts the levels, which takes some time."""

    depth = 0

    def descend_resolver(self, parent: Node | None, _index: object) -> None:
        self.depth += 1
        if parent is not None and self.depth > _MAX_DEPTH:
            raise error_at(parent, "nested too deep")

    def ascend_resolver(self) -> None:
        self.depth -= 1


class _EventComposer:
    """A composer in Python, over events."""

    def __init__(self, text: bytes) -> None:
        self._parser: Any = CParser(text)
        self._text = text.decode("utf-8", "replace")
        self._anchors: dict[str, Node] = {}

    def documents(self) -> Iterator[Node]:
        """The root node of each document."""
        self._parser.get_event()
        while not self._parser.check_event(StreamEndEvent):
            self._parser.get_event()
            self._anchors = {}
            yield self._node(0)
            self._parser.get_event()

    def _node(self, depth: int) -> Node:
        event: Any = self._parser.get_event()
        start, end = event.start_mark, event.end_mark
        if type(event) is AliasEvent:
            return self._alias(event)
        tag = event.tag if event.tag and event.tag != "!" else None
        if type(event) is ScalarEvent:
            node: Node = ScalarNode(tag or self._scalar_tag(event), event.value, start, end)
            self._name(event, node)
            return node
        if depth >= _MAX_DEPTH:
            raise KyamlError("nested too deep", start.line + 1, start.column + 1)
        kind = MappingNode if type(event) is MappingStartEvent else SequenceNode
        node = kind(COLLECTION, [], start, end)
        self._name(event, node)
        self._fill(node, depth + 1)
        return node

    def _fill(self, node: Node, depth: int) -> None:
        parser, children = self._parser, node.value
        if type(node) is MappingNode:
            while not parser.check_event(MappingEndEvent):
                key = self._node(depth)
                children.append((key, self._node(depth)))
        else:
            while not parser.check_event(SequenceEndEvent):
                children.append(self._node(depth))
        parser.get_event()

    def _alias(self, event: Any) -> Node:  # noqa: ANN401 - the extension module has no types
        try:
            return self._anchors[event.anchor]
        except KeyError:
            raise KyamlError(
                f"the alias *{event.anchor} names no anchor above it",
                event.start_mark.line + 1,
                event.start_mark.column + 1,
            ) from None

    def _name(self, event: Any, node: Node) -> None:  # noqa: ANN401 - the extension module has no types
        if event.anchor is not None:
            self._anchors[event.anchor] = node

    def _scalar_tag(self, event: Any) -> str:  # noqa: ANN401 - the extension module has no types
        """The parser does not tell the bare tag `!` (always text) from no tag; the text does."""
        if not event.implicit[0] or _BARE_TAG_AT.match(self._text, event.start_mark.index):
            return QUOTED
        return PLAIN


def _check_aliases(root: Node) -> None:
    """Refuse what aliases would make much larger than its text, as Go does, and an anchor that contains itself."""
    sizes: dict[int, int] = {}
    total = _expanded_size(root, sizes, 0)
    aliased = total - len(sizes)
    share = min(max((total - _RANGE_LOW) / (_RANGE_HIGH - _RANGE_LOW), 0.0), 1.0)
    if (
        aliased > _ALIASES_FREE
        and total > _VALUES_FREE
        and aliased / total > _RATIO_HIGH - (_RATIO_HIGH - _RATIO_LOW) * share
    ):
        raise error_at(root, "the aliases of this document expand to far too many values")


def _expanded_size(node: Node, sizes: dict[int, int], depth: int) -> int:
    """How many nodes there are when every alias is replaced by what it stands for.

    `sizes` remembers (0: not yet known).
    """
    size = sizes.get(id(node))
    if size is None:
        if depth > _MAX_DEPTH:
            raise error_at(node, "nested too deep")
        sizes[id(node)] = 0
        size = 1
        if type(node) is MappingNode:
            for key, value in node.value:
                size += _expanded_size(key, sizes, depth + 1) + _expanded_size(value, sizes, depth + 1)
        elif type(node) is not ScalarNode:
            for item in node.value:
                size += _expanded_size(item, sizes, depth + 1)
        sizes[id(node)] = size
    elif size == 0:
        raise error_at(node, "an anchor contains itself")
    return size


def _syntax_error(error: YAMLError, text: bytes) -> KyamlError:
    """Our words for the complaint of libyaml."""
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        return KyamlError(_explain(error.problem or ""), mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)
    if isinstance(error, ReaderError):
        before = text[: error.position]
        return KyamlError(_explain(error.reason), before.count(b"\n") + 1, len(before) - before.rfind(b"\n"))
    return KyamlError("not valid YAML", 1, 1)


def _explain(problem: str) -> str:
    return next((ours for theirs, ours in _EXPLANATIONS if theirs in problem), "not valid YAML here")


_EXPLANATIONS = (
    ("could not find expected ':'", "a key without a colon, or a line of text with the wrong indentation"),
    ("cannot start any token", "no value can begin with this character; quote the text"),
    (
        "mapping values are not allowed",
        "a colon where no key can be: quote the value above or before it, or correct the indentation",
    ),
    ("block sequence entries are not allowed", "a list entry (-) where none can be"),
    ("unexpected end of stream", "the text ends inside a quoted value"),
    ("unexpected document indicator", "a document ends inside a quoted value"),
    ("expected '-' indicator", "a list goes on with something that is no entry (-), or the indentation is wrong"),
    ("expected key", "a mapping goes on with something that is no key, or the indentation is wrong"),
    ("expected ',' or ']'", "a list in brackets lacks a comma or its closing bracket"),
    ("expected ',' or '}'", "a mapping in braces lacks a comma or its closing brace"),
    ("expected node content", "a value is missing"),
    ("expected <document start>", "text where only a new document (---) can begin"),
    ("incompatible YAML document", "this version of YAML cannot be read; leave the %YAML line out"),
    ("unknown directive", "an unknown % line"),
    ("undefined tag handle", "a tag (!) whose prefix is not declared"),
    ("unknown escape character", "an unknown escape (\\) in double quotes"),
    ("hexdecimal number", "an escape (\\x, \\u) needs hexadecimal digits"),
    ("invalid Unicode character escape", "an escape (\\u) that is no character"),
    ("tab character", "a tab in the indentation; use spaces"),
    ("alphabetic or numeric character", "an anchor (&) or alias (*) without a name; quote the text"),
    ("indentation indicator", "the number after | or > must be 1 to 9"),
    ("comment or line break", "text after | or >, which belongs on the lines below"),
    ("control characters are not allowed", "a control character; write it as an escape in double quotes"),
    ("octet", "not UTF-8"),
    ("UTF-8", "not UTF-8"),
)
