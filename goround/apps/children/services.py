"""Who comes to a children's programme and who may collect them: written down, changed, ended."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.audit import chains
from goround.apps.audit import services as audit
from goround.apps.children.locking import (
    Needs,
    lock_adult,
    lock_needs,
    names_of,
    needs_of,
)
from goround.apps.children.models import Adult, Child
from goround.apps.children.programme import bands_of
from goround.apps.groups.models import Group
from goround.apps.people.models import Parent
from goround.domain.children.adults import words_of

LONGEST_NAME = 60
MOST_CHILDREN = 15
MOST_ADULTS = 20


class NoProgramme(Exception):
    """The group has no children's programme, or none for this age."""


class TooMany(Exception):
    """So many are written down already that another must be a mistake."""


@transaction.atomic
def add_child(
    *,
    group: Group,
    parent: Parent | None,
    alias: str,
    band: str,
    adult: str,
    needs: Needs,
    mark: UUID,
    by: User,
    at: datetime,
) -> Child:
    """Write a child down, with the adult who may always collect them.

    Of a child without a parent here the adult is on site, and is listed for this day alone. The
    same mark sent again is the same child. Raises ``NoProgramme`` and ``TooMany``.
    """
    there = Child.objects.filter(mark=mark, group=group).first()
    if there:
        return there
    if band not in {each.key for each in bands_of(group)}:
        raise NoProgramme(f"{group} has no children's programme for {band}")
    if parent and Child.objects.filter(parent=parent, ended_at=None).count() >= MOST_CHILDREN:
        raise TooMany(f"{parent} has {MOST_CHILDREN} children already")
    child = Child.objects.create(
        group=group, parent=parent, mark=mark, alias=alias, band=band, added_at=at
    )
    _keep_needs(child, needs)
    today = group.today(at=at)
    _list(child, adult, since=today, until=None if parent else today, by=by, at=at)
    audit.record("child.added", child, by=by, at=at, group=group.pk)
    return child


@transaction.atomic
def change_child(
    *, child: Child, alias: str, band: str, needs: Needs | None, by: User, at: datetime
) -> Child:
    """Another name, age band or needs; ``needs`` None leaves what is known as it is.

    The trail says that needs were changed and not to what. Raises ``NoProgramme``.
    """
    held = _hold(child)
    if band not in {each.key for each in bands_of(held.group)}:
        raise NoProgramme(f"{held.group} has no children's programme for {band}")
    changed = (held.alias, held.band) != (alias, band)
    has_new_needs = needs is not None and needs != needs_of(held)
    held.alias, held.band = alias, band
    if changed:
        held.save(update_fields=["alias", "band"])
    if has_new_needs and needs is not None:
        _keep_needs(held, needs)
    if changed or has_new_needs:
        audit.record("child.changed", held, by=by, at=at, needs=has_new_needs)
    return held


@transaction.atomic
def end_child(*, child: Child, by: User, at: datetime) -> None:
    """The child comes no more. Their visits are kept as long as the rules say."""
    chains.hold(child.organisation_id)
    if Child.objects.filter(pk=child.pk, ended_at=None).update(ended_at=at):
        Child.objects.filter(pk=child.pk).update(locked=b"", has_needs=False)
        child.adults.filter(ended_at=None).update(ended_at=at)
        audit.record("child.ended", child, by=by, at=at)


@transaction.atomic
def list_adult(
    *,
    child: Child,
    name: str,
    until: date | None,
    by: User,
    at: datetime,
    since: date | None = None,
) -> Adult:
    """Let somebody bring and collect the child: always, or up to and including a day.

    Somebody listed in the same way already stays as they are; days of theirs that are over make
    room for the new ones. Raises ``TooMany``.
    """
    held = _hold(child)
    since = since or held.group.today(at=at)
    adults = list(held.adults.filter(ended_at=None).select_related("child"))
    names = names_of(adults)
    same = [adult for adult in adults if words_of(names[adult.pk]) == words_of(name)]
    for adult in same:
        if adult.until_on == until and adult.since_on <= since:
            return adult
        if adult.until_on and adult.until_on < since:
            end_adult(adult=adult, by=by, at=at)
    if len(adults) >= MOST_ADULTS:
        raise TooMany(f"{held} has {MOST_ADULTS} adults already")
    return _list(held, name, since=since, until=until, by=by, at=at)


@transaction.atomic
def end_adult(*, adult: Adult, by: User, at: datetime) -> None:
    """Somebody may collect the child no longer, from this moment on."""
    chains.hold(adult.organisation_id)
    if Adult.objects.filter(pk=adult.pk, ended_at=None).update(ended_at=at):
        audit.record("adult.ended", adult, by=by, at=at, child=adult.child_id)


@transaction.atomic
def change_code(*, child: Child, by: User, at: datetime) -> None:
    """A slip fell into other hands: the whole family gets another code, at every session."""
    chains.hold(child.organisation_id)
    family = Child.objects.filter(pk=child.pk)
    if child.parent_id:
        family = Child.objects.filter(parent=child.parent_id)
    number = max(family.values_list("code_number", flat=True)) + 1
    family.update(code_number=number)
    child.code_number = number
    audit.record("child.code_changed", child, by=by, at=at)


def _hold(child: Child) -> Child:
    """The child read afresh, with the group; nobody else changes them before the transaction ends.

    The trail first: whoever signs a child in holds it when they come to the child.
    """
    chains.hold(child.organisation_id)
    held = Child.objects.select_for_update(of=("self",), no_key=True).select_related("group")
    return held.get(pk=child.pk)


def _keep_needs(child: Child, needs: Needs) -> None:
    child.has_needs = bool(needs)
    child.locked = lock_needs(child, needs) if needs else b""
    child.save(update_fields=["has_needs", "locked"])


def _list(
    child: Child, name: str, *, since: date, until: date | None, by: User, at: datetime
) -> Adult:
    adult = Adult.objects.create(
        child=child, since_on=since, until_on=until, added_by=by, added_at=at
    )
    adult.locked = lock_adult(adult, name[:LONGEST_NAME])
    adult.save(update_fields=["locked"])
    audit.record(
        "adult.listed",
        adult,
        by=by,
        at=at,
        child=child.pk,
        until=until.isoformat() if until else "",
    )
    return adult
