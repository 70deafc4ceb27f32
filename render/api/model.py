"""The base of all models, and the rules that one field alone cannot say."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct, structs

from render.api.metadata import ObjectMeta


class Model(Struct, kw_only=True, frozen=True, gc=False, forbid_unknown_fields=True):
    """Part of a custom resource; attributes are named as the API's fields, `None` where nothing is said."""


class Atomic(Model, kw_only=True, frozen=True):
    """A part that server-side apply replaces as a whole."""


class Resource(Model, kw_only=True, frozen=True):
    """A whole custom resource. Its status is read by nobody."""

    apiVersion: str
    kind: str
    metadata: ObjectMeta
    status: dict[str, Any] | None = None


@cache
def fields(model: type[Struct]) -> tuple[structs.FieldInfo, ...]:
    """Return the fields of a struct: names, types, defaults. Slow to find out, so each is kept."""
    return structs.fields(model)


class Rule(NamedTuple):
    """A rule over several fields: its text in CEL, what it says when broken, and the same check in Python."""

    text: str
    message: str
    holds: Callable[[Any], bool]


M = TypeVar("M", bound=Model)

RULES: dict[type[Model], list[Rule]] = {}


def rule(model: type[M], text: str, message: str) -> Callable[[Callable[[M], bool]], Callable[[M], bool]]:
    """Register the decorated check as the rule `text` (CEL) of a model; subclasses of the model do not inherit it."""

    def register(holds: Callable[[M], bool]) -> Callable[[M], bool]:
        RULES.setdefault(model, []).append(Rule(text, message, holds))
        return holds

    return register
