"""Checks the rule files of the watched folders: YAML, structure, and expressions when a parser is there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reloaders import snapshot
from reloaders.rules import structure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

RULE_FILES = (".yaml", ".yml", ".rules")

# What servers understand and the parser does not, or not in every form: no verdict about such an expression.
_BEYOND_THE_PARSER = re.compile(r"`|\d_\d|\boffset\b|@|\[[^]]*[-+*/%^()]|\b(?:anchored|smoothed|fill\w*)\b")
_BEYOND_ITS_FUNCTIONS = re.compile(r"unknown function|unknown aggreg", re.IGNORECASE)


def faults(folders: Iterable[str], *, promql: bool) -> list[str]:
    """What is wrong with the rule files, each with the file's path; raises `snapshot.Unreadable`.

    A file counts as a rule file when its name ends like one, and when it is no mapping without `groups`: that is a
    configuration of another kind, for which configmap-reload is used too.
    """
    expression = _expression_check() if promql else _unchecked
    found: list[str] = []
    for folder in folders:
        for path in snapshot.files(folder):
            if path.endswith(RULE_FILES):
                found += [f"{path}: {fault}" for fault in _file_faults(path, expression)]
    return found


def _file_faults(path: str, expression: Callable[[str], str]) -> list[str]:
    import yaml

    try:
        content = yaml.load(Path(path).read_bytes(), Loader=_loader())  # noqa: S506 - makes texts, lists and mappings
    except FileNotFoundError:
        return []
    except OSError as error:
        return [str(error.strerror)]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [f"line {line}: not YAML: {error.problem}"]
    except (yaml.YAMLError, ValueError):
        return ["not YAML: characters that YAML does not allow"]
    if content in (None, "") or (isinstance(content, dict) and content and "groups" not in content):
        return []
    return list(structure.faults(content, expression))


@cache
def _loader() -> Any:  # noqa: ANN401 - a class that is made when PyYAML is there
    """PyYAML's quickest loader, with every scalar as text, and a key that is there twice refused as servers do."""
    import yaml

    base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

    class Strict(base):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: ANN401, FBT001, FBT002
            seen = set()
            for key, _ in node.value:
                if key.value in seen and isinstance(key.value, str):
                    problem = f"the key {key.value} is there twice"
                    raise yaml.constructor.ConstructorError(problem=problem, problem_mark=key.start_mark)
                seen.add(key.value if isinstance(key.value, str) else id(key))
            mapping: dict[Any, Any] = super().construct_mapping(node, deep)
            return mapping

    return Strict


def _unchecked(expression: str) -> str:
    del expression
    return ""


@cache
def _expression_check() -> Callable[[str], str]:
    """Says what is wrong with an expression, as far as the optional parser can be trusted; nothing without it."""
    try:
        import promql_parser
    except ImportError:
        return _unchecked

    def check(expression: str) -> str:
        try:
            promql_parser.parse(expression)
        except ValueError as error:
            if _BEYOND_THE_PARSER.search(expression) or _BEYOND_ITS_FUNCTIONS.search(str(error)):
                return ""
            return f"not PromQL: {error}"
        return ""

    return check
