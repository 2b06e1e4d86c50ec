"""Breaking the glass: one parent's facts in an emergency, seen by a second person afterwards.

What it opens is what the server itself can open: how to reach a parent, about where they live,
how old their children are. Sealed words stay sealed; nobody here holds a key to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.formats import number_format

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.keys.content import lock_text, unlock_text
from goround.apps.organisations.models import Organisation, RoleAssignment
from goround.apps.organisations.roles import Permission, Role, roles_with
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.people.models import Parent
from goround.apps.reader.words import listed_apart
from goround.apps.safeguarding.models import Opening
from goround.apps.safeguarding.notices import tell_second_person

MOST_MINUTES = 60


class NoSecondPerson(Exception):
    """Nobody else could be told, and without that the glass stays whole."""


class NotYours(Exception):
    """Whoever broke the glass does not review it, and nobody reviews twice."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An opening with what it shows now, and the words that go with it."""

    opening: Opening
    alias: str
    reason: str
    review: str
    facts: Mapping[str, str]


@transaction.atomic
def break_glass(
    *,
    parent: Parent,
    scope: Opening.Scope,
    minutes: int,
    reason: str,
    second: User | None,
    by: User,
    at: datetime,
) -> Opening:
    """Open one parent's facts for at most an hour; a second person is told in the same act.

    ``second`` is one of ``second_people``; left out, the first of them. Raises
    ``NoSecondPerson`` where there is none.
    """
    others = second_people(by, parent.organisation)
    chosen = next((one for one in others if second is None or one.pk == second.pk), None)
    if chosen is None:
        raise NoSecondPerson(f"nobody but user #{by.pk} at {parent.organisation}")
    opening = Opening.objects.create(
        organisation=parent.organisation,
        parent_id=parent.pk,
        scope=scope,
        by=by,
        at=at,
        minutes=min(minutes, MOST_MINUTES),
        alerted=chosen,
    )
    opening.reason = _lock(opening, "reason", reason)
    opening.save(update_fields=["reason"])
    audit.record(
        "parent.glass_broken",
        parent,
        by=by,
        at=at,
        opening=opening.pk,
        scope=str(scope),
        minutes=opening.minutes,
        alerted=chosen.pk,
    )
    tell_second_person(opening, by=by, at=at)
    return opening


@transaction.atomic
def review(*, opening: Opening, was_right: bool, words: str, by: User, at: datetime) -> None:
    """A second person looks back. Raises ``NotYours``."""
    held = Opening.objects.select_for_update(of=("self",), no_key=True).get(pk=opening.pk)
    if held.by_id == by.pk or held.reviewed_at:
        raise NotYours(f"{held} is not user #{by.pk}'s to review")
    held.reviewed_by, held.reviewed_at, held.was_right = by, at, was_right
    held.review = _lock(held, "review", words)
    held.save(update_fields=["reviewed_by", "reviewed_at", "was_right", "review"])
    audit.record("opening.reviewed", held, by=by, at=at, was_right=was_right)


def second_people(viewer: Viewer, organisation: Organisation) -> list[User]:
    """Who can be told, leads first: whoever may look back, except the viewer."""
    may = RoleAssignment.objects.filter(
        organisation=organisation,
        role__in=roles_with(Permission.REVIEW_OPENINGS),
        user__is_active=True,
    ).exclude(user=viewer.pk)
    held = sorted(
        may.select_related("user"), key=lambda one: (one.role != Role.SAFEGUARDING_LEAD, one.pk)
    )
    return list({one.user_id: one.user for one in held}.values())


def openings_of(viewer: Viewer, organisation: Organisation) -> QuerySet[Opening]:
    """The viewer's own openings, and those that they may look back at."""
    breaks = organisations_for(viewer, needs=Permission.BREAK_GLASS)
    reviews = organisations_for(viewer, needs=Permission.REVIEW_OPENINGS)
    seen = Q(by=viewer.pk, organisation__in=breaks) | Q(organisation__in=reviews)
    return (
        Opening.objects.filter(seen, organisation=organisation)
        .select_related("by", "alerted", "reviewed_by", "organisation")
        .order_by("-at", "-pk")
    )


def openings_to_review(viewer: Viewer, organisation: Organisation) -> QuerySet[Opening]:
    """Those nobody has looked back at yet, and that are not the viewer's own."""
    may = organisations_for(viewer, needs=Permission.REVIEW_OPENINGS)
    rows = openings_of(viewer, organisation).filter(organisation__in=may, reviewed_at=None)
    return rows.exclude(by=viewer.pk)


@transaction.atomic
def shown(viewer: Viewer, opening: Opening, *, at: datetime) -> Shown:
    """One opening. Its facts are there for who opened it, and only while it lasts."""
    parent = Parent.objects.filter(
        organisation=opening.organisation_id, pk=opening.parent_id
    ).first()
    open_now = opening.by_id == viewer.pk and opening.is_open(at=at)
    facts = _facts(parent, Opening.Scope(opening.scope), at) if parent and open_now else {}
    if facts:
        audit.record("parent.details_seen", parent or opening, by=viewer, at=at, opening=opening.pk)
    return Shown(
        opening,
        parent.alias if parent else "",
        _unlock(opening, "reason", opening.reason),
        _unlock(opening, "review", opening.review),
        facts,
    )


def parents_called(viewer: Viewer, organisation: Organisation, called: str) -> list[Parent]:
    """Parents whose alias holds these letters, for somebody who may break the glass."""
    may = organisations_for(viewer, needs=Permission.BREAK_GLASS)
    found = Parent.objects.filter(
        organisation=organisation, organisation__in=may, alias__icontains=called
    )
    return list(found.order_by("alias", "pk")[:20])


def _facts(parent: Parent, scope: Opening.Scope, at: datetime) -> dict[str, str]:
    if scope is Opening.Scope.CONTACT:
        return {"contact": parent.safe_contact, "email": parent.safe_email}
    if scope is Opening.Scope.HOME:
        return {"home": parent.home_cell}
    ages = parent.ages(on=parent.organisation.local(at).date())
    return {"ages": listed_apart(number_format(age, 0 if age == int(age) else 1) for age in ages)}


def _lock(opening: Opening, column: str, text: str) -> bytes:
    return lock_text(
        text,
        organisation_id=opening.organisation_id,
        table="safeguarding_opening",
        column=column,
        row=opening.pk,
    )


def _unlock(opening: Opening, column: str, locked: bytes | memoryview) -> str:
    if not locked:
        return ""
    return unlock_text(
        locked,
        organisation_id=opening.organisation_id,
        table="safeguarding_opening",
        column=column,
        row=opening.pk,
    )
