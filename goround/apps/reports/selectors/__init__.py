"""Figures over many meetings: an organisation's month, a network's month, a period's picture."""

from goround.apps.reports.selectors.month import (
    Due,
    GroupMonth,
    OrganisationMonth,
    month_of,
    reminders,
)
from goround.apps.reports.selectors.network import (
    HostMonth,
    NetworkMonth,
    network_month,
    present_month,
)
from goround.apps.reports.selectors.snapshot import Line, Snapshot, Target, periods, snapshot

__all__ = [
    "Due",
    "GroupMonth",
    "HostMonth",
    "Line",
    "NetworkMonth",
    "OrganisationMonth",
    "Snapshot",
    "Target",
    "month_of",
    "network_month",
    "periods",
    "present_month",
    "reminders",
    "snapshot",
]
