"""The integrations of a receiver, one module each.

A new one is a module that gives an `Integration`, and an entry here.
"""

from __future__ import annotations

from render.generation.alertmanager.receivers.discord import DISCORD
from render.generation.alertmanager.receivers.email import EMAIL
from render.generation.alertmanager.receivers.incidentio import INCIDENTIO
from render.generation.alertmanager.receivers.jira import JIRA
from render.generation.alertmanager.receivers.mattermost import MATTERMOST
from render.generation.alertmanager.receivers.msteams import MSTEAMS
from render.generation.alertmanager.receivers.msteamsv2 import MSTEAMSV2
from render.generation.alertmanager.receivers.opsgenie import OPSGENIE
from render.generation.alertmanager.receivers.pagerduty import PAGERDUTY
from render.generation.alertmanager.receivers.pushover import PUSHOVER
from render.generation.alertmanager.receivers.rocketchat import ROCKETCHAT
from render.generation.alertmanager.receivers.slack import SLACK
from render.generation.alertmanager.receivers.sns import SNS
from render.generation.alertmanager.receivers.telegram import TELEGRAM
from render.generation.alertmanager.receivers.victorops import VICTOROPS
from render.generation.alertmanager.receivers.webex import WEBEX
from render.generation.alertmanager.receivers.webhook import WEBHOOK
from render.generation.alertmanager.receivers.wechat import WECHAT

INTEGRATIONS = (
    OPSGENIE,
    PAGERDUTY,
    SLACK,
    WEBHOOK,
    WECHAT,
    EMAIL,
    PUSHOVER,
    VICTOROPS,
    SNS,
    TELEGRAM,
    DISCORD,
    WEBEX,
    MSTEAMS,
    MSTEAMSV2,
    JIRA,
    ROCKETCHAT,
    MATTERMOST,
    INCIDENTIO,
)
"""In the order of writing."""

CHECKED = (
    PAGERDUTY,
    OPSGENIE,
    DISCORD,
    SLACK,
    WEBHOOK,
    WECHAT,
    WEBEX,
    EMAIL,
    VICTOROPS,
    PUSHOVER,
    SNS,
    TELEGRAM,
    MSTEAMS,
    MSTEAMSV2,
    ROCKETCHAT,
)
"""Those of AlertmanagerConfig, in the order in which the operator looks up their references."""
