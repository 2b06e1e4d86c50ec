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
    network_month,
    present_month,
)
from goround.apps.reports.selectors.snapshot import Line, Snapshot, periods, snapshot
from goround.apps.reports.selectors.target import HostBegun, Plan, Target, group_target, plan_of

__all__ = [
    "Due",
    "GroupMonth",
    "HostBegun",
    "HostMonth",
    "Line",
    "MeetingSums",
    "NetworkMonth",
    "OrganisationMonth",
    "Plan",
    "Snapshot",
    "Target",
    "group_target",
    "month_of",
    "network_month",
    "periods",
    "plan_of",
    "present_month",
    "reminders",
    "snapshot",
]
