"""AlertmanagerConfig v1alpha1: routes, receivers and inhibition for one namespace."""

from typing import Annotated, Any, Literal

from msgspec import field

from render.api.alertmanager_config import (
    DayOfMonthRange,
    KeyValue,
    OpsGenieConfigResponder,
    PagerDutyImageConfig,
    PagerDutyLinkConfig,
    RocketChatActionConfig,
    RocketChatFieldConfig,
    SlackAction,
    SlackField,
    ThreadingConfig,
    TimeRange,
)
from render.api.http_client import BasicAuth, OAuth2, ProxyConfig, SafeAuthorization, SafeTLSConfig, Sigv4
from render.api.model import Model, Resource
from render.api.scalars import (
    ATOMIC,
    SET,
    Duration,
    Int64,
    MonthRange,
    NonEmpty,
    NonEmptyDuration,
    PlainDuration,
    UInt32,
    WebURL,
    WeekdayRange,
    YearRange,
    keyed_by,
    schema,
)
from render.api.selectors import SecretKeySelector


class Matcher(Model, kw_only=True, frozen=True):
    """A condition on a label of an alert."""

    matchType: Literal["!=", "=", "=~", "!~"] | None = None
    name: NonEmpty
    regex: bool | None = None
    value: str | None = None


class InhibitRule(Model, kw_only=True, frozen=True):
    """Alerts that silence other alerts."""

    equal: Annotated[list[str], ATOMIC] | None = None
    sourceMatch: Annotated[list[Matcher], ATOMIC] | None = None
    targetMatch: Annotated[list[Matcher], ATOMIC] | None = None


class TimePeriod(Model, kw_only=True, frozen=True):
    """A period described by times, days, months and years."""

    daysOfMonth: Annotated[list[DayOfMonthRange], ATOMIC] | None = None
    months: Annotated[list[MonthRange], ATOMIC] | None = None
    times: Annotated[list[TimeRange], ATOMIC] | None = None
    weekdays: Annotated[list[WeekdayRange], ATOMIC] | None = None
    years: Annotated[list[YearRange], ATOMIC] | None = None


class MuteTimeInterval(Model, kw_only=True, frozen=True):
    """A name for a list of periods."""

    name: str
    timeIntervals: Annotated[list[TimePeriod], ATOMIC] | None = None


class HTTPConfig(ProxyConfig, kw_only=True, frozen=True):
    """The HTTP client of a receiver."""

    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    bearerTokenSecret: SecretKeySelector | None = None
    enableHttp2: bool | None = None
    followRedirects: bool | None = None
    oauth2: OAuth2 | None = None
    proxyURL: str | None = None
    tlsConfig: SafeTLSConfig | None = None


class DiscordConfig(Model, kw_only=True, frozen=True):
    """A message to a Discord channel."""

    apiURL: SecretKeySelector
    avatarURL: WebURL | None = None
    content: NonEmpty | None = None
    httpConfig: HTTPConfig | None = None
    message: str | None = None
    sendResolved: bool | None = None
    title: str | None = None
    username: NonEmpty | None = None


class EmailConfig(Model, kw_only=True, frozen=True):
    """A mail."""

    authIdentity: NonEmpty | None = None
    authPassword: SecretKeySelector | None = None
    authSecret: SecretKeySelector | None = None
    authUsername: NonEmpty | None = None
    forceImplicitTLS: bool | None = None
    from_: NonEmpty | None = field(default=None, name="from")
    headers: Annotated[list[KeyValue], ATOMIC] | None = None
    hello: NonEmpty | None = None
    html: str | None = None
    requireTLS: bool | None = None
    sendResolved: bool | None = None
    smarthost: NonEmpty | None = None
    text: NonEmpty | None = None
    threading: ThreadingConfig | None = None
    tlsConfig: SafeTLSConfig | None = None
    to: NonEmpty | None = None


class MSTeamsConfig(Model, kw_only=True, frozen=True):
    """A message to Microsoft Teams by its older connectors."""

    httpConfig: HTTPConfig | None = None
    sendResolved: bool | None = None
    summary: str | None = None
    text: str | None = None
    title: str | None = None
    webhookUrl: SecretKeySelector


class MSTeamsV2Config(Model, kw_only=True, frozen=True):
    """A message to Microsoft Teams by a workflow."""

    httpConfig: HTTPConfig | None = None
    sendResolved: bool | None = None
    text: NonEmpty | None = None
    title: NonEmpty | None = None
    webhookURL: SecretKeySelector | None = None


class OpsGenieConfig(Model, kw_only=True, frozen=True):
    """An alert of OpsGenie."""

    actions: NonEmpty | None = None
    apiKey: SecretKeySelector | None = None
    apiURL: WebURL | None = None
    description: NonEmpty | None = None
    details: Annotated[list[KeyValue], ATOMIC] | None = None
    entity: NonEmpty | None = None
    httpConfig: HTTPConfig | None = None
    message: NonEmpty | None = None
    note: NonEmpty | None = None
    priority: NonEmpty | None = None
    responders: Annotated[list[OpsGenieConfigResponder], ATOMIC] | None = None
    sendResolved: bool | None = None
    source: NonEmpty | None = None
    tags: NonEmpty | None = None
    updateAlerts: bool | None = None


class PagerDutyConfig(Model, kw_only=True, frozen=True):
    """An incident of PagerDuty."""

    class_: NonEmpty | None = field(default=None, name="class")
    client: NonEmpty | None = None
    clientURL: str | None = None
    component: NonEmpty | None = None
    description: NonEmpty | None = None
    details: Annotated[list[KeyValue], ATOMIC] | None = None
    group: NonEmpty | None = None
    httpConfig: HTTPConfig | None = None
    pagerDutyImageConfigs: Annotated[list[PagerDutyImageConfig], ATOMIC] | None = None
    pagerDutyLinkConfigs: Annotated[list[PagerDutyLinkConfig], ATOMIC] | None = None
    routingKey: SecretKeySelector | None = None
    sendResolved: bool | None = None
    serviceKey: SecretKeySelector | None = None
    severity: NonEmpty | None = None
    source: NonEmpty | None = None
    timeout: Duration | None = None
    url: WebURL | None = None


class PushoverConfig(Model, kw_only=True, frozen=True):
    """A push message by Pushover."""

    device: NonEmpty | None = None
    expire: PlainDuration | None = None
    html: bool | None = None
    httpConfig: HTTPConfig | None = None
    message: NonEmpty | None = None
    monospace: bool | None = None
    priority: NonEmpty | None = None
    retry: PlainDuration | None = None
    sendResolved: bool | None = None
    sound: NonEmpty | None = None
    title: NonEmpty | None = None
    token: SecretKeySelector | None = None
    tokenFile: NonEmpty | None = None
    ttl: Duration | None = None
    url: str | None = None
    urlTitle: NonEmpty | None = None
    userKey: SecretKeySelector | None = None
    userKeyFile: NonEmpty | None = None


class RocketChatConfig(Model, kw_only=True, frozen=True):
    """A message to Rocket.Chat."""

    actions: Annotated[list[RocketChatActionConfig], ATOMIC, schema(minItems=1)] | None = None
    apiURL: WebURL | None = None
    channel: NonEmpty | None = None
    color: NonEmpty | None = None
    emoji: NonEmpty | None = None
    fields: Annotated[list[RocketChatFieldConfig], ATOMIC, schema(minItems=1)] | None = None
    httpConfig: HTTPConfig | None = None
    iconURL: str | None = None
    imageURL: str | None = None
    linkNames: bool | None = None
    sendResolved: bool | None = None
    shortFields: bool | None = None
    text: NonEmpty | None = None
    thumbURL: str | None = None
    title: NonEmpty | None = None
    titleLink: NonEmpty | None = None
    token: SecretKeySelector
    tokenID: SecretKeySelector


class SlackConfig(Model, kw_only=True, frozen=True):
    """A message to Slack."""

    actions: Annotated[list[SlackAction], ATOMIC, schema(minItems=1)] | None = None
    apiURL: SecretKeySelector | None = None
    callbackId: NonEmpty | None = None
    channel: NonEmpty | None = None
    color: NonEmpty | None = None
    fallback: NonEmpty | None = None
    fields: Annotated[list[SlackField], ATOMIC, schema(minItems=1)] | None = None
    footer: NonEmpty | None = None
    httpConfig: HTTPConfig | None = None
    iconEmoji: NonEmpty | None = None
    iconURL: str | None = None
    imageURL: str | None = None
    linkNames: bool | None = None
    messageText: NonEmpty | None = None
    mrkdwnIn: Annotated[list[NonEmpty], ATOMIC, schema(minItems=1)] | None = None
    pretext: NonEmpty | None = None
    sendResolved: bool | None = None
    shortFields: bool | None = None
    text: NonEmpty | None = None
    thumbURL: str | None = None
    timeout: Duration | None = None
    title: NonEmpty | None = None
    titleLink: str | None = None
    updateMessage: bool | None = None
    username: NonEmpty | None = None


class SNSConfig(Model, kw_only=True, frozen=True):
    """A message to AWS SNS."""

    apiURL: str | None = None
    attributes: dict[str, str] | None = None
    httpConfig: HTTPConfig | None = None
    message: NonEmpty | None = None
    phoneNumber: NonEmpty | None = None
    sendResolved: bool | None = None
    sigv4: Sigv4 | None = None
    subject: NonEmpty | None = None
    targetARN: NonEmpty | None = None
    topicARN: NonEmpty | None = None
    useAWSHTTPClient: bool | None = None


class TelegramConfig(Model, kw_only=True, frozen=True):
    """A message to a Telegram chat."""

    apiURL: WebURL | None = None
    botToken: SecretKeySelector | None = None
    botTokenFile: str | None = None
    chatID: Int64
    disableNotifications: bool | None = None
    httpConfig: HTTPConfig | None = None
    message: str | None = None
    messageThreadID: Int64 | None = None
    parseMode: Literal["MarkdownV2", "Markdown", "HTML"] | None = None
    sendResolved: bool | None = None


class VictorOpsConfig(Model, kw_only=True, frozen=True):
    """An incident of VictorOps."""

    apiKey: SecretKeySelector | None = None
    apiUrl: WebURL | None = None
    customFields: Annotated[list[KeyValue], ATOMIC] | None = None
    entityDisplayName: NonEmpty | None = None
    httpConfig: HTTPConfig | None = None
    messageType: NonEmpty | None = None
    monitoringTool: NonEmpty | None = None
    routingKey: NonEmpty
    sendResolved: bool | None = None
    stateMessage: NonEmpty | None = None


class WebexConfig(Model, kw_only=True, frozen=True):
    """A message to a Webex room."""

    apiURL: WebURL | None = None
    httpConfig: HTTPConfig | None = None
    message: str | None = None
    roomID: NonEmpty
    sendResolved: bool | None = None


class WebhookConfig(Model, kw_only=True, frozen=True):
    """A request to any HTTP endpoint."""

    httpConfig: HTTPConfig | None = None
    maxAlerts: UInt32 | None = None
    payload: NonEmpty | None = None
    sendResolved: bool | None = None
    timeout: Duration | None = None
    url: str | None = None
    urlSecret: SecretKeySelector | None = None


class WeChatConfig(Model, kw_only=True, frozen=True):
    """A message to WeChat."""

    agentID: NonEmpty | None = None
    apiSecret: SecretKeySelector | None = None
    apiURL: WebURL | None = None
    corpID: NonEmpty | None = None
    httpConfig: HTTPConfig | None = None
    message: NonEmpty | None = None
    messageType: NonEmpty | None = None
    sendResolved: bool | None = None
    toParty: NonEmpty | None = None
    toTag: NonEmpty | None = None
    toUser: NonEmpty | None = None


class Receiver(Model, kw_only=True, frozen=True):
    """A name for a list of notifications."""

    discordConfigs: Annotated[list[DiscordConfig], ATOMIC] | None = None
    emailConfigs: Annotated[list[EmailConfig], ATOMIC] | None = None
    msteamsConfigs: Annotated[list[MSTeamsConfig], ATOMIC] | None = None
    msteamsv2Configs: Annotated[list[MSTeamsV2Config], ATOMIC] | None = None
    name: NonEmpty
    opsgenieConfigs: Annotated[list[OpsGenieConfig], ATOMIC] | None = None
    pagerdutyConfigs: Annotated[list[PagerDutyConfig], ATOMIC] | None = None
    pushoverConfigs: Annotated[list[PushoverConfig], ATOMIC] | None = None
    rocketchatConfigs: Annotated[list[RocketChatConfig], ATOMIC] | None = None
    slackConfigs: Annotated[list[SlackConfig], ATOMIC] | None = None
    snsConfigs: Annotated[list[SNSConfig], ATOMIC] | None = None
    telegramConfigs: Annotated[list[TelegramConfig], ATOMIC] | None = None
    victoropsConfigs: Annotated[list[VictorOpsConfig], ATOMIC] | None = None
    webexConfigs: Annotated[list[WebexConfig], ATOMIC] | None = None
    webhookConfigs: Annotated[list[WebhookConfig], ATOMIC] | None = None
    wechatConfigs: Annotated[list[WeChatConfig], ATOMIC] | None = None


class Route(Model, kw_only=True, frozen=True):
    """Which alerts go to which receiver, and how they are grouped."""

    activeTimeIntervals: Annotated[list[str], SET] | None = None
    continue_: bool | None = field(default=None, name="continue")
    groupBy: Annotated[list[str], SET] | None = None
    groupInterval: NonEmptyDuration | None = None
    groupWait: NonEmptyDuration | None = None
    matchers: Annotated[list[Matcher], ATOMIC] | None = None
    muteTimeIntervals: Annotated[list[str], SET] | None = None
    receiver: str | None = None
    repeatInterval: NonEmptyDuration | None = None
    routes: Annotated[list[Any], ATOMIC] | None = None


class AlertmanagerConfigSpec(Model, kw_only=True, frozen=True):
    """Routes, receivers and inhibition for one namespace."""

    inhibitRules: Annotated[list[InhibitRule], ATOMIC] | None = None
    muteTimeIntervals: Annotated[list[MuteTimeInterval], ATOMIC] | None = None
    receivers: Annotated[list[Receiver], keyed_by("name")] | None = None
    route: Route | None = None


class AlertmanagerConfig(Resource, kw_only=True, frozen=True):
    """One AlertmanagerConfig object."""

    spec: AlertmanagerConfigSpec
