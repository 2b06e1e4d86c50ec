"""Who to call: services that exist, by country. None of them is ours.

Hours are left to each service's own page, because a wrong hour is worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Helpline:
    words: Words
    number: str
    # What a telephone dials.
    dial: str


@dataclass(frozen=True)
class Country:
    name: Words
    danger: Helpline
    lines: tuple[Helpline, ...]


UNITED_STATES = Country(
    _("United States"),
    Helpline(_("Somebody is in danger now"), "911", "911"),
    (
        Helpline(_("Thoughts of ending your life: call or text the lifeline"), "988", "988"),
        Helpline(
            _("A child is being hurt, or you are afraid you might hurt one: Childhelp"),
            "1-800-422-4453",
            "+18004224453",
        ),
        Helpline(
            _("Somebody at home hurts or frightens you: Domestic Violence Hotline"),
            "1-800-799-7233",
            "+18007997233",
        ),
    ),
)
UNITED_KINGDOM = Country(
    _("United Kingdom"),
    Helpline(_("Somebody is in danger now"), "999", "999"),
    (
        Helpline(_("To talk to somebody, about anything: Samaritans"), "116 123", "116123"),
        Helpline(_("Worried about a child: NSPCC"), "0808 800 5000", "+448088005000"),
        Helpline(
            _("Somebody at home hurts or frightens you: Domestic Abuse Helpline"),
            "0808 2000 247",
            "+448082000247",
        ),
    ),
)


def helplines() -> tuple[Country, ...]:
    return UNITED_STATES, UNITED_KINGDOM
