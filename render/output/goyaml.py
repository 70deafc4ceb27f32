"""Plain values as the text that go-yaml v2 writes, and with it the Prometheus Operator.

Two spaces per level, lists not indented below their key, lines folded at spaces beyond column 80. A string is plain
where it reads back as the same string, in single quotes where its characters forbid that, in double quotes where it
would read back as something else (`yes`, `1:30`) or holds characters that need an escape, a literal block where it
has line breaks. tests/unit/output/goyaml_verdicts asks Go itself.
"""

from __future__ import annotations

import re
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from render.golang.yaml_scalars import format_float, means_something_else

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HALF = 1 << 63
# As a key it would read back as a merge: it is quoted, which go-yaml forgets.
_MERGE = "<<"
# The longest key, in bytes, that may stand before a colon without a question mark.
_SIMPLE_KEY = 128
# Behind this column (from 0) a plain or quoted string goes on in the next line at its next single space.
_WIDTH = 80
_NO_FOLDING = -(1 << 30)
# Quoted forms are remembered: the same keys and values come again and again.
_REMEMBERED_LENGTH = 128
_REMEMBERED = 50_000

_UNPRINTABLE = re.compile(r"[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_NOT_PLAIN = re.compile(r"""\A(?:---|\.\.\.|[ #,\[\]{}&*!|>'"%@`]|[?:-](?: |\Z))|:(?: |\Z)| #| \Z""")
_NOT_FLOW = re.compile(r"[,?\[\]{}:]")
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z", re.ASCII)
_ESCAPED = re.compile(r"[^\x20\x21\x23-\x5b\x5d-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_BREAKS = re.compile(r"[\n\u2028\u2029]+")
_KEY_BREAK = re.compile(r"[\r\n\x85\u2028\u2029]")
_LINE_START = re.compile(r"(?<=[\n\u2028\u2029])(?=[^\n\u2028\u2029])")
_SPACE_AND_BREAK = re.compile(r" [\n\u2028\u2029]")
_BREAK_AND_SPACE = re.compile(r"[\n\u2028\u2029] ")
_BYTE_ORDER_MARK = "\ufeff"

_ESCAPES = {
    "\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r",
    "\x1b": "\\e", '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\xa0": "\\_", "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip


class DoubleQuoted(str):
    """A string that is always written in double quotes, as a whole scalar."""

    __slots__ = ()


class FlowList(list[Any]):
    """A list of scalars that is written in brackets, as in Alertmanager's time intervals."""

    __slots__ = ()


class Constant(dict[str, Any]):
    """A mapping that nobody changes and that stands in many lists: its text is made once for each indentation."""

    __slots__ = ("_texts",)

    def __init__(self, mapping: Mapping[str, Any]) -> None:
        super().__init__(mapping)
        self._texts: dict[str, str] = {}

    def text(self, pad: str) -> str:
        """The mapping written with `pad` before its lines but the first."""
        text = self._texts.get(pad)
        if text is None:
            out: list[str] = []
            _mapping(self, "", pad, out.append)
            text = self._texts[pad] = "".join(out)
        return text


class Again(str):
    """A key that a mapping has already, as no reader of the file expects: it is told apart from any other."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


class WrittenItem(str):
    """An entry of a list that is a key's value at the top of the document, already written: see `written_item`."""

    __slots__ = ()


def written_item(value: Any) -> WrittenItem:  # noqa: ANN401 - plain values of any shape
    """Write an entry of a list at once, so that many of them take less memory than what they were made of."""
    out: list[str] = []
    _sequence([value], "\n", "\n", out.append)
    return WrittenItem("".join(out))


def chunks(value: Any) -> list[str]:  # noqa: ANN401 - plain values of any shape
    """The text of `dumps` in pieces."""
    out: list[str] = []
    _node(value, "", "\n", out.append)
    out.append("\n")
    return out


def dumps(value: Any) -> str:  # noqa: ANN401 - plain values of any shape
    """Write dict, list, str, int, float, bool and None; the order of a dict is kept.

    :raises TypeError: a value of another type
    """
    return "".join(chunks(value))


def sort_keys(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping in the order that go-yaml gives the keys of a Go map.

    Numbers inside keys count by value (`a2` before `a10`).
    """
    return (
        {key: mapping[key] for key in sorted(mapping, key=cmp_to_key(_compare))} if len(mapping) > 1 else dict(mapping)
    )


def _compare(left: str, right: str) -> int:
    """Less than, equal or greater than zero. Letters come after everything else, runs of digits compare as numbers."""
    for at, (one, other) in enumerate(zip(left, right, strict=False)):
        if one == other:
            continue
        if one.isalpha() or other.isalpha():
            if one.isalpha() and other.isalpha():
                return -1 if one < other else 1
            return -1 if other.isalpha() else 1
        seed = 1 if "0" in (one, other) and _follows_number(left, at) else 0
        (first, first_end), (second, second_end) = _digits(left, at, seed), _digits(right, at, seed)
        return -1 if (first, first_end, one) < (second, second_end, other) else 1
    return len(left) - len(right)


def _follows_number(text: str, at: int) -> bool:
    """Whether the run of digits that ends before `at` holds another digit than 0."""
    while at > 0 and text[at - 1].isdecimal():
        at -= 1
        if text[at] != "0":
            return True
    return False


def _digits(text: str, at: int, seed: int) -> tuple[int, int]:
    """The number of the run of digits at `at`, after `seed`, and where it ends.

    Large numbers overflow as an int64 does.
    """
    while at < len(text) and text[at].isdecimal():
        seed = seed * 10 + ord(text[at]) - ord("0")
        at += 1
    return (seed + _HALF) % (2 * _HALF) - _HALF, at


def _node(value: Any, first: str, pad: str, out: Callable[[str], None]) -> None:  # noqa: ANN401 - plain values of any shape
    """Write a value: `first` stands before it, `pad` (a line break and the indentation) before its further lines."""
    if value and type(value) is dict:
        _mapping(value, first, pad, out)
    elif value and type(value) is list:
        _sequence(value, first, pad, out)
    else:
        out(first + _scalar(value, pad, len(first.rpartition("\n")[2])))


def _mapping(mapping: dict[Any, Any], first: str, pad: str, out: Callable[[str], None]) -> None:
    """Write a mapping; its first line begins with `first`, which is as wide as `pad`."""
    before, forms = first, _forms
    room = _WIDTH - len(pad)
    for key, value in mapping.items():
        name = forms.get(key) if type(key) is str else None
        if name is None or name[0] == '"' or len(name) > _SIMPLE_KEY // 4:
            if isinstance(key, str) and _is_complex(key):
                _complex_entry(key, value, before, pad, out)
                before = pad
                continue
            name = _scalar(key, pad, _NO_FOLDING) if key != _MERGE else f'"{_MERGE}"'
        kind = type(value)
        if kind is str:
            form = forms.get(value)
            if form is None or len(form) + len(name) > room:
                form = _string(value, pad, len(pad) + len(name) + 1)
            out(f"{before}{name}: {form}")
        elif kind is dict and value:
            out(f"{before}{name}:")
            deeper = pad + "  "
            _mapping(value, deeper, deeper, out)
        elif kind is list and value:
            out(f"{before}{name}:")
            _sequence(value, pad, pad, out)
        else:
            out(f"{before}{name}: {_scalar(value, pad, len(pad) + len(name) + 1)}")
        before = pad


def _sequence(sequence: list[Any], first: str, pad: str, out: Callable[[str], None]) -> None:
    """Write a list; its first line begins with `first`, which is as wide as `pad`."""
    before = first + "- "
    deeper = pad + "  "
    room = _WIDTH - len(deeper)
    for value in sequence:
        kind = type(value)
        if kind is str:
            form = _forms.get(value)
            if form is None or len(form) > room:
                form = _string(value, pad, len(deeper) - 1)
            out(before + form)
        elif kind is dict and value:
            _mapping(value, before, deeper, out)
        elif kind is list and value:
            _sequence(value, before, deeper, out)
        elif kind is Constant and value:
            out(before + value.text(deeper))
        elif kind is WrittenItem:
            out(value)
        else:
            out(before + _scalar(value, pad, len(deeper) - 1))
        before = pad + "- "


def _complex_entry(key: str, value: Any, before: str, pad: str, out: Callable[[str], None]) -> None:  # noqa: ANN401 - plain values
    """An entry whose key stands behind a question mark and its value behind a colon, each on lines of its own."""
    out(f"{before}? {_scalar(key, pad, len(pad) + 1)}")
    _node(value, pad + ": ", pad + "  " if value and isinstance(value, dict | list) else pad, out)


def _is_complex(key: str) -> bool:
    """Whether a key may not stand before a colon: it has line breaks, or is too long."""
    return _KEY_BREAK.search(key) is not None or (len(key) > _SIMPLE_KEY // 4 and len(key.encode()) > _SIMPLE_KEY)


def _scalar(value: Any, pad: str, column: int) -> str:  # noqa: ANN401 - any scalar
    if isinstance(value, str):
        quoted = isinstance(value, DoubleQuoted)
        return _fitting(_double_quoted(value), column, pad + "  ") if quoted else _string(value, pad, column)
    if value is None or isinstance(value, bool | int):
        return "null" if value is None else str(value).lower()
    if isinstance(value, float):
        return format_float(value)
    if isinstance(value, FlowList):
        return _flow(value, pad, column)
    if isinstance(value, dict | list) and not value:
        return "{}" if isinstance(value, dict) else "[]"
    raise TypeError(f"{type(value).__name__} cannot be written as YAML")


def _flow(items: FlowList, pad: str, column: int) -> str:
    """A list in brackets; beyond the width its entries go on in the next line."""
    text, indent = "[", pad + "  "
    for number, item in enumerate(items):
        if number:
            text += ","
        text += indent if _column(text, column) > _WIDTH else " " if number else ""
        text += _flow_scalar(item, indent, _column(text, column))
    return text + "]"


def _column(text: str, start: int) -> int:
    """Where the text ends that begins at column `start`."""
    _, line_break, last = text.rpartition("\n")
    return len(last) if line_break else start + len(last)


def _flow_scalar(item: Any, pad: str, column: int) -> str:  # noqa: ANN401 - any scalar
    """A scalar inside brackets, where more characters need quotes and no block can stand."""
    if not isinstance(item, str):
        return _scalar(item, pad, column)
    if "\n" in item or isinstance(item, DoubleQuoted):
        form = _double_quoted(item)
    else:
        form = _lines(item, pad + "  ") if _BREAKS.search(item) else _single_line(item)
    if form == item and _NOT_FLOW.search(item):
        form = _single_quoted(item)
    return _fitting(form, column, pad + "  ")


_forms: dict[str, str] = {}


def _string(text: str, pad: str, column: int) -> str:
    """A string that begins at `column` in the form that go-yaml chooses.

    Forms are remembered before they are folded.
    """
    form = _forms.get(text)
    if form is None:
        if "\n" in text or "\u2028" in text or "\u2029" in text:
            form = _lines(text, pad + "  ")
        else:
            form = _single_line(text)
            if len(text) <= _REMEMBERED_LENGTH and text != _MERGE:
                if len(_forms) >= _REMEMBERED:
                    _forms.clear()
                _forms[text] = form
    return _fitting(form, column, pad + "  ")


def _fitting(form: str, column: int, pad: str) -> str:
    """The form of a scalar as it fits into the width."""
    return _folded(form, column, pad) if column + len(form) > _WIDTH and form[0] != "|" and " " in form else form


def _folded(form: str, column: int, pad: str) -> str:
    """Break a plain or quoted form at spaces beyond the width.

    The space goes. One more behind it is escaped in double quotes and keeps the line together otherwise.
    """
    quoted, double = form[0] in "'\"", form[0] == '"'
    lines, start = [], 0
    at = form.find(" ", max(_WIDTH + 1 - column, 2 if quoted else 1))
    while 0 <= at < (len(form) - 2 if quoted else len(form)):
        followed = form[at + 1] == " "
        if form[at - 1] == " " or (followed and not double):
            at = form.find(" ", at + 1)
            continue
        lines.append(form[start:at])
        start = at + 1
        escape = "\\" if followed else ""
        lines.append(pad + escape)
        at = form.find(" ", start + max(_WIDTH + 1 - (len(pad) - 1 + len(escape)), 0))
    return "".join(lines) + form[start:]


def _single_line(text: str) -> str:
    if _UNPRINTABLE.search(text) or means_something_else(text) or _is_base_60(text):
        return _double_quoted(text)
    return _single_quoted(text) if _NOT_PLAIN.search(text) else text


def _is_base_60(text: str) -> bool:
    """`1:30` is text here, but a number to other readers of YAML 1.1."""
    return ":" in text and _BASE_60.match(text) is not None


def _lines(text: str, pad: str) -> str:
    """A string with line breaks: a literal block, or quoted where a block cannot hold it."""
    simple = _is_ascii(text)
    if " \n" in text or (not simple and (_UNPRINTABLE.search(text) or _SPACE_AND_BREAK.search(text))):
        return _double_quoted(text)
    if "\n" in text:
        return _double_quoted(text) if text[-1] == " " else _literal(text, pad)
    if _BREAK_AND_SPACE.search(text):
        return _double_quoted(text)
    return _single_quoted(_indented(text, pad))


def _literal(text: str, pad: str) -> str:
    """A block `|`. Its last line break is left out: the next line begins with one."""
    hint = "2" if text[0] in " \n\u2028\u2029" else ""
    body = _indented("\n" + text, pad)
    return f"|{hint}{_chomping(text)}{body.removesuffix(chr(10))}"


def _chomping(text: str) -> str:
    """What a block says about its end: no line break, one, or more."""
    if not _BREAKS.match(text[-1]):
        return "-"
    return "+" if len(text) == 1 or _BREAKS.match(text[-2]) else ""


def _indented(text: str, pad: str) -> str:
    """The text with the indentation of `pad` at the beginning of each line that is not empty, but the first."""
    if not _is_ascii(text):
        return _LINE_START.sub(pad[1:], text)
    first, *others = text.split("\n")  # a tenth of the time, which rule files are worth
    return "\n".join([first, *(pad[1:] + line if line else "" for line in others)])


def _is_ascii(text: str) -> bool:
    """Whether it is printable ASCII and line feeds, of which every place in a text is known."""
    return text.isascii() and text.replace("\n", "").isprintable()


def _single_quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _double_quoted(text: str) -> str:
    """Double quotes with escapes. After a leading byte order mark go-yaml escapes every character."""
    escaped = re.sub("(?s).", _escape, text) if text.startswith(_BYTE_ORDER_MARK) else _ESCAPED.sub(_escape, text)
    return f'"{escaped}"'


def _escape(found: re.Match[str]) -> str:
    character = found.group()
    code = ord(character)
    if character in _ESCAPES:
        return _ESCAPES[character]
    if code <= 0xFF:  # noqa: PLR2004 - the range of \x
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004 - the range of \u
