"""A small town where groups can be formed, and rounds in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from goround.apps.accounts.models import User
from goround.apps.formation import services
from goround.apps.formation.facts import gather, hours, parent_fact, venue_fact
from goround.apps.formation.figures import figures_of
from goround.apps.formation.models import Proposal, Round, Search
from goround.apps.formation.settings import RoundSettings, default_settings
from goround.apps.formation.stored import lock_problem
from goround.apps.jobs.models import Job
from goround.apps.jobs.work import run_next
from goround.apps.organisations.models import Organisation, Programme, Venue
from goround.apps.people.models import Facilitator, Parent, Referral
from goround.domain.matching.answer import Answer, FormedGroup, to_json
from goround.domain.matching.cost import answer_cost
from goround.domain.matching.explain import reasons_unplaced
from goround.domain.matching.problem import Problem, Span
from goround.domain.privacy.place import coarse_cell
from tests.make import (
    NOON,
    make_coordinator,
    make_facilitator,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
    make_venue,
)

MONDAY, TUESDAY = "mon 18:00-20:00", "tue 18:00-20:00"
HERE = coarse_cell(34.05, -118.25)
NEAR = coarse_cell(34.08, -118.25)


@dataclass(frozen=True)
class Town:
    """Two halls, four facilitators, and parents who can all meet on Monday and Tuesday."""

    organisation: Organisation
    programme: Programme
    coordinator: User
    venues: list[Venue]
    facilitators: list[Facilitator]
    parents: list[Parent]
    referrals: list[Referral]

    def settings(self, **changes: Any) -> RoundSettings:
        settings = replace(
            default_settings(self.programme),
            venues=tuple(venue.pk for venue in self.venues),
            facilitators=tuple(leader.pk for leader in self.facilitators),
            size_min=3,
            size_max=6,
            seconds=2,
            iterations=20,
        )
        return replace(settings, **changes)

    def ids(self, *places: int) -> tuple[str, ...]:
        return tuple(str(self.parents[place].pk) for place in places)


def make_town(parents: int = 8, organisation: Organisation | None = None) -> Town:
    organisation = organisation or make_organisation()
    programme = make_programme(organisation)
    free = ("mon 17:00-21:00", "tue 17:00-21:00")
    people = [
        make_parent(
            organisation,
            available=free,
            interests=("self-care",),
            home_cell=HERE if number % 2 else NEAR,
            children_ages=[1 + number % 4],
            ages_on=NOON.date(),
        )
        for number in range(parents)
    ]
    return Town(
        organisation=organisation,
        programme=programme,
        coordinator=make_coordinator(organisation),
        venues=[make_venue(organisation, slots=(MONDAY, TUESDAY)) for _ in range(2)],
        facilitators=[
            make_facilitator(organisation, available=free, home_cell=HERE, groups_at_most=2)
            for _ in range(4)
        ],
        parents=people,
        referrals=[make_referral(person, programme) for person in people],
    )


def make_round(town: Town, *groups: FormedGroup, **settings: Any) -> Round:
    """A round with these groups as its first proposal; without groups, one not searched yet."""
    chosen = town.settings(**settings)
    made = services.create_round(
        programme=town.programme,
        settings=chosen,
        name="Spring",
        seed=7,
        by=town.coordinator,
        at=NOON,
    )
    if groups:
        propose(town, made, *groups)
    return made


def propose(town: Town, round: Round, *groups: FormedGroup) -> Proposal:
    """Let these groups be what a search of the round found."""
    settings = RoundSettings.from_json(round.settings)
    services.start_search(
        round=round, settings=settings, version=round.version, by=town.coordinator, at=NOON
    )
    Job.objects.filter(subject_id=round.pk).update(status=Job.Status.RUNNING)
    search = Search.objects.filter(round=round).latest("number")
    facts = gather(town.coordinator, town.programme, settings, at=NOON)
    search.locked_problem = lock_problem(facts.problem, search)
    search.save()
    placed = {name for group in groups for name in group.members}
    left = [parent.id for parent in facts.problem.parents if parent.id not in placed]
    answer = Answer(
        groups=groups,
        unplaced=tuple(reasons_unplaced(facts.problem, groups, left)),
        cost=answer_cost(facts.problem, groups),
        lower_bound=None,
        seed=search.seed,
        seconds=0.5,
    )
    proposal = services.propose(search=search, answer=answer, by=town.coordinator, at=NOON)
    Job.objects.filter(subject_id=round.pk).update(status=Job.Status.DONE, ended_at=NOON)
    round.refresh_from_db()
    assert proposal is not None
    return proposal


def make_formed(town: Town, name: str, places: range, **fields: Any) -> FormedGroup:
    """A group of the town's parents: Mondays in the first hall with two facilitators."""
    defaults: dict[str, Any] = {
        "id": name,
        "venue": str(town.venues[0].pk),
        "slot": Span.parse(MONDAY),
        "language": "en",
        "type": "self-care",
        "facilitators": tuple(str(leader.pk) for leader in town.facilitators[:2]),
        "members": town.ids(*places),
    }
    return FormedGroup(**defaults | fields)


def two_groups(town: Town) -> tuple[FormedGroup, FormedGroup]:
    """The town's first four parents on Mondays, the next three on Tuesdays."""
    tuesday = make_formed(town, "g0002", range(4, 7), slot=Span.parse(TUESDAY))
    return make_formed(town, "g0001", range(4)), tuesday


def search(town: Town, round: Round, **settings: Any) -> Proposal | None:
    """Search for real, in this process, as the worker does."""
    services.start_search(
        round=round,
        settings=town.settings(**settings),
        version=round.version,
        by=town.coordinator,
        at=timezone.now(),
    )
    run_next("test-worker")
    round.refresh_from_db()
    return Proposal.objects.filter(round=round, version=round.version).first()


def make_small_round(
    programme: Programme, parent: Parent, venue: Venue, by: User, **fields: Any
) -> Round:
    """A round whose one group, g0001, is this parent alone in this venue."""
    defaults = {"name": "Small", "seed": 1, "status": Round.Status.PROPOSED, "version": 1}
    settings = replace(default_settings(programme), venues=(venue.pk,)).to_json()
    made = Round.objects.create(
        organisation=programme.organisation,
        programme=programme,
        settings=settings,
        created_by=by,
        created_at=NOON,
        **defaults | fields,
    )
    member = parent_fact(parent, on=NOON.date(), together={}, apart={})
    problem = Problem((member,), (venue_fact(venue),))
    group = FormedGroup(
        "g0001", str(venue.pk), hours(venue.slots)[0], "en", "any", (), (member.id,)
    )
    answer = Answer((group,), (), 0.0, None, 1, 0.0)
    search = Search.objects.create(
        round=made,
        number=1,
        settings=settings,
        seed=1,
        seconds=1,
        by=by,
        at=NOON,
    )
    search.locked_problem = lock_problem(problem, search)
    search.save()
    Proposal.objects.create(
        round=made,
        search=search,
        version=1,
        based_on=0,
        change=Proposal.Change.SEARCHED,
        answer=to_json(answer),
        figures=figures_of(problem, answer),
        about={"effect": None},
        cost=0,
        placed=1,
        unplaced=0,
        by=by,
        at=NOON,
    )
    return made
