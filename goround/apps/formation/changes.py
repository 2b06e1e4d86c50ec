"""A coordinator's hand on a proposal: every change is a new version, and each can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.formation.figures import figures_of
from goround.apps.formation.history import Step, steps_of
from goround.apps.formation.models import Proposal, Round
from goround.apps.formation.stored import problem_of
from goround.apps.formation.versions import (
    RoundClosed,
    hold,
    only_if_standing,
    write_proposal,
)
from goround.domain.matching import edit
from goround.domain.matching.answer import Answer, from_json
from goround.domain.matching.problem import Problem, Span

Change = Proposal.Change
Edit = Callable[[Problem, Answer], Answer]


class NotThere(LookupError):
    """The parent, group or venue named is not part of the round as it stands."""


class NothingToUndo(LookupError):
    """There is no earlier state, or no undone one, to go to."""


def move_parent(
    *, round: Round, version: int, parent: str, group: str, by: User, at: datetime
) -> Proposal:
    """Put a parent into another group, even where that breaks a rule; the proposal says which."""
    return _change(
        round,
        version,
        Change.MOVED,
        {"parent": parent, "group": group},
        lambda problem, answer: edit.move(problem, answer, parent, group),
        by=by,
        at=at,
    )


def swap_parents(
    *, round: Round, version: int, parent: str, other: str, by: User, at: datetime
) -> Proposal:
    """Let two parents change places; either may be without a group."""
    return _change(
        round,
        version,
        Change.SWAPPED,
        {"parent": parent, "other": other},
        lambda problem, answer: edit.swap(problem, answer, parent, other),
        by=by,
        at=at,
    )


def take_out(*, round: Round, version: int, parent: str, by: User, at: datetime) -> Proposal:
    """Let a parent go on waiting."""
    return _change(
        round,
        version,
        Change.TAKEN_OUT,
        {"parent": parent},
        lambda problem, answer: edit.move(problem, answer, parent, None),
        by=by,
        at=at,
    )


def dissolve(*, round: Round, version: int, group: str, by: User, at: datetime) -> Proposal:
    return _change(
        round,
        version,
        Change.DISSOLVED,
        {"group": group},
        lambda problem, answer: edit.dissolve(problem, answer, group),
        by=by,
        at=at,
    )


def lock_group(
    *, round: Round, version: int, group: str, locked: bool, by: User, at: datetime
) -> Proposal:
    """Keep the next search from touching the group, or let it."""
    change = edit.lock_group if locked else edit.unlock_group
    return _change(
        round,
        version,
        Change.LOCKED if locked else Change.UNLOCKED,
        {"group": group},
        lambda _, answer: change(answer, group),
        by=by,
        at=at,
    )


def lock_parent(
    *, round: Round, version: int, parent: str, locked: bool, by: User, at: datetime
) -> Proposal:
    """Keep the parent in the same group in the next search, or let it choose."""
    change = edit.lock_member if locked else edit.unlock_member
    return _change(
        round,
        version,
        Change.LOCKED if locked else Change.UNLOCKED,
        {"parent": parent},
        lambda _, answer: change(answer, parent),
        by=by,
        at=at,
    )


def add_group(
    *,
    round: Round,
    version: int,
    venue: str,
    slot: Span,
    language: str,
    type: str,
    members: Iterable[str],
    by: User,
    at: datetime,
) -> Proposal:
    """A new group as told. Its members leave the groups they were in."""
    chosen = tuple(members)
    return _change(
        round,
        version,
        Change.ADDED,
        {"venue": venue},
        lambda problem, answer: edit.add_group(
            problem, answer, venue, slot, language, type, chosen
        ),
        by=by,
        at=at,
    )


def undo(*, round: Round, version: int, by: User, at: datetime) -> Proposal:
    """Go back to the state before; repeated, further back. Raises ``NothingToUndo``."""
    return _go_to(round, version, Change.UNDONE, by=by, at=at)


def redo(*, round: Round, version: int, by: User, at: datetime) -> Proposal:
    """Take an undo back. Raises ``NothingToUndo``."""
    return _go_to(round, version, Change.REDONE, by=by, at=at)


@transaction.atomic
def _change(
    round: Round,
    version: int,
    change: Proposal.Change,
    about: Mapping[str, str],
    make: Edit,
    *,
    by: User,
    at: datetime,
) -> Proposal:
    """Write what ``make`` makes of the standing answer as the next version.

    Raises ``Overtaken`` when ``version`` does not stand any more, ``RoundClosed`` when nothing
    may change now, ``NotThere`` for ids that the round does not know. A change that changes
    nothing, such as a lock set twice, returns the standing proposal.
    """
    held, now = _open(round, version)
    problem, before = problem_of(now.search), from_json(now.answer)
    try:
        after = make(problem, before)
    except KeyError as unknown:
        raise NotThere(str(unknown)) from unknown
    if after == before:
        return now
    return write_proposal(
        held=held,
        search=now.search,
        answer=after,
        figures=figures_of(problem, after),
        change=change,
        based_on=now.version,
        about=about,
        by=by,
        at=at,
    )


@transaction.atomic
def _go_to(
    round: Round, version: int, change: Proposal.Change, *, by: User, at: datetime
) -> Proposal:
    held, _ = _open(round, version)
    steps = steps_of(history(held))
    target = steps.undo if change == Change.UNDONE else steps.redo
    if target is None or steps.stands is None:
        raise NothingToUndo(f"{held} has no such state")
    there = Proposal.objects.select_related("search").get(round=held, version=target)
    changed = steps.stands if change == Change.UNDONE else target
    of = Proposal.objects.only("change", "about").get(round=held, version=changed)
    return write_proposal(
        held=held,
        search=there.search,
        answer=from_json(there.answer),
        figures=there.figures,
        change=change,
        based_on=target,
        about={key: value for key, value in of.about.items() if key != "effect"}
        | {"of": of.change},
        by=by,
        at=at,
    )


def history(round: Round) -> list[Step]:
    rows = Proposal.objects.filter(round=round).order_by("version")
    return [Step(*row) for row in rows.values_list("version", "change", "based_on")]


def _open(round: Round, version: int) -> tuple[Round, Proposal]:
    held = hold(round)
    only_if_standing(held, version)
    if held.status != Round.Status.PROPOSED:
        raise RoundClosed(f"{held} is {held.status}")
    now = Proposal.objects.select_related("search").get(round=held, version=version)
    return held, now
