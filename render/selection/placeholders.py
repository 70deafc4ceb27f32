"""What stands for a secret value with `--secrets reference`, until the config-reloader puts the value there.

The grammar is the reloader's (`reloaders/placeholders.py`): `$(secret:namespace/name/key)`, always a whole scalar in
double quotes, with a JSON pointer behind the key where that holds YAML; `$$(` is a literal `$(`.
"""

from __future__ import annotations

import re
from typing import Any

from render.output.goyaml import DoubleQuoted, FlowList, WrittenItem

_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_REFERENCE = re.compile(r'"\$\((secret|configmap):([^/#]+)/([^/#]+)/')
_FILE = r"([01])_([a-z0-9-]+)_([a-z0-9.-]+)_[-._a-zA-Z0-9]+"
_KINDS = {"secret": "Secret", "configmap": "ConfigMap", "0": "Secret", "1": "ConfigMap"}
_LITERAL = re.compile(r"\$\$\(|(?<!\$)\$\((?=secret:|configmap:)")


class Placeholder(DoubleQuoted):
    """A reference in the place of a value. `known` is the value if the source has it, for checks alone."""

    known: str | None = None


def placeholder(kind: str, namespace: str, name: str, key: str, pointer: str = "") -> Placeholder:
    """The text that the reloader replaces; `kind` is Secret or ConfigMap. Raises ValueError for a key that is none."""
    if not _KEY.fullmatch(key):
        raise ValueError("the key of a Secret has letters, digits, '-', '_' and '.' only")
    reference = f"{namespace}/{name}/{key}" + (f"#{pointer}" if pointer else "")
    return Placeholder(f"$({kind.lower()}:{reference})")


def reads(text: str, certificates: str) -> set[tuple[str, str, str]]:
    """What the reloader reads for a configuration: kind, namespace and name, also of files in that folder."""
    found = {(_KINDS[kind], namespace, name) for kind, namespace, name in _REFERENCE.findall(text)}
    files = re.findall(rf"{re.escape(certificates)}/{_FILE}", text)
    return found | {(_KINDS[kind], namespace, name) for kind, namespace, name in files}


def known(text: str | None) -> str | None:
    """The value to check: the text itself, or what its placeholder stands for; None where only the reloader sees it."""
    return text.known if isinstance(text, Placeholder) else text


def with_literals(value: Any) -> Any:  # noqa: ANN401 - plain values of any shape
    """Plain values whose own texts the reloader leaves as they are: what it would take for a reference is escaped."""
    if isinstance(value, Placeholder | WrittenItem):
        return value
    if isinstance(value, str):
        return _LITERAL.sub(lambda found: f"$${'$' * (len(found[0]) - 2)}(", value) if "$(" in value else value
    if isinstance(value, dict):
        return {with_literals(key): with_literals(item) for key, item in value.items()}
    if isinstance(value, FlowList):
        return FlowList(with_literals(item) for item in value)
    return [with_literals(item) for item in value] if isinstance(value, list) else value
