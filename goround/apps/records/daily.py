from __future__ import annotations

import logging
from datetime import datetime

from goround.apps.audit import chains
from goround.apps.jobs.daily import every_day
from goround.apps.organisations.models import Organisation
from goround.apps.records.erasing import erase_due
from goround.apps.records.retention import let_go, let_sessions_go

log = logging.getLogger("goround.trail")


@every_day("check the trail")
def check_the_trail(at: datetime) -> None:
    """Follow every chain, note what was found for the desk, and log where each one ends.

    The ends go into the log because that is kept apart from the database: they show later
    whether a chain was cut short together with its head.
    """
    for organisation_id in chains.chains():
        finding = chains.check(organisation_id)
        chains.note(finding, at=at)
        whose = (
            "the installation" if organisation_id is None else f"organisation #{organisation_id}"
        )
        if finding.broken:
            broken = finding.broken
            log.error("the trail of %s is %s at entry %s", whose, broken.fault, broken.number)
        else:
            log.info("the trail of %s is whole and ends at %s", whose, finding.head)


@every_day("erase and let go")
def let_everything_go(at: datetime) -> None:
    """First what people asked to be erased, then what is over by the rules."""
    erase_due(by=None, at=at)
    for organisation in Organisation.objects.order_by("pk"):
        let_go(organisation=organisation, by=None, at=at)
    let_sessions_go(at=at)
