"""Types of single values, with the limits that the API sets to them.

The limits live in the JSON schema alone: an object is checked against it before it is decoded, so that decoding need
not look twice.
"""

from typing import Annotated

from msgspec import Meta


def schema(**keywords: object) -> Meta:
    """Keywords of JSON schema (`minimum=0`, `pattern=…`) for the annotated type."""
    return Meta(extra_json_schema=keywords)


def keyed_by(*keys: str) -> Meta:
    """A list whose items differ in the named fields; server-side apply merges by them."""
    return Meta(extra_json_schema={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": list(keys)})


SET = Meta(extra_json_schema={"x-kubernetes-list-type": "set"})
ATOMIC = Meta(extra_json_schema={"x-kubernetes-list-type": "atomic"})
ATOMIC_MAP = Meta(extra_json_schema={"x-kubernetes-map-type": "atomic"})

DURATION = r"^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$"

Duration = Annotated[str, schema(pattern=DURATION)]
"""A duration of Prometheus: 1h30m, 0, 500ms."""

NonEmptyDuration = Annotated[str, schema(minLength=1, pattern=DURATION)]
"""A duration that may not be empty."""

GoDuration = Annotated[str, schema(pattern="^(0|(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$")]
"""A duration without units above the hour."""

ByteSize = Annotated[str, schema(pattern="(^0|([0-9]*[.])?[0-9]+((K|M|G|T|E|P)i?)?B)$")]
"""A number of bytes: 512MB, 1GiB, 0."""

ProxyURL = Annotated[str, schema(pattern="^(http|https|socks5)://.+$")]
"""The URL of a proxy."""

HTTPURL = Annotated[str, schema(pattern="^(http|https)://.+$")]
"""A URL with scheme http or https."""

WebURL = Annotated[str, schema(pattern="^https?://.+$")]
"""A URL with scheme http or https (written another way in the reference)."""

NonEmpty = Annotated[str, schema(minLength=1)]
"""A string of at least one character."""

Int64 = Annotated[int, schema(format="int64")]
"""A whole number of 64 bits."""

Int32 = Annotated[int, schema(format="int32")]
"""A whole number of 32 bits."""

UInt64 = Annotated[int, schema(format="int64", minimum=0)]
"""A whole number of 64 bits, 0 or more."""

UInt32 = Annotated[int, schema(format="int32", minimum=0)]
"""A whole number of 32 bits, 0 or more."""

Port = Annotated[int, schema(format="int32", maximum=65535, minimum=0)]
"""The number of a port."""

MONTH = "(?i)january|february|march|april|may|june|july|august|september|october|november|december|1[0-2]|[1-9]"
MonthRange = Annotated[str, schema(pattern=f"^({MONTH})(?:((:({MONTH}))$)|$)")]
"""A month or a span of months: march, 1:3."""

DAY = "sun|mon|tues|wednes|thurs|fri|satur"
WeekdayRange = Annotated[str, schema(pattern=f"^((?i){DAY})day(?:((:({DAY})day)$)|$)")]
"""A day or a span of days of the week: monday:friday."""

YearRange = Annotated[str, schema(pattern=r"^2\d{3}(?::2\d{3}|$)")]
"""A year or a span of years: 2030:2033."""

TimeOfDay = Annotated[str, schema(pattern="^((([01][0-9])|(2[0-3])):[0-5][0-9])$|(^24:00$)")]
"""A time of day: 09:30, 24:00."""

PlainDuration = Annotated[
    str, schema(pattern="^(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?$")
]
"""A duration of Prometheus, where a bare 0 is not one."""

DiscoveryFile = Annotated[str, schema(pattern=r"^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$")]
"""A JSON or YAML file; the last part of its path may hold one *."""

IntOrString = Annotated[int | str, schema(**{"x-kubernetes-int-or-string": True})]
"""A whole number, or a string such as a percentage or the name of a port."""

Quantity = Annotated[
    int | str,
    schema(
        pattern=r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))"
        r"(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$",
        **{"x-kubernetes-int-or-string": True},
    ),
]
"""A quantity of Kubernetes: 2, 0.5, 100Mi."""
