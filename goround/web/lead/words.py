"""Plain words for stages, acts and ways."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goround.domain.privacy.apart import Scope
from goround.domain.safeguarding.concern import Act, Stage, Way

Text = str | Promise

STAGES: dict[Stage, Text] = {
    Stage.RAISED: _("new"),
    Stage.ACKNOWLEDGED: _("received"),
    Stage.TRIAGED: _("looked at"),
    Stage.DECIDED: _("decided"),
    Stage.REPORTED: _("reported"),
    Stage.FOLLOWED: _("being followed up"),
    Stage.CLOSED: _("closed"),
}
# What a lead does, as a heading.
ACTS: dict[Act, Text] = {
    Act.ACKNOWLEDGE: _("Say that you have it"),
    Act.TRIAGE: _("Look how pressing it is"),
    Act.DECIDE: _("Decide, and say why"),
    Act.REPORT: _("Write down a report"),
    Act.SHARE: _("Write down what you told somebody"),
    Act.FOLLOW_UP: _("Plan what comes next"),
    Act.CLOSE: _("Close it"),
    Act.REOPEN: _("Open it again"),
}
# The same, once it was done.
DONE: dict[Act, Text] = {
    Act.ACKNOWLEDGE: _("received"),
    Act.TRIAGE: _("looked at"),
    Act.DECIDE: _("decided"),
    Act.REPORT: _("reported"),
    Act.SHARE: _("told somebody"),
    Act.FOLLOW_UP: _("followed up"),
    Act.CLOSE: _("closed"),
    Act.REOPEN: _("opened again"),
}
WAYS: dict[Way, Text] = {
    Way.SELF: _("The parent called, because we offered it"),
    Way.JOINT: _("The parent and we called together"),
    Way.GROUP: _("We called"),
    Way.ALREADY: _("It was reported already"),
}
SCOPES: dict[Scope, Text] = {
    Scope.PLACE: _("Never in one group, and never at the same place on the same day"),
    Scope.GROUP: _("Never in one group; the same building is all right"),
}
# The boxes of sealed words, as headings.
BOXES: dict[str, Text] = {
    "about": _("About"),
    "what": _("What"),
    "where": _("Where or which group"),
    "reach": _("How to reach whoever raised it"),
    "raised_by": _("Raised by"),
    "account": _("Their handle"),
    "why": _("Why"),
    "with_whom": _("With whom"),
    "how_pressing": _("How pressing"),
    "offered_first": _("Was it offered to the parent to call themselves?"),
    "words": _("Notes"),
}
ABOUT: dict[str, Text] = {
    "child": _("a child"),
    "parent": _("another parent"),
    "myself": _("myself: I need help"),
    "helper": _("somebody who works here or leads a group"),
    "other": _("something else"),
}


def in_boxes(told: dict[str, str]) -> list[tuple[Text, Text]]:
    """Sealed words under their headings, in the order of the boxes."""
    return [
        (heading, ABOUT.get(told[name], told[name]) if name == "about" else told[name])
        for name, heading in BOXES.items()
        if told.get(name)
    ]
