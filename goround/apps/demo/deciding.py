"""What two groups of the demo decide: a co-leader elected, a vote that is open, talks since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from goround.apps.accounts.models import User
from goround.apps.decisions.models import CheckIn, Decision
from goround.apps.decisions.notices import OPENED
from goround.apps.decisions.services import elections
from goround.apps.decisions.services.check_ins import note_check_in
from goround.apps.decisions.services.voting import cast, close, open_vote
from goround.apps.decisions.words import Words
from goround.apps.demo.owned import account_of
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.meetings.models import Meeting
from goround.apps.outbox.models import Message
from goround.domain.voting.ballots import Ballot

Kind = Decision.Kind
DAY = timedelta(days=1)
TERM = 6
# The last talk is longer ago than a week, so that one is late.
LAST_TALK = timedelta(days=9)


@dataclass(frozen=True, slots=True)
class _Table:
    """One group, and the member of the cast who sits in it."""

    group: Group
    members: Sequence[Membership]
    user: User

    @property
    def own(self) -> Membership:
        return next(one for one in self.members if one.parent.user_id == self.user.pk)

    @property
    def others(self) -> list[Membership]:
        return [one for one in self.members if one != self.own]

    @property
    def voters(self) -> list[Membership]:
        """All but the last to come, who has no account yet."""
        return [one for one in self.members if one != self.others[-1]]

    @property
    def other_voters(self) -> list[Membership]:
        return self.others[:-1]


def load_deciding(
    people: Mapping[str, User], coordinators: Mapping[str, User], *, at: datetime
) -> None:
    """What is open is brought by somebody else, so that a visitor has it to vote on."""
    families, circle = _table(people["co-leader"]), _table(people["parent"])
    for table in (families, circle):
        _give_accounts(table, at=at)
    lead = Leadership.objects.get(group=families.group, membership=families.own)
    _elect(families, lead)
    _talk(lead, by=coordinators[families.group.organisation.slug], at=at)
    _ask_where(families, at=at - 2 * DAY)
    _agree_on_phones(families, at=at - 20 * DAY)
    _find_an_hour(circle, at=at - DAY)
    _ask_about_june(circle, at=at - 3 * DAY)
    # What could only have been told then is not told today.
    Message.objects.filter(kind=OPENED, best_before__lte=at).delete()


def _table(user: User) -> _Table:
    own = Membership.objects.select_related("group__organisation").get(parent__user=user)
    members = Membership.objects.filter(group=own.group, left_on=None).order_by("pk")
    return _Table(own.group, list(members.select_related("parent__user")), user)


def _give_accounts(table: _Table, *, at: datetime) -> None:
    """Whoever votes has an account and a passphrase, though nobody signs in with these."""
    for member in table.other_voters:
        account = account_of(member, at=at)
        account.password = table.user.password
        account.save(update_fields=["password"])


def _elect(table: _Table, lead: Leadership) -> None:
    """At the second meeting the group confirmed who had begun to lead, for half a year."""
    held = Meeting.objects.filter(group=table.group, status=Meeting.Status.HELD)
    evening = next(one for one in held.order_by("starts_at") if _day(table, one) == lead.from_on)
    at, rival = evening.ends_at, table.others[0]
    election = elections.call_election(
        group=table.group,
        member=table.own,
        naming_until=lead.from_on,
        closes_on=lead.from_on + 3 * DAY,
        months=TERM,
        instead_of=lead,
        by=table.user,
        at=at,
    )
    for member in (table.own, rival):
        elections.stand(decision=election, member=member, by=table.user, at=at)
    election = elections.begin_vote(decision=election, member=table.own, by=table.user, at=at)
    chosen = election.standing.index(table.own.pk)
    ballots: list[Ballot] = [(chosen,), (1 - chosen, chosen), (chosen, 1 - chosen), (chosen,)]
    _vote(election, table.voters[: len(ballots)], ballots, table.user, at)
    close(decision=election, member=table.own, by=table.user, at=at)
    elections.accept(decision=election, member=table.own, by=table.user, at=at)


def _talk(lead: Leadership, *, by: User, at: datetime) -> None:
    """Every week up to the last one, now and then with what the leader wished kept."""
    last = lead.group.today(at=at) - LAST_TALK
    days = [last - 7 * DAY * number for number in range(8)]
    for number, on in enumerate(day for day in days if day > lead.from_on):
        note_check_in(
            leadership=lead,
            on=on,
            how=CheckIn.How.MIXED if number == 1 else CheckIn.How.WELL,
            help_asked="Somebody who watches the little ones" if number == 1 else "",
            leader_wishes=number < 2,
            by=by,
            at=at,
        )


def _ask_where(table: _Table, *, at: datetime) -> None:
    words = Words(
        "Where do we go in the holidays?",
        "With the children, one afternoon. Somewhere that costs nothing.",
        ("The river", "The library garden", "The museum on its free day", "A picnic here"),
    )
    asked = _open(table, Kind.RANKED, words, at, is_secret=True)
    _vote(asked, table.others[:3], [(1, 0), (3,), (1, 3, 0)], table.user, at)


def _agree_on_phones(table: _Table, *, at: datetime) -> None:
    words = Words("Telephones stay in the bag while somebody speaks.", "But for the babysitter.")
    asked = _open(table, Kind.CONSENT, words, at, is_secret=True)
    ballots: list[Ballot] = [(0,), (0,), (1,), (0,)]
    _vote(asked, table.voters, ballots[: len(table.voters)], table.user, at)
    close(decision=asked, member=table.own, by=table.user, at=at + 2 * DAY)


def _find_an_hour(table: _Table, *, at: datetime) -> None:
    words = Words("Our summer evening", "", ("Friday 17:00", "Friday 18:30", "Sunday 15:00"))
    asked = _open(table, Kind.TIME, words, at, is_secret=False)
    _vote(asked, table.others[:3], [(1,), (0, 1), (1, 2)], table.user, at)


def _ask_about_june(table: _Table, *, at: datetime) -> None:
    words = Words(
        "What do we talk about first next month?",
        "",
        ("Sleep", "Screens", "When grandparents see it differently"),
    )
    asked = _open(table, Kind.SIMPLE, words, at, is_secret=True)
    ballots: list[Ballot] = [(1,), (2,), (1,), (0,), (1,), (), (2,)]
    _vote(asked, table.other_voters, ballots[: len(table.other_voters)], table.user, at)


def _open(
    table: _Table, kind: Decision.Kind, words: Words, at: datetime, *, is_secret: bool
) -> Decision:
    return open_vote(
        group=table.group,
        member=table.others[0],
        kind=kind,
        words=words,
        is_secret=is_secret,
        closes_on=table.group.today(at=at) + 9 * DAY,
        by=table.user,
        at=at,
    )


def _vote(
    decision: Decision,
    members: Sequence[Membership],
    ballots: Sequence[Ballot],
    by: User,
    at: datetime,
) -> None:
    for member, chosen in zip(members, ballots, strict=True):
        cast(decision=decision, member=member, chosen=chosen, by=by, at=at)


def _day(table: _Table, meeting: Meeting) -> date:
    return table.group.today(at=meeting.starts_at)
