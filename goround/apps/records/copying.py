"""Everything that is kept about one parent, for them to read and to take away.

Sealed notes and who must not meet are left out: another person's safety hangs on them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.children.locking import names_of, needs_of, who_came
from goround.apps.children.models import Adult, Child, Visit
from goround.apps.decisions.models import Candidacy, CheckIn, Decision, Mandate, Voice
from goround.apps.formation.models import Proposal
from goround.apps.groups.models import Invitation, Leadership, Membership
from goround.apps.marks.models import ChildMark, Mark
from goround.apps.meetings.models import Attendance, Reply
from goround.apps.outbox.models import Message
from goround.apps.people.consents.models import Consent
from goround.apps.people.models import Parent, Referral
from goround.apps.proofs.models import Proof
from goround.apps.records.models import Erasure
from goround.apps.records.openings import openings
from goround.apps.records.own_eyes import OWN_EYES, own_sections
from goround.apps.records.sections import Columns, Holding, Section, Words
from goround.apps.surveys.models import Awaited, Respondent


@dataclass(frozen=True, slots=True)
class Copy:
    alias: str
    organisation: str
    made_at: datetime
    sections: tuple[Section, ...]

    def as_json(self) -> str:
        """For a machine: the same sections, rows and values, under names that do not change."""
        return json.dumps(
            {
                "alias": self.alias,
                "organisation": self.organisation,
                "made_at": _plain(self.made_at),
                **{
                    section.key: [
                        {name: _plain(value) for name, _label, value in row} for row in section.rows
                    ]
                    for section in self.sections
                },
            },
            ensure_ascii=False,
            indent=1,
        )


FACTS: dict[str, Words] = {
    "home_cell": _("rough area where you live"),
    "languages": _("languages"),
    "available": _("hours"),
    "interests": _("kinds of group"),
    "modes": _("in person or online"),
    "max_km": _("how far you travel, km"),
    "needs": _("what you need there"),
    "tags": _("what you told about you"),
    "wishes": _("what you hope others share"),
    "children_ages": _("children's ages"),
    "disabilities": _("who in your family lives with a disability"),
    "gender": _("woman or man"),
    "safe_contact": _("a safe way to reach you"),
    "safe_email": _("a safe address"),
}
HOLDINGS = (
    Holding(
        Parent,
        "pk",
        _("What you told"),
        (
            ("alias", _("the name you chose")),
            ("reference", _("number in the organisation's own lists")),
            ("created_at", _("kept since")),
            *((name, FACTS[name]) for name in FACTS),
            ("ages_on", _("day the ages were told")),
        ),
    ),
    Holding(
        Referral,
        "parent",
        _("The waiting list"),
        (
            ("programme.name", _("for")),
            ("waiting_since", _("since")),
            ("get_status_display", _("now")),
            ("ended_at", _("until")),
            ("get_door_display", _("how you came")),
            ("source", _("kind of service that sent you")),
            ("agency", _("service that sent you")),
            ("agreed_on", _("you agreed to being sent on")),
            ("priority", _("how much it counted")),
            ("get_withdrawn_because_display", _("why you left the list")),
        ),
    ),
    Holding(
        Membership,
        "parent",
        _("Groups"),
        (
            ("group.name", _("group")),
            ("alias", _("your name there")),
            ("joined_on", _("since")),
            ("left_on", _("until")),
        ),
    ),
    Holding(
        Leadership,
        "membership__parent",
        _("What you led"),
        (
            ("group.name", _("group")),
            ("get_part_display", _("as")),
            ("from_on", _("since")),
            ("to_on", _("until")),
        ),
    ),
    Holding(
        Invitation,
        "membership__parent",
        _("Invitations"),
        (("text", _("words")), ("drafted_at", _("written")), ("told_at", _("told"))),
    ),
    Holding(
        Attendance,
        "membership__parent",
        _("Meetings you came to"),
        (("meeting.group.name", _("group")), ("meeting.starts_at", _("meeting"))),
    ),
    Holding(
        Mark,
        "seat__parent",
        _("Taps about you on a list without a signal"),
        (
            ("taken.meeting.group.name", _("group")),
            ("is_here", _("was here")),
            ("tapped_at", _("tapped")),
        ),
    ),
    Holding(
        ChildMark,
        "child__parent",
        _("Taps about your children on a list without a signal"),
        (
            ("child.alias", _("child")),
            ("about", _("what was tapped")),
            ("tapped_at", _("tapped")),
        ),
    ),
    Holding(
        Reply,
        "membership__parent",
        _("What you said about coming"),
        (
            ("meeting.group.name", _("group")),
            ("meeting.starts_at", _("meeting")),
            ("will_come", _("said yes")),
        ),
    ),
    Holding(
        Child,
        "parent",
        _("Your children in the children's programme"),
        (
            ("group.name", _("group")),
            ("alias", _("called")),
            ("band", _("years")),
            ("added_at", _("since")),
            ("ended_at", _("until")),
        ),
    ),
    Holding(
        Decision,
        "asked_by__parent",
        _("What you asked your group"),
        (
            ("group.name", _("group")),
            ("question", _("question")),
            ("asked_on", _("day")),
            ("get_status_display", _("now")),
        ),
    ),
    Holding(
        Voice,
        "membership__parent",
        _("What you said in open votes"),
        (
            ("decision.group.name", _("group")),
            ("decision.question", _("question")),
            ("said", _("you said")),
        ),
    ),
    Holding(
        Candidacy,
        "membership__parent",
        _("Elections in which you were named"),
        (
            ("decision.group.name", _("group")),
            ("decision.asked_on", _("day")),
            ("get_answer_display", _("you said")),
        ),
    ),
    Holding(
        Mandate,
        "chosen__parent",
        _("Elections in which you were chosen"),
        (
            ("decision.group.name", _("group")),
            ("decision.ended_on", _("day")),
            ("accepted", _("you said yes")),
            ("until_on", _("until")),
        ),
    ),
    Holding(
        CheckIn,
        "leadership__membership__parent",
        _("Talks about how leading goes"),
        (
            ("leadership.group.name", _("group")),
            ("on", _("day")),
            ("get_how_display", _("how it went")),
            ("help_asked", _("help you asked for")),
        ),
    ),
    Holding(
        Consent,
        "parent",
        _("What you agreed to"),
        (
            ("get_purpose_display", _("to")),
            ("recipient", _("for")),
            ("notice_version", _("version of the notice")),
            ("get_how_display", _("how")),
            ("given_at", _("since")),
            ("expires_at", _("ends by itself")),
            ("ended_at", _("ended")),
            ("get_ended_because_display", _("because")),
        ),
    ),
    Holding(
        Awaited,
        "parent",
        _("Surveys you are asked to answer"),
        (
            ("wave.group.name", _("group")),
            ("wave.closes_on", _("until")),
            ("reminders", _("reminded, times")),
        ),
    ),
    Holding(
        Respondent,
        "parent",
        _("What you answered in surveys"),
        (("group.name", _("group")), ("told", _("your answers"))),
    ),
    Holding(
        Message,
        "parent",
        _("Messages to you"),
        (
            ("kind", _("about")),
            ("asked_at", _("written")),
            ("get_status_display", _("now")),
            ("ended_at", _("until")),
        ),
    ),
    Holding(
        Proof,
        "parent",
        _("Papers you had made"),
        (
            ("issued_on", _("made on")),
            ("until_on", _("can be checked until")),
            ("taken_back_at", _("taken back")),
            ("programme", _("programme named on it")),
            ("days", _("days on it")),
        ),
    ),
    Holding(
        Erasure,
        "parent",
        _("Asked to be erased"),
        (
            ("asked_at", _("asked")),
            ("due_at", _("day it is done")),
            ("taken_back_at", _("taken back")),
        ),
    ),
)


@transaction.atomic
def make_copy(*, parent: Parent, by: User, at: datetime) -> Copy:
    """Everything that is kept about a parent. That it was made is in the trail.

    What belongs to their group too is only in the copy that they make themselves.
    """
    holdings = (*HOLDINGS, *OWN_EYES) if by.pk == parent.user_id else HOLDINGS
    sections = [_section(holding, parent) for holding in holdings]
    if by.pk == parent.user_id:
        sections += own_sections(parent)
    sections += [*_of_children(parent), _account(parent), _rounds(parent), _opened(parent)]
    audit.record("parent.record_copied", parent, by=by, at=at)
    return Copy(parent.alias, parent.organisation.name, at, tuple(sections))


def _section(holding: Holding, parent: Parent) -> Section:
    related = {name.rpartition(".")[0].replace(".", "__") for name, _label in holding.columns}
    rows = holding.model._base_manager.filter(**{holding.to_parent: parent.pk}).order_by("pk")
    rows = rows.select_related(*sorted(related - {""}))
    told = tuple(
        tuple((_key(name), label, _read(row, name)) for name, label in holding.columns)
        for row in rows
    )
    return Section(holding.model._meta.model_name or "", holding.title, told)


def _account(parent: Parent) -> Section:
    columns: Columns = (
        ("handle", _("what you sign in with")),
        ("shown_as", _("shown as")),
        ("language", _("language")),
        ("created_at", _("since")),
        ("last_login", _("last signed in")),
    )
    rows = [parent.user] if parent.user else []
    told = tuple(tuple((name, label, _read(row, name)) for name, label in columns) for row in rows)
    return Section("account", _("Your account"), told)


def _of_children(parent: Parent) -> Iterable[Section]:
    """Who is barred is left out: the account may be in that person's hands."""
    children = Child.objects.filter(parent=parent).order_by("pk")
    known = tuple(
        (
            ("child", _("child"), child.alias),
            ("allergies", _("allergies"), needs_of(child).allergies),
            ("needs", _("what else helps"), needs_of(child).needs),
        )
        for child in children
        if child.has_needs
    )
    yield Section("needs", _("What is to be known of your children"), known)
    adults = list(Adult.objects.filter(child__parent=parent).select_related("child").order_by("pk"))
    names = names_of(adults)
    listed = tuple(
        (
            ("child", _("child"), row.child.alias),
            ("adult", _("adult"), names[row.pk]),
            ("since", _("since"), row.since_on),
            ("until", _("until"), row.until_on),
            ("ended_at", _("ended"), row.ended_at),
        )
        for row in adults
    )
    yield Section("adults", _("Who may collect your children"), listed)
    visits = list(Visit.objects.filter(child__parent=parent).select_related("child").order_by("pk"))
    said = who_came(visits)
    came = tuple(
        (
            ("child", _("child"), row.child.alias),
            ("in_at", _("came"), row.in_at),
            ("brought", _("brought by"), said[row.pk][0]),
            ("out_at", _("went"), row.out_at),
            ("collected", _("collected by"), said[row.pk][1]),
        )
        for row in visits
    )
    yield Section("visits", _("When your children were there"), came)


def _rounds(parent: Parent) -> Section:
    """Rounds in which what they told was looked at; what was worked out there are ids."""
    own = str(parent.pk)
    seen = Proposal.objects.filter(
        round__organisation=parent.organisation_id, change=Proposal.Change.SEARCHED
    ).select_related("round")
    rows = [proposal for proposal in seen.order_by("pk").iterator(50) if _took_part(proposal, own)]
    told = tuple(
        (("round", _("round"), row.round.name), ("at", _("worked out"), row.at)) for row in rows
    )
    return Section("rounds", _("Rounds of forming groups you were part of"), told)


def _took_part(proposal: Proposal, own: str) -> bool:
    answer = proposal.answer
    placed: Iterable[Any] = (name for group in answer["groups"] for name in group["members"])
    return own in placed or any(row["parent"] == own for row in answer["unplaced"])


def _opened(parent: Parent) -> Section:
    told = tuple(
        (
            ("on", _("day"), line.on),
            ("who", _("who"), line.who),
            ("roles", _("as"), line.roles),
            ("why", _("why"), line.why),
        )
        for line in openings(parent)
    )
    return Section("opened", _("Who opened your record"), told)


def _key(name: str) -> str:
    return name.removeprefix("get_").removesuffix("_display").replace(".", "_")


def _read(row: Any, name: str) -> Any:
    """The value behind a dotted name; a method's answer, a row's text."""
    for part in name.split("."):
        row = getattr(row, part)
    return row() if callable(row) else row


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list() | tuple() | set() | frozenset():
            return [_plain(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
