"""AlertmanagerConfig v1beta1: routes, receivers and inhibition for one namespace."""

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
    schema,
)
from render.api.selectors import SecretKeySelector


class Matcher(Model, kw_only=True, frozen=True):
    """A condition on a label of an alert."""

    matchType: Literal["!=", "=", "=~", "!~"] | None = None
    name: NonEmpty
    value: str | None = None


class InhibitRule(Model, kw_only=True, frozen=True):
    """Alerts that silence other alerts."""

    equal: list[str] | None = None
    sourceMatch: list[Matcher] | None = None
    targetMatch: list[Matcher] | None = None


class SecretKeySelectorV1beta1(Model, kw_only=True, frozen=True):
    """One key of a Secret in the namespace of the object."""

    key: NonEmpty
    name: NonEmpty


class HTTPConfig(ProxyConfig, kw_only=True, frozen=True):
    """The HTTP client of a receiver."""

    authorization: SafeAuthorization | None = None
    basicAuth: BasicAuth | None = None
    bearerTokenSecret: SecretKeySelectorV1beta1 | None = None
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
    authPassword: SecretKeySelectorV1beta1 | None = None
    authSecret: SecretKeySelectorV1beta1 | None = None
    authUsername: NonEmpty | None = None
    forceImplicitTLS: bool | None = None
    from_: NonEmpty | None = field(default=None, name="from")
    headers: list[KeyValue] | None = None
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
    apiKey: SecretKeySelectorV1beta1 | None = None
    apiURL: WebURL | None = None
    description: NonEmpty | None = None
    details: list[KeyValue] | None = None
    entity: NonEmpty | None = None
    httpConfig: HTTPConfig | None = None
    message: NonEmpty | None = None
    note: NonEmpty | None = None
    priority: NonEmpty | None = None
    responders: list[OpsGenieConfigResponder] | None = None
    sendResolved: bool | None = None
    source: NonEmpty | None = None
    tags: NonEmpty | None = None


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
    routingKey: SecretKeySelectorV1beta1 | None = None
    sendResolved: bool | None = None
    serviceKey: SecretKeySelectorV1beta1 | None = None
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
    token: SecretKeySelectorV1beta1 | None = None
    tokenFile: str | None = None
    ttl: Duration | None = None
    url: str | None = None
    urlTitle: NonEmpty | None = None
    userKey: SecretKeySelectorV1beta1 | None = None
    userKeyFile: str | None = None


class RocketChatConfig(Model, kw_only=True, frozen=True):
    """A message to Rocket.Chat."""

    actions: Annotated[list[RocketChatActionConfig], schema(minItems=1)] | None = None
    apiURL: WebURL | None = None
    channel: NonEmpty | None = None
    color: NonEmpty | None = None
    emoji: NonEmpty | None = None
    fields: Annotated[list[RocketChatFieldConfig], schema(minItems=1)] | None = None
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
    apiURL: SecretKeySelectorV1beta1 | None = None
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
    botToken: SecretKeySelectorV1beta1 | None = None
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

    apiKey: SecretKeySelectorV1beta1 | None = None
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
    urlSecret: SecretKeySelectorV1beta1 | None = None


class WeChatConfig(Model, kw_only=True, frozen=True):
    """A message to WeChat."""

    agentID: NonEmpty | None = None
    apiSecret: SecretKeySelectorV1beta1 | None = None
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

    discordConfigs: list[DiscordConfig] | None = None
    emailConfigs: list[EmailConfig] | None = None
    msteamsConfigs: list[MSTeamsConfig] | None = None
    msteamsv2Configs: list[MSTeamsV2Config] | None = None
    name: NonEmpty
    opsgenieConfigs: list[OpsGenieConfig] | None = None
    pagerdutyConfigs: list[PagerDutyConfig] | None = None
    pushoverConfigs: list[PushoverConfig] | None = None
    rocketchatConfigs: list[RocketChatConfig] | None = None
    slackConfigs: list[SlackConfig] | None = None
    snsConfigs: list[SNSConfig] | None = None
    telegramConfigs: list[TelegramConfig] | None = None
    victoropsConfigs: list[VictorOpsConfig] | None = None
    webexConfigs: list[WebexConfig] | None = None
    webhookConfigs: list[WebhookConfig] | None = None
    wechatConfigs: list[WeChatConfig] | None = None


class Route(Model, kw_only=True, frozen=True):
    """Which alerts go to which receiver, and how they are grouped."""

    activeTimeIntervals: list[str] | None = None
    continue_: bool | None = field(default=None, name="continue")
    groupBy: list[str] | None = None
    groupInterval: NonEmptyDuration | None = None
    groupWait: NonEmptyDuration | None = None
    matchers: list[Matcher] | None = None
    muteTimeIntervals: list[str] | None = None
    receiver: str | None = None
    repeatInterval: NonEmptyDuration | None = None
    routes: list[Any] | None = None


class TimePeriod(Model, kw_only=True, frozen=True):
    """A period described by times, days, months and years."""

    daysOfMonth: list[DayOfMonthRange] | None = None
    months: list[MonthRange] | None = None
    times: list[TimeRange] | None = None
    weekdays: list[WeekdayRange] | None = None
    years: list[YearRange] | None = None


class TimeInterval(Model, kw_only=True, frozen=True):
    """A name for a list of periods."""

    name: str
    timeIntervals: list[TimePeriod] | None = None


class AlertmanagerConfigSpec(Model, kw_only=True, frozen=True):
    """Routes, receivers and inhibition for one namespace."""

    inhibitRules: list[InhibitRule] | None = None
    receivers: list[Receiver] | None = None
    route: Route | None = None
    timeIntervals: list[TimeInterval] | None = None


class AlertmanagerConfig(Resource, kw_only=True, frozen=True):
    """One AlertmanagerConfig object."""

    spec: AlertmanagerConfigSpec
