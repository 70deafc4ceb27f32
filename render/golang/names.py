"""Which names and values of metrics and labels Prometheus takes, in its legacy scheme and in that of UTF-8 (3.0)."""

from __future__ import annotations

import re

METRIC_NAME_LABEL = "__name__"

_LEGACY_METRIC_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LEGACY_LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


class InvalidNameError(ValueError):
    """The text cannot be a metric name, a label name or a label value."""


def is_utf8(text: str) -> bool:
    """Tell whether the text can be written as UTF-8: it holds no lone surrogate, which stands for a stray byte."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_metric_name(text: str, *, utf8: bool) -> bool:
    """Tell whether the text is a metric name; `utf8` picks the scheme of Prometheus 3 against the legacy one."""
    return bool(text) and is_utf8(text) if utf8 else _LEGACY_METRIC_NAME.fullmatch(text) is not None


def is_label_name(text: str, *, utf8: bool) -> bool:
    """Tell whether the text is a label name; `utf8` picks the scheme of Prometheus 3 against the legacy one."""
    return bool(text) and is_utf8(text) if utf8 else _LEGACY_LABEL_NAME.fullmatch(text) is not None


def check_metric_name(text: str, *, utf8: bool) -> None:
    """Raise InvalidNameError unless the text is a metric name in the chosen scheme."""
    if not is_metric_name(text, utf8=utf8):
        msg = f"{text!r} is not a metric name: {_wanted('metric', utf8=utf8)}"
        raise InvalidNameError(msg)


def check_label_name(text: str, *, utf8: bool) -> None:
    """Raise InvalidNameError unless the text is a label name in the chosen scheme."""
    if not is_label_name(text, utf8=utf8):
        msg = f"{text!r} is not a label name: {_wanted('label', utf8=utf8)}"
        raise InvalidNameError(msg)


def check_label_value(text: str) -> None:
    """Raise InvalidNameError unless the text is a label value: any UTF-8 text, the empty one included."""
    if not is_utf8(text):
        msg = f"{text!r} is not a label value: it is not UTF-8"
        raise InvalidNameError(msg)


def _wanted(kind: str, *, utf8: bool) -> str:
    if utf8:
        return "it must be UTF-8 and not empty"
    colons = ", colons" if kind == "metric" else ""
    return f"before Prometheus 3.0 it consists of ASCII letters, digits{colons} and underscores, with no digit first"
