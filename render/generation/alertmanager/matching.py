"""Matchers of routes and inhibition rules: from AlertmanagerConfig to text, the namespace's own, and their checks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from render.findings import Rejection
from render.generation.alertmanager.shape import Kind, decode_items, require
from render.golang.matchers import MatcherError, parse_matchers
from render.golang.names import is_label_name
from render.golang.re2 import RegexError, compile_regex
from render.output.goyaml import sort_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from render.api.alertmanager_config_v1alpha1 import Matcher
    from render.generation.fields import Block
    from render.generation.scope import Scope

MATCHERS_SINCE = "0.22.0"
"""Older servers know only `match` and `match_re`."""
TYPES = ("=", "!=", "=~", "!~")
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", '"': '\\"'})


def matcher_text(name: str, match_type: str, value: str) -> str:
    """A matcher as the operator writes it: `name="value"`."""
    return f'{name}{match_type}"{value.translate(_ESCAPES)}"'


def validate(matchers: Iterable[Matcher], field: str) -> None:
    """Types and names of matchers. Raises Rejection."""
    for number, matcher in enumerate(matchers):
        if not matcher.matchType:
            continue
        if matcher.matchType not in TYPES:
            raise Rejection(f"must be one of {' '.join(TYPES)}", f"{field}[{number}].matchType")
        if not matcher.name.strip():
            raise Rejection("is needed", f"{field}[{number}].name", hint="name a label")


def check_version(matchers: Iterable[Matcher], scope: Scope, field: str) -> None:
    """An old server does not know types of matchers. Raises Rejection."""
    for number, matcher in enumerate(matchers):
        if matcher.matchType:
            require(scope, MATCHERS_SINCE, f"{field}[{number}].matchType")


def add(block: Block, matchers: Iterable[Matcher], scope: Scope, prefix: str = "") -> None:
    """Put matchers into a block: `<prefix>matchers`, or for an old server `<prefix>match` and `<prefix>match_re`."""
    for matcher in matchers:
        if matcher.matchType or scope.at_least(MATCHERS_SINCE):
            match_type = matcher.matchType or ("=~" if matcher.regex else "=")
            text = matcher_text(matcher.name, match_type, matcher.value or "")
            block.setdefault(f"{prefix}matchers", []).append(text)
        else:
            key = f"{prefix}match_re" if matcher.regex else f"{prefix}match"
            block.setdefault(key, {})[matcher.name] = matcher.value or ""


def _decode_matchers(raw: Any) -> list[str]:  # noqa: ANN401 - what the user wrote
    return decode_items(raw, _decode_line)


def _decode_line(raw: Any) -> str:  # noqa: ANN401 - what the user wrote
    if not isinstance(raw, str):
        raise Rejection("is no text")
    try:
        parse_matchers(raw)
    except MatcherError as error:
        raise Rejection(f"cannot be read: {error}", hint='write name="value", and RE2 after =~ and !~') from None
    return str(raw)


def _decode_equalities(raw: Any) -> dict[str, str]:  # noqa: ANN401 - what the user wrote
    if not isinstance(raw, dict) or not all(value is None or isinstance(value, str) for value in raw.values()):
        raise Rejection("is no mapping of texts")
    for name in raw:
        if not is_label_name(name, utf8=False):
            raise Rejection(f"{name!r} is no label name")
    return {name: str(value or "") for name, value in raw.items()}


def _decode_regexes(raw: Any) -> dict[str, str]:  # noqa: ANN401 - what the user wrote
    regexes = _decode_equalities(raw)
    for name, text in regexes.items():
        try:
            compile_regex(f"^(?:{text})$")
        except RegexError:
            raise Rejection("is no regular expression", name) from None
    return regexes


MATCHERS = Kind(_decode_matchers)
EQUALITIES = Kind(_decode_equalities, arrange=sort_keys)
REGEXES = Kind(_decode_regexes, arrange=sort_keys)


def without_spaces(text: str) -> str:
    """For comparing matchers, in which spaces do not count."""
    return re.sub(" ", "", text)
