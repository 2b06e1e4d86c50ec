"""What the demo's parent finds on their own pages, and how long the demo keeps things."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from goround.apps.accounts.models import User
from goround.apps.organisations.models import Network
from goround.apps.people.consents import services as consents
from goround.apps.people.consents.models import Consent
from goround.apps.people.models import Parent
from goround.apps.records.openings import Why, note_opened
from goround.apps.records.retention import shipped_text
from goround.apps.records.services import use_rules

# As long as there is a demo: it shows groups that ended in 2015.
FOREVER = "months = 1200"


def load_records(network: Network, parent: Parent, *, by: User, at: datetime) -> None:
    """Let the parent of the cast find who opened their record, and what they agreed to."""
    keep_all = re.sub(r"^months = \d+$", FOREVER, shipped_text(), flags=re.MULTILINE)
    use_rules(network=network, text=keep_all, by=None, at=at)
    for days, why in ((40, Why.WAITING), (33, Why.PLACING), (2, Why.RECORD)):
        note_opened(
            organisation=parent.organisation,
            parent_ids=[parent.pk],
            why=why,
            by=by,
            at=at - timedelta(days=days),
        )
    for purpose, recipient in (
        (Consent.Purpose.MESSAGES, ""),
        (Consent.Purpose.SHARING, "Westlake Clinic"),
    ):
        consents.give(
            parent=parent,
            purpose=purpose,
            recipient=recipient,
            how=Consent.How.IN_WORDS,
            by=by,
            at=at - timedelta(days=33),
        )
