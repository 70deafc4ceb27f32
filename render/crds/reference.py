"""The reference of all fields as Markdown, made from the models: a page for each kind, one for what kinds share."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from msgspec import NODEFAULT, Meta

from render.api import ALL, Kind, scalars
from render.api.descriptions import descriptions, summary
from render.api.metadata import ObjectMeta
from render.api.model import RULES, Model, Resource, fields
from render.api.served import definitions

SHARED = "shared.md"
NOT_IN_SPEC = frozenset({"apiVersion", "kind", "metadata", "status"})
"""Fields that every object has."""

SCALARS = {str: "string", int: "integer", bool: "boolean", float: "number", ObjectMeta: "object", Any: "any"}

LIMITED = (
    (scalars.Duration, "duration"),
    (scalars.NonEmptyDuration, "duration"),
    (scalars.PlainDuration, "duration"),
    (scalars.GoDuration, "duration up to hours"),
    (scalars.ByteSize, "byte size"),
    (scalars.ProxyURL, "URL (http, https, socks5)"),
    (scalars.HTTPURL, "URL (http, https)"),
    (scalars.WebURL, "URL (http, https)"),
    (scalars.NonEmpty, "string, not empty"),
    (scalars.Port, "port"),
    (scalars.MonthRange, "month or span"),
    (scalars.WeekdayRange, "weekday or span"),
    (scalars.YearRange, "year or span"),
    (scalars.TimeOfDay, "time of day"),
    (scalars.DiscoveryFile, "path of a JSON or YAML file"),
    (scalars.IntOrString, "integer or string"),
    (scalars.Quantity, "quantity"),
)
"""Limited types and what readers call them; the definitions in `crds/` have the patterns."""

LIMITS = {"minimum": "at least", "maximum": "at most", "minItems": "items at least", "minLength": "characters at least"}


TYPES = """\
| type | written as |
| --- | --- |
| duration | units from large to small: `1h30m`, `500ms`, `2d`; y, w, d, h, m, s, ms |
| byte size | a number with a unit: `512MB`, `1GiB`; `0` is no limit |
| quantity | a number of Kubernetes: `2`, `"0.5"`, `100Mi` |
| month, weekday, year | a word or number, or a span of two: `march:may`, `monday:friday`, `2030:2033` |
| object of Kubernetes | as in a Pod; the definitions pass it through, and rendering checks what comes out |
| map of … | any keys, each with such a value |
"""
"""What the names of types mean, for the first page."""


class Page(NamedTuple):
    """A page of the reference: its file, its title, its text before the structs, its structs in order."""

    file: str
    title: str
    text: str
    structs: list[type[Model]]


def pages() -> dict[str, str]:
    """Return every page by its file name."""
    shared = Page(SHARED, "What kinds share", "Parts that several kinds are made of.", [])
    found = [_page(kind) for kind in ALL]
    by_module = {kind.model.__module__: page for kind, page in zip(ALL, found, strict=True)}
    for kind in ALL:
        _collect(kind.model, by_module, shared)
    shared.structs.sort(key=lambda struct: struct.__name__)
    files = {
        struct: by_module.get(struct.__module__, shared).file for page in (*found, shared) for struct in page.structs
    }
    texts = {page.file: _page_text(page, files) for page in (*found, shared)}
    return {"README.md": _index(found)} | texts


def _page(kind: Kind) -> Page:
    several = len(definitions()[kind.plural]) > 1
    file = f"{kind.kind.lower()}{f'-{kind.version}' if several else ''}.md"
    facts = f"`apiVersion: {kind.api_version}`, short name `{kind.short_name}`."
    return Page(file, f"{kind.kind} {kind.version}", f"{summary(kind.kind)}\n\n{facts}", [])


def _collect(kind: Any, by_module: dict[str, Page], shared: Page) -> None:  # noqa: ANN401 - any type that a model uses
    """Enter the structs that a type is made of into their pages, each once and the outer before the inner."""
    if not (isinstance(kind, type) and issubclass(kind, Model)):
        for argument in get_args(kind):
            _collect(argument, by_module, shared)
        return
    structs = by_module.get(kind.__module__, shared).structs
    if kind in structs:
        return
    if not issubclass(kind, Resource):
        structs.append(kind)
    for field in fields(kind):
        _collect(field.type, by_module, shared)


def _index(found: list[Page]) -> str:
    lines = [f"- [{page.title}]({page.file}): {page.text.splitlines()[0]}" for page in found]
    head = (
        "# Field reference\n\nMade by `promrender docs` from the models that also make `crds/`. Fields in **bold** are"
        f" required. What kinds share is on [a page of its own]({SHARED}).\n\n"
    )
    return head + "\n".join(lines) + "\n\n" + TYPES


def _page_text(page: Page, files: dict[type[Model], str]) -> str:
    sections = [_section(struct, _Linker(page.file, files)) for struct in page.structs]
    return "\n".join([f"# {page.title}\n\n{page.text}\n", *sections])


def _section(struct: type[Model], linker: _Linker) -> str:
    texts = descriptions(struct)
    rows = [
        f"| {_name(field.encode_name, required=field.required)} | {linker.type_of(field.type)} |"
        f" {_cell(texts[field.encode_name] + _default(field.default, texts[field.encode_name]))} |"
        for field in sorted(fields(struct), key=lambda field: field.encode_name)
        if field.encode_name not in NOT_IN_SPEC or not issubclass(struct, Resource)
    ]
    rules = [f"- {rule.message}" for rule in RULES.get(struct, [])]
    about = (struct.__doc__ or "").splitlines()[0]
    table = "\n".join(["| field | type | what it does |", "| --- | --- | --- |", *rows])
    return f"## {struct.__name__}\n\n{about}\n\n{table}\n" + ("\n" + "\n".join(rules) + "\n" if rules else "")


def _name(name: str, *, required: bool) -> str:
    return f"**`{name}`**" if required else f"`{name}`"


def _default(default: Any, text: str) -> str:  # noqa: ANN401 - any value of JSON
    if default is NODEFAULT or default is None or default == "" or "Default:" in text:
        return ""
    return f" Default: {default}."


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


class _Linker:
    """Names types as readers know them, with links from one page to the structs of all."""

    def __init__(self, page: str, files: dict[type[Model], str]) -> None:
        self._page = page
        self._files = files

    def type_of(self, kind: Any) -> str:  # noqa: ANN401 - any type that a model uses
        """Return the name of a type; `None` in a union says only that the field is optional."""
        for known, name in LIMITED:
            if kind == known:
                return name
        origin, args = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self.type_of(args[0]) + _limits(args[1:])
        if origin in {UnionType, Union}:
            return " or ".join(self.type_of(argument) for argument in args if argument is not NoneType)
        if origin is None:
            return self.link(kind) if isinstance(kind, type) and issubclass(kind, Model) else SCALARS[kind]
        return self._generic(origin, args)

    def _generic(self, origin: Any, args: tuple[Any, ...]) -> str:  # noqa: ANN401 - any type that a model uses
        if origin is Literal:
            return ", ".join(f"`{word}`" if word else "empty" for word in args)
        if origin is list:
            return f"list of {self.type_of(args[0])}"
        return "object of Kubernetes" if args[1] is Any else f"map of {self.type_of(args[1])}"

    def link(self, struct: type[Model]) -> str:
        """Return a link to a struct."""
        file = self._files[struct]
        return f"[{struct.__name__}]({'' if file == self._page else file}#{struct.__name__.lower()})"


def _limits(metas: tuple[Meta, ...]) -> str:
    said = [
        f"{words} {limit}"
        for meta in metas
        for keyword, limit in (meta.extra_json_schema or {}).items()
        if (words := LIMITS.get(keyword)) and (keyword, limit) != ("minLength", 1)
    ]
    return f" ({', '.join(said)})" if said else ""
