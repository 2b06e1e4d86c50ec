"""What a parent is told before they say yes: which version stands, and how long a yes lasts.

The words are with the pages. Whoever changes them so that they say something else counts the
version up here; a yes to an older version goes on until it runs out, and is asked for again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from goround.apps.people.consents.models import Consent

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Notice:
    version: int
    lasts: timedelta


# A release is for a time: shorter, the further away it lets something go.
NOTICES: dict[str, Notice] = {
    Consent.Purpose.MESSAGES: Notice(1, YEAR),
    Consent.Purpose.REFERRAL: Notice(1, timedelta(days=90)),
    Consent.Purpose.PHOTO: Notice(1, YEAR),
    Consent.Purpose.SHARING: Notice(1, timedelta(days=180)),
}
