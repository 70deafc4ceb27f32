"""The regular expressions of label matchers, as the server compiles them: anchored at both ends.

Texts joined by `|` without any other special character never reach its regexp engine: they may hold stray bytes.
"""

from __future__ import annotations

import re

from render.golang import re2

_SPECIAL = re.compile(r"[+*?()\[\]{}^$\\.]")


def check_label_regex(text: str) -> None:
    """Raise `re2.RegexError` unless the server takes the regular expression."""
    if _SPECIAL.search(text):
        re2.compile_regex(text)


def matches_empty(text: str) -> bool:
    """Tell whether an accepted regular expression matches the empty text."""
    return re2.matches_empty(text) if _SPECIAL.search(text) else "" in text.split("|")
