r"""Regular expressions as Go's regexp package (1.26) reads them, by way of RE2, the library that it was modelled on.

Where the two differ, the pattern is refused or rewritten before RE2 sees it: Go has no `\C`, wants ASCII in names of
groups, and knows Unicode categories by their long names, without regard to case. Classes that RE2 does not know at all
(`LC`, `Cn`, `Assigned`) become a close relative: good for the verdict, not for matching letters with it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 1 << 30  # Go measures a pattern by its repeats, not by the memory that it takes

# The pieces that need a look. A quoted run and any other escape are matched too, so that nothing in them is mistaken.
_PIECE = re.compile(
    r"\\Q.*?(?:\\E|\Z)|\\(?P<class>[pP])\{(?P<negated>\^?)(?P<name>[^{}]*)\}|(?P<byte>\\C)|\\.|\(\?P?<(?P<group>[^>]*)>",
    re.DOTALL,
)
_CATEGORIES = {
    "casedletter": "L", "lc": "L", "closepunctuation": "Pe", "combiningmark": "M", "connectorpunctuation": "Pc",
    "control": "Cc", "cntrl": "Cc", "currencysymbol": "Sc", "dashpunctuation": "Pd", "decimalnumber": "Nd",
    "digit": "Nd", "enclosingmark": "Me", "finalpunctuation": "Pf", "format": "Cf", "initialpunctuation": "Pi",
    "letter": "L", "letternumber": "Nl", "lineseparator": "Zl", "lowercaseletter": "Ll", "mark": "M",
    "mathsymbol": "Sm",
    "modifierletter": "Lm", "modifiersymbol": "Sk", "nonspacingmark": "Mn", "number": "N", "openpunctuation": "Ps",
    "other": "C", "otherletter": "Lo", "othernumber": "No", "otherpunctuation": "Po", "othersymbol": "So",
    "paragraphseparator": "Zp", "privateuse": "Co", "punctuation": "P", "punct": "P", "separator": "Z",
    "spaceseparator": "Zs", "spacingmark": "Mc", "surrogate": "Cs", "symbol": "S", "titlecaseletter": "Lt",
    "unassigned": "Co", "cn": "Co", "assigned": "L", "ascii": "L", "uppercaseletter": "Lu",
}  # fmt: skip

_META = re.compile(r"[\\.+*?()|\[\]{}^$]")


class RegexError(ValueError):
    """Go refuses the regular expression."""


@lru_cache(maxsize=8192)
def compile_regex(text: str) -> Any:  # noqa: ANN401 - the binding has no types
    """Compile a regular expression, unanchored; the result has `search` and `fullmatch`, which take bytes.

    Lone surrogates in the text stand for stray bytes, which are refused: Go wants UTF-8. Raises RegexError.
    """
    pattern = _PIECE.sub(_for_re2, text) if "\\" in text or "<" in text else text
    try:
        return re2.compile(pattern.encode("utf-8", "surrogateescape"), _OPTIONS)
    except re2.error as error:
        reason = error.args[0]
        msg = f"{text!r} is not a regular expression: {reason.decode('utf-8', 'replace')}"
        raise RegexError(msg) from None


def matches_empty(text: str) -> bool:
    """Tell whether the expression, anchored at both ends as Prometheus does, matches nothing. Raises RegexError."""
    return compile_regex(text).fullmatch(b"") is not None


def quote_meta(text: str) -> str:
    """The text as a regular expression that matches it alone (`regexp.QuoteMeta`)."""
    return _META.sub(r"\\\g<0>", text)


def _for_re2(piece: re.Match[str]) -> str:
    """One piece of a pattern as RE2 should read it. Raises RegexError."""
    if piece["byte"]:
        msg = f"{piece.string!r} is not a regular expression: \\C, a single byte, is not supported"
        raise RegexError(msg)
    if piece["group"] is not None and not piece["group"].isascii():
        msg = f"{piece.string!r} is not a regular expression: the group name {piece['group']!r} is not ASCII"
        raise RegexError(msg)
    if piece["class"]:
        return f"\\{piece['class']}{{{piece['negated']}{_class_name(piece['name'])}}}"
    return piece[0]


def _class_name(name: str) -> str:
    """RE2's spelling of a Unicode class: `lu` is Lu, `Letter` is L, `old_italic` is Old_Italic."""
    known = _CATEGORIES.get(re.sub(r"[ _-]", "", name).lower())
    return known or "_".join(part.capitalize() for part in re.split(r"[ _-]", name))
