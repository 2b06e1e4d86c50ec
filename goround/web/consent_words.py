"""What a parent is told before they say yes. The version of each notice is in ``notices``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goround.apps.people.consents.models import Consent

Purpose = Consent.Purpose
Words = str | Promise

# Title, and what a yes means.
NOTICES: dict[str, tuple[Words, Words]] = {
    Purpose.MESSAGES: (
        _("Write to me"),
        _(
            "We may send you short messages about your group, in the way you called safe. They "
            "never say what the group is about."
        ),
    ),
    Purpose.PHOTO: (
        _("Have me in photos"),
        _("A photo of the group that shows you may be shown to others. You see it before."),
    ),
    Purpose.REFERRAL: (
        _("Put me in touch with another service"),
        _("We may tell the service named here that you would like to hear from them."),
    ),
    Purpose.SHARING: (
        _("Share some of what I told"),
        _("We may tell the service named here what we agreed with you, and nothing else."),
    ),
}
# What a parent can say yes to by themselves: these name nobody else.
OWN = (Purpose.MESSAGES, Purpose.PHOTO)


@dataclass(frozen=True)
class Choice:
    """One thing that can be said yes to, and how it stands."""

    purpose: str
    recipient: str
    title: Words
    means: Words
    live: Consent | None

    @property
    def key(self) -> str:
        return f"{self.purpose}-{self.recipient}"


def choices(consents: Iterable[Consent], *, at: datetime) -> list[Choice]:
    """What a parent may always say yes to, and every yes about somebody else that holds."""
    live = [consent for consent in consents if consent.is_live(at=at)]
    own = [_choice(purpose, "", live) for purpose in OWN]
    others = sorted({(each.purpose, each.recipient) for each in live if each.recipient})
    return own + [_choice(purpose, recipient, live) for purpose, recipient in others]


def _choice(purpose: str, recipient: str, live: Iterable[Consent]) -> Choice:
    title, means = NOTICES[purpose]
    found = (each for each in live if (each.purpose, each.recipient) == (purpose, recipient))
    return Choice(purpose, recipient, title, means, next(found, None))
