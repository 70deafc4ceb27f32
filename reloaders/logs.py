"""Log lines in logfmt or JSON on standard error, one write for each line."""

from __future__ import annotations

import json
import re
import sys
import time

LEVELS = ("debug", "info", "warn", "error")
FORMATS = ("logfmt", "json")

_BARE = re.compile(r'[^\s="\\\x00-\x1f\x7f]+')

Field = str | int | float | bool | None


class Logger:
    """Writes lines of a level and above. Fields are keyword arguments; no caller passes a secret value."""

    def __init__(self, style: str = "logfmt", level: str = "info", *, local: bool = False) -> None:
        self._style = style
        self._local = local
        self._lowest = LEVELS.index(level)

    def debug(self, message: str, **fields: Field) -> None:
        """What only somebody who looks for a fault wants to see."""
        self._write("debug", message, fields)

    def info(self, message: str, **fields: Field) -> None:
        """What happened."""
        self._write("info", message, fields)

    def warning(self, message: str, **fields: Field) -> None:
        """What may be wrong, though the work goes on."""
        self._write("warn", message, fields)

    def error(self, message: str, **fields: Field) -> None:
        """What failed."""
        self._write("error", message, fields)

    def _write(self, level: str, message: str, fields: dict[str, Field]) -> None:
        if LEVELS.index(level) < self._lowest:
            return
        entry: dict[str, Field] = {"time": self._stamp(), "level": level.upper(), "msg": message, **fields}
        line = json.dumps(entry, ensure_ascii=False) if self._style == "json" else _logfmt(entry)
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    def _stamp(self) -> str:
        now = time.time()
        parts = time.localtime(now) if self._local else time.gmtime(now)
        zone = time.strftime("%z", parts) if self._local else "Z"
        return time.strftime("%Y-%m-%dT%H:%M:%S", parts) + f".{int(now * 1000) % 1000:03d}{zone}"


def _logfmt(entry: dict[str, Field]) -> str:
    return " ".join(f"{key}={_value(value)}" for key, value in entry.items())


def _value(value: Field) -> str:
    text = json.dumps(value) if value is None or isinstance(value, bool) else str(value)
    return text if _BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)
