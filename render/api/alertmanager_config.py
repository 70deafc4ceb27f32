"""What both versions of AlertmanagerConfig have in common."""

from typing import Annotated, Literal

from render.api.model import Model
from render.api.scalars import NonEmpty, TimeOfDay, schema


class DayOfMonthRange(Model, kw_only=True, frozen=True):
    """A span of days of a month, counted from its end when negative."""

    end: Annotated[int, schema(maximum=31, minimum=-31)] | None = None
    start: Annotated[int, schema(maximum=31, minimum=-31)] | None = None


class TimeRange(Model, kw_only=True, frozen=True):
    """A span of a day."""

    endTime: TimeOfDay | None = None
    startTime: TimeOfDay | None = None


class KeyValue(Model, kw_only=True, frozen=True):
    """A key and a value."""

    key: NonEmpty
    value: str


class ThreadingConfig(Model, kw_only=True, frozen=True):
    """How mails about the same group are kept in one thread."""

    threadByDate: Literal["Daily", "None"]


class OpsGenieConfigResponder(Model, kw_only=True, frozen=True):
    """Who is told by OpsGenie."""

    id: NonEmpty | None = None
    name: NonEmpty | None = None
    type: Annotated[Literal["team", "teams", "user", "escalation", "schedule"], schema(minLength=1)]
    username: NonEmpty | None = None


class PagerDutyImageConfig(Model, kw_only=True, frozen=True):
    """An image of an incident."""

    alt: NonEmpty | None = None
    href: str | None = None
    src: NonEmpty | None = None


class PagerDutyLinkConfig(Model, kw_only=True, frozen=True):
    """A link of an incident."""

    alt: NonEmpty | None = None
    href: str | None = None


class RocketChatActionConfig(Model, kw_only=True, frozen=True):
    """A button of a message."""

    msg: NonEmpty | None = None
    text: NonEmpty | None = None
    url: str | None = None


class RocketChatFieldConfig(Model, kw_only=True, frozen=True):
    """A field of a message."""

    short: bool | None = None
    title: NonEmpty | None = None
    value: NonEmpty | None = None


class SlackConfirmationField(Model, kw_only=True, frozen=True):
    """A question that is asked before an action."""

    dismissText: NonEmpty | None = None
    okText: NonEmpty | None = None
    text: NonEmpty
    title: NonEmpty | None = None


class SlackAction(Model, kw_only=True, frozen=True):
    """A button or menu of a message."""

    confirm: SlackConfirmationField | None = None
    name: NonEmpty | None = None
    style: NonEmpty | None = None
    text: NonEmpty
    type: NonEmpty
    url: str | None = None
    value: NonEmpty | None = None


class SlackField(Model, kw_only=True, frozen=True):
    """A field of a message."""

    short: bool | None = None
    title: NonEmpty
    value: NonEmpty
