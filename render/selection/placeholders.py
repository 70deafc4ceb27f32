"""What stands for a secret value with `--secrets reference`, until the config-reloader puts the value there.

The grammar is the reloader's (`reloaders/placeholders.py`): `$(secret:namespace/name/key)`, always a whole scalar in
double quotes, with a JSON pointer behind the key where that holds YAML; `$$(` is a literal `$(`.
"""

from __future__ import annotations

import re

from render.output.goyaml import DoubleQuoted

_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_REFERENCE = re.compile(r'"\$\((secret|configmap):([^/#]+)/([^/#]+)/')
_FILE = r"([01])_([a-z0-9-]+)_([a-z0-9.-]+)_[-._a-zA-Z0-9]+"
_LONGEST_FILE = 240
"""A name may have 255 bytes, and the reloader's temporary files have some more than what they become."""
_KINDS = {"secret": "Secret", "configmap": "ConfigMap", "0": "Secret", "1": "ConfigMap"}
_NUMBERS = {"Secret": "0", "ConfigMap": "1"}
_LITERAL = re.compile(r"\$\$\(|(?<!\$)\$\((?=secret:|configmap:)")


class Placeholder(DoubleQuoted):
    """A reference in the place of a value. `known` is the value if the source has it, for checks alone."""

    known: str | None = None
    file_name: str = ""

    @property
    def file(self) -> str:
        """The name of a file with the same effect; empty where no name will do, or servers would trim the value."""
        return self.file_name if self.known is None or self.known == self.known.strip() else ""


def placeholder(kind: str, namespace: str, name: str, key: str, pointer: str | None = None) -> Placeholder:
    """The text that the reloader replaces; `kind` is Secret or ConfigMap. Raises ValueError for a key that is none.

    With a JSON pointer it leads into the YAML that the key holds; an empty one stands for all items of a list there.
    """
    if not _KEY.fullmatch(key):
        raise ValueError("the key of a Secret has letters, digits, '-', '_' and '.' only")
    if pointer is not None:
        return Placeholder(f"$({kind.lower()}:{namespace}/{name}/{key}#{pointer})")
    made = Placeholder(f"$({kind.lower()}:{namespace}/{name}/{key})")
    file = f"{_NUMBERS[kind]}_{namespace}_{name}_{key}"
    if len(file) <= _LONGEST_FILE and re.fullmatch(_FILE, file):
        made.file_name = file
    return made


def stripped(reference: Placeholder) -> Placeholder:
    """A reference to a known value without white space around it, which is not there when YAML reads the value."""
    made = Placeholder(f"{reference.removesuffix(')')}#)")
    made.known = (reference.known or "").strip()
    made.file_name = reference.file_name
    return made


def reads(text: str, certificates: str) -> set[tuple[str, str, str]]:
    """What the reloader reads for a configuration: kind, namespace and name, also of files in that folder."""
    found = {(_KINDS[kind], namespace, name) for kind, namespace, name in _REFERENCE.findall(text)}
    files = re.findall(rf"{re.escape(certificates)}/{_FILE}", text)
    return found | {(_KINDS[kind], namespace, name) for kind, namespace, name in files}


def known(text: str | None) -> str | None:
    """The value to check: the text itself, or what its placeholder stands for; None where only the reloader sees it."""
    return text.known if isinstance(text, Placeholder) else text


def literal(text: str) -> str:
    """A text that the reloader leaves as it is: what it would take for a reference is escaped."""
    return _LITERAL.sub(lambda found: f"$${'$' * (len(found[0]) - 2)}(", text) if "$(" in text else text
