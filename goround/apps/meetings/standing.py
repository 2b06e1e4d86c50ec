"""Where groups stand against their playbooks, in sentences a coordinator can act on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goround.apps.groups.models import Group, Leadership
from goround.apps.meetings.selectors import GroupRow
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.people.models import Facilitator, Training
from goround.domain.playbook.schema import Rhythm
from goround.domain.playbook.shortfalls import (
    Code,
    FacilitatorFacts,
    GroupFacts,
    Param,
    shortfalls,
    unknown_facts,
)

ABOUT_FACILITATORS = {
    Code.FACILITATOR_UNTRAINED,
    Code.BACKGROUND_CHECK_MISSING,
    Code.BACKGROUND_CHECK_EXPIRED,
}
Params = Mapping[str, Param]


@dataclass(frozen=True, slots=True)
class Standing:
    """A group with one sentence for each thing it is short of, and what nobody has said yet."""

    row: GroupRow
    short_of: tuple[str, ...]
    unknown: tuple[str, ...]


def standings(
    rows: Sequence[GroupRow],
    *,
    at: datetime,
    with_training: bool = True,
    agreed: Collection[int] | None = None,
) -> list[Standing]:
    """One query beside those of ``group_rows``, however many groups.

    ``with_training`` False leaves out whose training or background check is missing, which
    those who lead together need not know of one another. ``agreed`` are ids of the groups that
    have an agreement; None where nobody looked.
    """
    trained = _trainings(rows)
    return [_standing(_facts(row, trained, at, agreed), row, with_training) for row in rows]


def _standing(facts: GroupFacts, row: GroupRow, with_training: bool) -> Standing:
    playbook = playbook_of(row.group.programme)
    names = {
        str(lead.facilitator.pk): lead.facilitator.shown_as
        for lead in row.group.leaderships.all()
        if lead.facilitator
    }
    told = [
        item
        for item in shortfalls(playbook, facts)
        if with_training or item.code not in ABOUT_FACILITATORS
    ]
    unknown = [UNKNOWN[fact]() for fact in unknown_facts(playbook, facts) if fact in UNKNOWN]
    return Standing(
        row, tuple(sentence(item.code, item.params, names) for item in told), tuple(unknown)
    )


def _facts(
    row: GroupRow,
    trained: Mapping[int, frozenset[str]],
    at: datetime,
    agreed: Collection[int] | None,
) -> GroupFacts:
    group = row.group
    parts = {lead.part for lead in group.leaderships.all()}
    return GroupFacts(
        session=row.sessions,
        # Who belongs to an open group says little; what counts there is who comes.
        members=None if group.is_open else row.members,
        rhythm=Rhythm(group.recurrence().rhythm.value),
        minutes=group.minutes,
        facilitators=tuple(
            _facilitator_facts(facilitator, trained) for facilitator in _facilitators(group)
        ),
        has_parent_leader=Leadership.Part.PARENT_LEADER in parts,
        has_childrens_leader=Leadership.Part.CHILDRENS_LEADER in parts,
        has_agreement=None if agreed is None else group.pk in agreed,
        today=group.today(at=at),
    )


def _facilitators(group: Group) -> Iterable[Facilitator]:
    for lead in group.leaderships.all():
        if lead.part == Leadership.Part.FACILITATOR and lead.facilitator:
            yield lead.facilitator


def _facilitator_facts(
    facilitator: Facilitator, trained: Mapping[int, frozenset[str]]
) -> FacilitatorFacts:
    until = facilitator.background_check_until
    return FacilitatorFacts(
        id=str(facilitator.pk),
        trained_in=trained.get(facilitator.pk, frozenset()),
        # No date written down is no proof that there is no check.
        checked=True if until else None,
        check_expires_on=until + timedelta(days=1) if until else None,
    )


def _trainings(rows: Sequence[GroupRow]) -> Mapping[int, frozenset[str]]:
    leading = {facilitator.pk for row in rows for facilitator in _facilitators(row.group)}
    kinds: dict[int, set[str]] = defaultdict(set)
    found = Training.objects.filter(facilitator_id__in=leading)
    for facilitator_id, kind in found.values_list("facilitator_id", "kind"):
        kinds[facilitator_id].add(kind)
    return {pk: frozenset(held) for pk, held in kinds.items()}


def sentence(code: Code, params: Params, names: Mapping[str, str]) -> str:
    """What is missing, and what the playbook asks for. ``names`` are of facilitators, by id."""
    named = {**params, "name": names.get(str(params.get("facilitator")), "")}
    return SENTENCES[code](named)


def _too_few_members(p: Params) -> str:
    words = ngettext(
        "%(members)s member; the playbook asks for at least %(min)s.",
        "%(members)s members; the playbook asks for at least %(min)s.",
        _whole(p["members"]),
    )
    return words % p


def _meets_too_rarely(p: Params) -> str:
    return _("Meets %(rhythm)s; the playbook asks for %(at_least)s or more often.") % {
        "rhythm": RHYTHMS[Rhythm(str(p["rhythm"]))](),
        "at_least": RHYTHMS[Rhythm(str(p["at_least"]))](),
    }


def _check_expired(p: Params) -> str:
    expired_on = p["expired_on"]
    assert isinstance(expired_on, date)
    return _("The background check of %(name)s ended on %(day)s.") % {
        "name": p["name"],
        "day": date_format(expired_on - timedelta(days=1), _("j F Y")),
    }


def _parent_leader(p: Params) -> str:
    leader = {**p, "leader": str(p["title"]).lower()}
    by_session, session = _whole(p["by_session"]), _whole(p.get("session", 0))
    if by_session == 1:
        return _("No %(leader)s yet.") % leader
    if session <= by_session:
        return _("No %(leader)s yet: session %(session)s of %(by_session)s.") % leader
    return _("No %(leader)s yet: session %(session)s, asked for by %(by_session)s.") % leader


def _open_discussion(p: Params) -> str:
    shares = {key: round(100 * float(str(p[key]))) for key in ("share", "at_least")}
    words = _("Open discussion took %(share)s %% of the time; at least %(at_least)s %% is asked.")
    return words % shares


def _whole(value: Param) -> int:
    assert isinstance(value, int)
    return value


SENTENCES: dict[Code, Callable[[Params], str]] = {
    Code.TOO_FEW_MEMBERS: _too_few_members,
    Code.TOO_MANY_MEMBERS: lambda p: _("%(members)s members; the playbook allows %(max)s.") % p,
    Code.MEETS_TOO_RARELY: _meets_too_rarely,
    Code.MEETING_TOO_SHORT: lambda p: (
        _("Meetings last %(minutes)s minutes; the playbook asks for at least %(min)s.") % p
    ),
    Code.MEETING_TOO_LONG: lambda p: (
        _("Meetings last %(minutes)s minutes; the playbook allows %(max)s.") % p
    ),
    Code.OPEN_DISCUSSION_TOO_SHORT: _open_discussion,
    Code.TOO_FEW_FACILITATORS: lambda p: _("%(title)s: %(facilitators)s of %(needed)s so far.") % p,
    Code.FACILITATOR_UNTRAINED: lambda p: (
        _("%(name)s has no record of this training: %(label)s.") % p
    ),
    Code.BACKGROUND_CHECK_MISSING: lambda p: _("%(name)s has no background check.") % p,
    Code.BACKGROUND_CHECK_EXPIRED: _check_expired,
    Code.PARENT_LEADER_MISSING: _parent_leader,
    Code.CHILDRENS_LEADER_MISSING: lambda p: _("No children's leader yet."),
    Code.AGREEMENT_MISSING: lambda p: _("No group agreement yet."),
    Code.RISK_ASSESSMENT_MISSING: lambda p: _("No risk assessment yet."),
    Code.READINESS_POINT_OPEN: lambda p: _("Not ready yet: %(label)s.") % p,
}
RHYTHMS: dict[Rhythm, Callable[[], str]] = {
    Rhythm.WEEKLY: lambda: _("every week"),
    Rhythm.EVERY_TWO_WEEKS: lambda: _("every two weeks"),
    Rhythm.EVERY_THREE_WEEKS: lambda: _("every three weeks"),
    Rhythm.MONTHLY: lambda: _("every month"),
}
# What this version of Goround has no place to write down yet is not asked for either.
UNKNOWN: dict[str, Callable[[], str]] = {
    "facilitators.checked": lambda: _("background checks of the facilitators"),
}
