"""What the validator found, in words that say what is wrong and what to do."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from render.api import metadata, scalars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jsonschema_rs import ValidationError

Path = tuple[str | int, ...]

LONGEST_ECHO = 40
"""Longer texts are not repeated in a message, in characters."""


class FieldError(NamedTuple):
    """One thing wrong with a field; no value that might be secret is in its words."""

    path: Path
    message: str
    hint: str = ""
    code: str = "value"
    """What kind of error: unknown, missing, type, value, duplicate, rule or unreadable."""


TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "a mapping",
    "string": "a string",
}

FOUND = (
    (bool, "a boolean"),
    (int, "a number"),
    (float, "a number"),
    (str, "a string"),
    (list, "a list"),
    (dict, "a mapping"),
)

DURATION = ("is no duration", "write units from large to small, such as 1h30m, 30s or 500ms")


class Pattern(NamedTuple):
    """What a text is that does not match, what to write instead, and whether it may be shown."""

    message: str
    hint: str
    shown: bool = False


def _pattern_of(kind: Any) -> str:  # noqa: ANN401 - an annotated type
    return str(kind.__metadata__[0].extra_json_schema["pattern"])


PATTERNS = {
    _pattern_of(scalars.Duration): Pattern(*DURATION, shown=True),
    _pattern_of(scalars.PlainDuration): Pattern(*DURATION, shown=True),
    _pattern_of(scalars.GoDuration): Pattern(
        "is no duration", "write hours, minutes, seconds, such as 1h30m", shown=True
    ),
    _pattern_of(scalars.ByteSize): Pattern(
        "is no size in bytes", "write a number and a unit, such as 512MB or 1GiB", shown=True
    ),
    _pattern_of(scalars.Quantity): Pattern("is no quantity", "write a number, such as 1.1 or 100Mi", shown=True),
    _pattern_of(scalars.ProxyURL): Pattern("is no proxy URL", "start it with http://, https:// or socks5://"),
    _pattern_of(scalars.HTTPURL): Pattern("is no HTTP URL", "start it with http:// or https://"),
    _pattern_of(scalars.WebURL): Pattern("is no HTTP URL", "start it with http:// or https://"),
    _pattern_of(scalars.DiscoveryFile): Pattern(
        "is no discovery file", "let it end in .json, .yml or .yaml", shown=True
    ),
    _pattern_of(scalars.TimeOfDay): Pattern("is no time of day", "write hours and minutes, such as 09:30", shown=True),
    _pattern_of(scalars.MonthRange): Pattern("is no month", "write may, 5 or may:august", shown=True),
    _pattern_of(scalars.WeekdayRange): Pattern("is no day of the week", "write monday or monday:friday", shown=True),
    _pattern_of(scalars.YearRange): Pattern("is no year", "write 2030 or 2030:2032", shown=True),
    "^[0-9a-zA-Z-.]+$": Pattern("is no tenant ID", "write the UUID or the domain of the tenant"),
    "^[a-zA-Z][a-zA-Z0-9+.-]*://.+$": Pattern("is no address", "start it with a scheme, such as unix:// or tcp://"),
    "^(?i)(abort|warn)?$": Pattern("is no response strategy", "write abort or warn", shown=True),
    _pattern_of(metadata.ObjectName): Pattern(
        "is no object name",
        "use lower-case letters, digits, - and ., and begin and end with a letter or digit",
        shown=True,
    ),
    _pattern_of(metadata.NamespaceName): Pattern(
        "is no namespace name",
        "use lower-case letters, digits and -, and begin and end with a letter or digit",
        shown=True,
    ),
    _pattern_of(metadata.LabelValue): Pattern(
        "is no label value", "use letters, digits, -, _ and ., and begin and end with a letter or digit", shown=True
    ),
}


def explain(schema: dict[str, Any], found: Iterable[ValidationError]) -> tuple[FieldError, ...]:
    """Return the validator's errors, in the order of the object; `schema` is what it was validated against."""
    ranked: list[tuple[int, FieldError]] = []
    for error in found:
        rank = RANKS.get(error.kind.name, len(RANKS))
        ranked += ((rank, explained) for explained in _explained(schema, error))
    best: dict[Path, int] = {}
    for rank, explained in ranked:
        best[explained.path] = min(rank, best.get(explained.path, rank))
    return tuple(explained for rank, explained in ranked if rank == best[explained.path] or explained.code != "value")


def _explained(schema: dict[str, Any], error: ValidationError) -> Iterator[FieldError]:
    path = tuple(error.instance_path)
    if error.kind.name == "additionalProperties":
        return _unknown(schema, path, error)
    return EXPLANATIONS.get(error.kind.name, _other)(path, error)


def _unknown(schema: dict[str, Any], path: Path, error: ValidationError) -> Iterator[FieldError]:
    node: Any = schema
    for step in error.schema_path[:-1]:
        node = node[step]
    known = {name.lower(): name for name in node["properties"]}
    for name in error.kind.as_dict()["unexpected"]:
        close = get_close_matches(name.lower(), known, n=1)
        hint = f"did you mean {known[close[0]]}?" if close else "remove it"
        yield FieldError((*path, name), "is no field of this kind", hint, "unknown")


def _missing(path: Path, error: ValidationError) -> Iterator[FieldError]:
    name = error.kind.as_dict()["property"]
    yield FieldError(path, f"lacks the field {name}", f"add {name}", "missing")


def _type(path: Path, error: ValidationError) -> Iterator[FieldError]:
    wanted = " or ".join(TYPES[name] for name in error.kind.as_dict()["types"])
    found = next((words for kind, words in FOUND if isinstance(error.instance, kind)), "null")
    quotes = wanted == "a string" and found in {"a boolean", "a number"}
    yield FieldError(path, f"must be {wanted}, not {found}", "put it in quotes" if quotes else "", "type")


def _enum(path: Path, error: ValidationError) -> Iterator[FieldError]:
    options = [str(option) for option in error.kind.as_dict()["options"]]
    listed = ", ".join(option or '""' for option in options)
    close = get_close_matches(str(error.instance), options, n=1)
    hint = f"did you mean {close[0]}?" if close else ""
    yield FieldError(path, f"{_shown(error.instance)}must be one of {listed}", hint)


def _pattern(path: Path, error: ValidationError) -> Iterator[FieldError]:
    text = error.kind.as_dict()["pattern"]
    pattern = PATTERNS.get(text, Pattern(f"does not match {text}", ""))
    shown = _shown(error.instance) if pattern.shown else ""
    yield FieldError(path, shown + pattern.message, pattern.hint)


def _key(path: Path, error: ValidationError) -> Iterator[FieldError]:
    key = error.kind.as_dict()["error"].instance
    message = "has a key that is too long or has characters that a key cannot have"
    yield FieldError((*path, key), message, "write a name, or a domain, a slash and a name of at most 63 characters")


def _repeated(path: Path, _error: ValidationError) -> Iterator[FieldError]:
    yield FieldError(path, "lists a value twice", "list each value once", "duplicate")


LIMITS: dict[str, Callable[[int], str]] = {
    "minimum": lambda limit: f"must be {limit} or more",
    "maximum": lambda limit: f"must be {limit} or less",
    "minLength": lambda limit: "must not be empty" if limit == 1 else f"must have {limit} characters or more",
    "maxLength": lambda limit: f"must have {limit} characters or fewer",
    "minItems": lambda limit: "must not be empty" if limit == 1 else f"must have {limit} items or more",
    "maxItems": lambda limit: f"must have {limit} items or fewer",
    "minProperties": lambda limit: "must not be empty" if limit == 1 else f"must have {limit} entries or more",
    "maxProperties": lambda limit: f"must have {limit} entries or fewer",
}


RANKS = {"type": 0, **dict.fromkeys(LIMITS, 1)}
"""Of several errors of one value only the lowest is told: what is empty need not also hear that it is no duration."""


def _limit(path: Path, error: ValidationError) -> Iterator[FieldError]:
    shown = _shown(error.instance) if error.kind.name in {"minimum", "maximum"} else ""
    yield FieldError(path, shown + LIMITS[error.kind.name](error.kind.as_dict()["limit"]))


def _other(path: Path, error: ValidationError) -> Iterator[FieldError]:
    yield FieldError(path, f"breaks the limit {error.kind.name} of its kind")


def _shown(value: object) -> str:
    short = isinstance(value, str | int | float) and len(str(value)) <= LONGEST_ECHO
    return f"{value!r} " if short else ""


EXPLANATIONS: dict[str, Callable[[Path, ValidationError], Iterator[FieldError]]] = {
    "enum": _enum,
    "pattern": _pattern,
    "propertyNames": _key,
    "required": _missing,
    "type": _type,
    "uniqueItems": _repeated,
    **dict.fromkeys(LIMITS, _limit),
}
