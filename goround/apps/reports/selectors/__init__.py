"""Figures over many meetings: an organisation's month and picture, a network's meetings."""

from goround.apps.reports.selectors.month import (
    Due,
    GroupMonth,
    OrganisationMonth,
    month_of,
    reminders,
)
from goround.apps.reports.selectors.network import (
    HostMonth,
    MeetingSums,
    NetworkMonth,
    Target,
    group_target,
    network_month,
    present_month,
)
from goround.apps.reports.selectors.snapshot import Line, Snapshot, periods, snapshot

__all__ = [
    "Due",
    "GroupMonth",
    "HostMonth",
    "Line",
    "MeetingSums",
    "NetworkMonth",
    "OrganisationMonth",
    "Snapshot",
    "Target",
    "group_target",
    "month_of",
    "network_month",
    "periods",
    "present_month",
    "reminders",
    "snapshot",
]
