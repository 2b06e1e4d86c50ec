from __future__ import annotations

import logging
from datetime import datetime

from goround.apps.audit import chains
from goround.apps.jobs.daily import every_day

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
