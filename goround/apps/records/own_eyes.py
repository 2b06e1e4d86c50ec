"""What a parent wrote in their group, for the copy that they make themselves."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from goround.apps.agenda.models import Goal, GoalWords, Promise, Topic, Want
from goround.apps.agenda.own_words import open_words
from goround.apps.agreements.models import Affirmation, AgreementVersion
from goround.apps.joining.models import Buddy, JoinRequest, Leaving, Objection, Welcome
from goround.apps.people.models import Parent
from goround.apps.records.sections import Holding, Section
from goround.apps.rooms.models import Note, Offer, Rider

ROOM = (
    Holding(
        JoinRequest,
        "parent",
        _("Groups you asked to join"),
        (
            ("group.name", _("group")),
            ("alias", _("what you wanted to be called")),
            ("words", _("what you said about you")),
            ("asked_at", _("asked")),
            ("get_status_display", _("now")),
            ("ended_at", _("until")),
        ),
    ),
    Holding(
        Offer,
        "membership__parent",
        _("What you offered"),
        (
            ("meeting.starts_at", _("meeting")),
            ("get_kind_display", _("what")),
            ("words", _("your words")),
            ("seats", _("seats")),
        ),
    ),
    Holding(
        Rider,
        "membership__parent",
        _("Seats you took"),
        (("offer.meeting.starts_at", _("meeting")),),
    ),
    Holding(
        Note,
        "membership__parent",
        _("What you wrote to those who lead"),
        (
            ("membership.group.name", _("group")),
            ("written_at", _("written")),
            ("text", _("your words")),
            ("answer", _("their answer")),
            ("answered_at", _("answered")),
        ),
    ),
    Holding(
        Buddy,
        "membership__parent",
        _("Where you are glad to be asked by somebody new"),
        (("membership.group.name", _("group")),),
    ),
    Holding(
        Welcome,
        "membership__parent",
        _("Where somebody looks out for you"),
        (("membership.group.name", _("group")),),
    ),
    Holding(
        Objection,
        "user__parent",
        _("Where you would rather not let somebody in"),
        (("request.group.name", _("group")),),
    ),
    Holding(
        Leaving,
        "membership__parent",
        _("Groups you left today"),
        (("membership.group.name", _("group")),),
    ),
)

# What a parent said in their group belongs to the group: nobody on the staff makes a copy of it.
OWN_EYES = (
    *ROOM,
    Holding(
        Affirmation,
        "membership__parent",
        _("Agreements you said yes to"),
        (
            ("version.group.name", _("group")),
            ("version.number", _("version")),
            ("said_on", _("said on")),
        ),
    ),
    Holding(
        AgreementVersion,
        "written_by__parent",
        _("Agreements you wrote"),
        (
            ("group.name", _("group")),
            ("number", _("version")),
            ("written_at", _("written")),
            ("text", _("words")),
        ),
    ),
    Holding(
        Topic,
        "signed_by__parent",
        _("What you wanted to talk about"),
        (("group.name", _("group")), ("text", _("words")), ("month", _("month"))),
    ),
    Holding(
        Want,
        "membership__parent",
        _("What you wanted to talk about too"),
        (("topic.group.name", _("group")), ("topic.text", _("words"))),
    ),
)


def own_sections(parent: Parent) -> list[Section]:
    """What is locked with the parent's own key."""
    return [_promises(parent), _goals(parent)]


def _promises(parent: Parent) -> Section:
    rows = list(
        Promise.objects.filter(membership__parent=parent)
        .select_related("membership__group")
        .order_by("pk")
    )
    words = open_words(rows)
    told = tuple(
        (
            ("group", _("group"), row.membership.group.name),
            ("words", _("words"), words.get(row.pk, "")),
            ("made_at", _("said"), row.made_at),
            ("outcome", _("how it went"), row.get_outcome_display()),
        )
        for row in rows
    )
    return Section("promise", _("What you said you would try"), told)


def _goals(parent: Parent) -> Section:
    rows = list(
        Goal.objects.filter(membership__parent=parent)
        .select_related("membership__group")
        .order_by("pk")
    )
    words = {pk: GoalWords.from_text(text) for pk, text in open_words(rows).items()}
    told = tuple(
        (
            ("group", _("group"), row.membership.group.name),
            ("words", _("words"), words[row.pk].text),
            ("steps", _("steps"), [step.text for step in words[row.pk].steps]),
            ("steps_done", _("steps done"), words[row.pk].done),
            ("is_shared", _("the group reads it"), row.is_shared),
            ("set_on", _("since"), row.set_on),
            ("done_on", _("done"), row.done_on),
        )
        for row in rows
        if row.pk in words
    )
    return Section("goal", _("Your goals"), told)
