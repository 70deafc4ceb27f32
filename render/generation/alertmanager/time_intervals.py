"""Time intervals: named lists of periods that mute or activate routes."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from render.findings import Rejection
from render.generation.alertmanager.kinds import SHOWN_TEXT, TEXT, blocks
from render.generation.alertmanager.shape import Field, Kind, Shape, decode_items
from render.output.goyaml import FlowList

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.api.alertmanager_config import DayOfMonthRange, TimeRange
    from render.api.alertmanager_config_v1alpha1 import MuteTimeInterval, TimePeriod
    from render.generation.fields import Block
    from render.generation.scope import Scope

LOCATION_SINCE = "0.25.0"
DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00", re.ASCII)
_NUMBER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_SHORTEST_MONTH = 28
_LONGEST_MONTH = 31

Range = tuple[int, int]


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return int(text)


def _day(text: str) -> int:
    return DAYS.index(text)


def _month(text: str) -> int:
    return MONTHS.index(text) + 1 if text in MONTHS else _number(text)


def _range(text: str, member: Callable[[str], int], place: str) -> Range:
    """`a:b`, or `a` alone for both. Raises Rejection."""
    start, colon, end = text.lower().partition(":")
    try:
        first, last = member(start), member(end if colon else start)
    except ValueError:
        raise Rejection("is no range", place, hint="write first:last") from None
    if first > last:
        raise Rejection("the range ends before it starts", place, hint="exchange the two")
    return first, last


def _days_of_month(first: int, last: int, place: str) -> Range:
    """Days count from 1, or backwards from -1. Raises Rejection."""
    for day in (first, last):
        if day == 0 or abs(day) > _LONGEST_MONTH:
            raise Rejection(f"{day} is no day of a month", place, hint="days go from 1 to 31, or from -31 to -1")
    if first < 0 < last:
        raise Rejection("the last day must be negative, too", place)
    if (first if first > 0 else _SHORTEST_MONTH + first) > (last if last > 0 else _SHORTEST_MONTH + last):
        raise Rejection("the range ends before it starts", place, hint="exchange the two")
    return first, last


def _times(start: str, end: str, place: str) -> Block:
    if not start or not end:
        raise Rejection("start and end are needed", place, hint='write times as "08:00"')
    for text in (start, end):
        if not _TIME.fullmatch(text):
            raise Rejection("is no time of day", place, hint='write it as "08:00"')
    if start >= end:
        raise Rejection("the time ends before it starts", place, hint="split it at midnight")
    return {"start_time": start, "end_time": end}


def _written(bounds: Range) -> str:
    first, last = bounds
    return str(first) if first == last else f"{first}:{last}"


def _written_days(bounds: Range) -> str:
    first, last = bounds
    return DAYS[first] if first == last else f"{DAYS[first]}:{DAYS[last]}"


def _weekdays(text: str, place: str) -> str:
    return _written_days(_range(text, _day, place))


def _months(text: str, place: str) -> str:
    return _written(_range(text, _month, place))


def _years(text: str, place: str) -> str:
    return _written(_range(text, _number, place))


def _month_days(text: str, place: str) -> str:
    start, colon, end = text.partition(":")
    try:
        first, last = _number(start), _number(end if colon else start)
    except ValueError:
        raise Rejection("is no range of days", place, hint="write first:last") from None
    return _written(_days_of_month(first, last, place))


def _ranges(read: Callable[[str, str], str]) -> Kind:
    """A list of ranges, written in brackets."""
    return Kind(lambda raw: FlowList(decode_items(raw, lambda item: read(TEXT.decode(item), ""))))


def _location(raw: Any) -> str:  # noqa: ANN401 - what the user wrote
    """A time zone. Without a database of them, any name is fine. Raises Rejection."""
    text = TEXT.decode(raw) or "UTC"
    if text != "Local" and text not in (_zones() or (text,)):
        raise Rejection("is no time zone", hint="write one such as Europe/Berlin")
    return str(text)


@cache
def _zones() -> set[str]:
    return available_timezones()


def _load_times(times: Block) -> None:
    _times(times.get("start_time", ""), times.get("end_time", ""), "")


def _load_named(interval: Block) -> None:
    if not interval.get("name"):
        raise Rejection("is needed", "name")


def _rules(interval: Block, scope: Scope) -> None:
    for period in interval.get("time_intervals") or ():
        if period.get("location") and not scope.allows("location", since=LOCATION_SINCE):
            del period["location"]


TIMES = Shape((Field("start_time", TEXT), Field("end_time", TEXT)), load=_load_times)
PERIOD = Shape(
    (
        Field("times", blocks(lambda: TIMES)),
        Field("weekdays", _ranges(_weekdays)),
        Field("days_of_month", _ranges(_month_days)),
        Field("months", _ranges(_months)),
        Field("years", _ranges(_years)),
        Field("location", Kind(_location)),
    )
)
_PERIODS = blocks(lambda: PERIOD)
INTERVAL = Shape(
    (
        Field("name", SHOWN_TEXT),
        Field("time_intervals", Kind(_PERIODS.decode, _PERIODS.arrange, empty=lambda _value: False, absent=[])),
    ),
    load=_load_named,
    rules=_rules,
)


def validate(interval: MuteTimeInterval, field: str) -> None:
    """A time interval of an AlertmanagerConfig. Raises Rejection."""
    if not interval.name:
        raise Rejection("is needed", f"{field}.name")
    for number, period in enumerate(interval.timeIntervals or ()):
        _period(period, f"{field}.timeIntervals[{number}]")


def generate(interval: MuteTimeInterval, name: str) -> Block:
    """A valid time interval of an AlertmanagerConfig under its name in the file."""
    return {"name": name, "time_intervals": [_period(period, "") for period in interval.timeIntervals or ()]}


def _period(period: TimePeriod, field: str) -> Block:
    times = [_time_range(span, f"{field}.times[{number}]") for number, span in enumerate(period.times or ())]
    return {
        "times": times,
        "weekdays": FlowList(_weekdays(text, f"{field}.weekdays") for text in period.weekdays or ()),
        "days_of_month": FlowList(_day_range(days, f"{field}.daysOfMonth") for days in period.daysOfMonth or ()),
        "months": FlowList(_months(text, f"{field}.months") for text in period.months or ()),
        "years": FlowList(_years(text, f"{field}.years") for text in period.years or ()),
    }


def _time_range(times: TimeRange, field: str) -> Block:
    return _times(times.startTime or "", times.endTime or "", field)


def _day_range(days: DayOfMonthRange, field: str) -> str:
    return _written(_days_of_month(days.start or 0, days.end or 0, field))
