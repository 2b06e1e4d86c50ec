"""One condition of one query each: whom it keeps out, or which neighbour's rows.

What ``make faults`` takes away and no other test notices. ``test_two_places`` and the cells of
``test_policy`` ask the many; these are the ones behind another wall, in an answer that is a
count, or given rows that somebody else was let through to.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from goround.apps.accounts.models import User
from goround.apps.agreements.selectors import agreement_facts
from goround.apps.apart.models import KeepApart
from goround.apps.apart.selectors import kept_for
from goround.apps.children import selectors as children
from goround.apps.children.models import Refusal
from goround.apps.circle.models import Evenness
from goround.apps.circle.selectors import evenness_kept, session_of
from goround.apps.costs.selectors import group_costs, organisation_costs
from goround.apps.formation.models import Advice, Proposal, Search
from goround.apps.formation.selectors import group_sizes, latest_advice, names_in, problem_behind
from goround.apps.groups.models import Group, Leadership
from goround.apps.groups.selectors import led_groups, meeting_now, members_helped
from goround.apps.joining.models import JoinRequest, JoinRule
from goround.apps.joining.selectors import groups_to_ask
from goround.apps.marks.models import ChildMark
from goround.apps.marks.selectors import child_marks_asked
from goround.apps.meetings.selectors import meetings_not_recorded, meetings_today
from goround.apps.organisations.models import Network, Organisation, Programme, RoleAssignment
from goround.apps.organisations.roles import Role
from goround.apps.organisations.selectors import landmarks_for
from goround.apps.people.models import ListImport, RejectedRow, Training
from goround.apps.people.selectors import free_alias, rejected_rows
from goround.apps.proofs.models import Proof
from goround.apps.proofs.selectors import papers_given_out
from goround.apps.releases.models import Release, ReleasedFigure
from goround.apps.releases.selectors import offers, told_in
from goround.apps.reports.counts import Days
from goround.apps.reports.selectors.month import month_of
from goround.apps.reports.selectors.network import network_month, present_month
from goround.apps.reports.selectors.snapshot import snapshot
from goround.apps.reports.selectors.target import plan_of
from goround.apps.safeguarding.models import Plan
from goround.apps.safeguarding.selectors import may_be_readers, plan_for, readings_for
from goround.apps.surveys.models import Awaited
from goround.apps.surveys.selectors import own_waves
from goround.domain.counting import Figures, Month
from goround.domain.matching.reading import RowProblem
from goround.domain.privacy.apart import Pair
from goround.domain.surveys import WaveKind
from tests.make import (
    NOON,
    make_coordinator,
    make_facilitator,
    make_group,
    make_keep_apart,
    make_leadership,
    make_meeting,
    make_membership,
    make_network,
    make_organisation,
    make_parent,
    make_programme,
    make_user,
    make_venue,
)
from tests.make_children import Evening, make_childrens_leader, make_evening
from tests.make_costs import make_line
from tests.make_formation import make_small_round
from tests.make_marks import make_leader, make_taken
from tests.make_months import la, make_held, make_officer
from tests.make_ours import account_of, make_member, make_version
from tests.make_releases import make_rows
from tests.make_safeguarding import make_concern, make_lead, make_reader
from tests.make_surveys import answer, make_wave

pytestmark = pytest.mark.django_db

MARCH = Month(2026, 3)
IN_MARCH = Days.of(MARCH)


def two_organisations() -> tuple[Organisation, Organisation]:
    """Of one network."""
    here = make_organisation()
    return here, make_organisation(network=here.network)


def works_at(user: User, role: Role, *organisations: Organisation) -> User:
    for organisation in organisations:
        RoleAssignment.objects.create(user=user, role=role, organisation=organisation)
    return user


def leaves(user: User, stays_as: Role) -> None:
    """Every role goes; the one that opens less stays at the same places."""
    user.roles.update(role=stays_as)


def leads_as_parent(user: User, group: Group, part: Leadership.Part) -> None:
    """Nobody is a facilitator of two organisations, but a parent of another they may be."""
    member = make_membership(group, make_parent(group.organisation, user=user))
    make_leadership(group, None, membership=member, part=part)


def a_group(organisation: Organisation) -> Group:
    """Of the one programme there."""
    programme = Programme.objects.filter(organisation=organisation).first()
    return make_group(programme or make_programme(organisation))


def held_with(organisation: Organisation, people: int = 1) -> Group:
    """A group that met in March, with so many."""
    group = a_group(organisation)
    make_held(group, la(2026, 3, 9), [make_membership(group) for _ in range(people)])
    return group


# Children


@pytest.fixture
def evening() -> Evening:
    """A session with one child in it, and one thing of each kind to decide."""
    evening = make_evening()
    evening.begin()
    leo = evening.child("Leo", evening.member())
    at = {"session": evening.session, "child": leo, "at": NOON}
    Refusal.objects.create(**at, mark=uuid4(), by=evening.tomas)
    ChildMark.objects.create(
        taken=make_taken(evening.meeting, evening.tomas),
        number=uuid4(),
        place=1,
        about=ChildMark.About.WENT,
        child=leo,
        tapped_at=NOON,
        came_at=NOON,
        why=ChildMark.Why.NOT_LISTED,
    )
    return evening


def told_at(evening: Evening, desk: children.Desk, viewer: User) -> list[Any]:
    refusal, child = Refusal.objects.get(), evening.group.children.get()
    return [
        children.child_of_desk(viewer, desk, child.pk),
        children.was_barred(viewer, desk, refusal.mark),
        [*children.members_for(viewer, desk)],
        [*child_marks_asked(viewer, desk)],
        [*children.groups_of_children(viewer, evening.organisation)],
    ]


def test_a_desk_that_was_found_tells_only_who_leads_the_children(evening):
    desk = children.desk_for(evening.tomas, evening.organisation, evening.meeting.pk)
    another = make_childrens_leader(make_group(make_programme(evening.organisation)))
    assert desk
    assert all(told_at(evening, desk, evening.tomas))

    told = told_at(evening, desk, another)
    assert told[:4] == [None, False, [], []]
    assert evening.group not in told[4]


@pytest.mark.parametrize("stays_as", [Role.PARENT, Role.SUPERVISOR])
def test_whoever_no_longer_has_the_role_leads_no_children(evening, stays_as):
    leaves(evening.tomas, stays_as)

    assert not children.groups_of_children(evening.tomas, evening.organisation).exists()


def test_who_leads_children_at_two_organisations_has_each_by_itself(evening):
    elsewhere = make_group(make_programme(make_organisation(), "circle-of-parents"))
    works_at(evening.tomas, Role.CHILDRENS_LEADER, elsewhere.organisation)
    leads_as_parent(evening.tomas, elsewhere, Leadership.Part.CHILDRENS_LEADER)

    for group in (evening.group, elsewhere):
        found = children.groups_of_children(evening.tomas, group.organisation)
        assert list(found) == [group]


# Groups, meetings, circles


def test_a_leader_of_two_organisations_has_the_groups_of_each_by_itself():
    here, there = two_organisations()
    group, other = make_group(make_programme(here)), make_group(make_programme(there))
    ana, ben = make_membership(group), make_membership(other)
    leader = works_at(make_user(), Role.FACILITATOR, here, there)
    make_leadership(group, make_facilitator(here, user=leader))
    leads_as_parent(leader, other, Leadership.Part.PARENT_LEADER)

    assert [*led_groups(leader, here)] == [group]
    assert [*led_groups(leader, there)] == [other]
    assert [*members_helped(leader, here)] == [ana]
    assert ben in members_helped(leader, there)
    assert ana not in members_helped(leader, there)

    leaves(leader, Role.CHILDRENS_LEADER)
    assert [*members_helped(leader, here)] == []


def test_a_leader_is_shown_the_meetings_of_their_own_groups():
    host = make_organisation()
    programme = make_programme(host)
    today = make_meeting(make_group(programme), starts_at=NOON)
    before = make_meeting(today.group, starts_at=NOON - timedelta(days=7))
    leader = make_leader(today)
    works_at(leader, Role.COORDINATOR, host)
    other = make_group(programme)
    make_meeting(other, starts_at=NOON)
    make_meeting(other, starts_at=NOON - timedelta(days=7))

    assert [*meetings_today(leader, host, at=NOON)] == [today]
    assert [*meetings_not_recorded(leader, host, at=NOON)] == [before]


def test_what_a_meeting_tells_its_leader_it_tells_nobody_else():
    group = make_group()
    make_meeting(group, starts_at=NOON - timedelta(days=7))
    meeting = make_meeting(group, starts_at=NOON)
    kept = Evenness.objects.create(meeting=meeting, value="0.80")
    leader, stranger = make_leader(meeting), make_leader(make_meeting(make_group()))

    assert (session_of(leader, meeting), evenness_kept(leader, meeting)) == (2, kept)
    assert (session_of(stranger, meeting), evenness_kept(stranger, meeting)) == (1, None)


def test_agreements_of_a_neighbouring_group_do_not_come_along():
    programme = make_programme()
    asked, other = make_group(programme), make_group(programme)
    for group in (asked, other):
        make_version(make_member(group, f"Ana {group.pk}"))

    facts = agreement_facts(make_coordinator(programme.organisation), [asked])

    assert set(facts) == {asked.pk}


def test_groups_to_ask_leave_out_only_ones_own():
    """Another member, and another who asked, take no group from anybody."""
    host = make_organisation()
    group, asked = (a_group(host) for _ in range(2))
    for each in (group, asked):
        JoinRule.objects.create(group=each, can_be_found=True)
    ana = make_user()
    make_parent(host, user=ana)
    make_member(group, "Ben")
    ben = make_parent(host, user=make_user())
    about = {"way": "everybody", "asked_at": NOON, "answer_by": NOON + timedelta(days=7)}
    JoinRequest.objects.create(group=asked, parent=ben, alias="Ben", **about)

    assert {*groups_to_ask(ana)} == {group, asked}


def test_what_others_answered_takes_no_survey_from_anybody():
    """Nor does what they are asked: ``ben`` was, and has answered, and ``ana`` came later."""
    group = make_group()
    ben, wave = make_member(group, "Ben"), make_wave(group, kind=WaveKind.POST)
    ana = make_member(group, "Ana")
    answered = make_wave(group, survey=wave.version.survey, kind=WaveKind.RETROSPECTIVE)
    Awaited.objects.all().delete()
    Awaited.objects.create(wave=wave, parent=ben.parent)
    answer(answered, parent=ben.parent)

    told = own_waves(account_of(ana), at=NOON)

    assert {(one.wave, one.is_asked) for one in told} == {(wave, False), (answered, False)}


# Money


def test_what_groups_cost_is_told_of_the_organisation_asked_for_alone():
    here, there = two_organisations()
    keeper = works_at(make_user(), Role.COORDINATOR, here, there)
    costed = [held_with(here), held_with(here)]
    for group in costed:
        make_line(group)
    held_with(here, 3)
    held_with(there, 5)
    supervisor = make_user(role=Role.SUPERVISOR, organisation=here)

    told = organisation_costs(keeper, here, IN_MARCH, at=NOON + timedelta(days=30))

    assert (len(told.rows), told.met.persons) == (2, 2)
    assert told.without == 1
    nothing = organisation_costs(supervisor, here, IN_MARCH, at=NOON + timedelta(days=30))
    assert (nothing.rows, nothing.without) == ((), 0)
    of_one = group_costs(supervisor, costed[0], IN_MARCH, at=NOON + timedelta(days=30))
    assert of_one.met == Figures()


# Forming groups


def test_a_round_somebody_else_was_let_through_to_tells_nothing():
    host = make_organisation()
    coordinator, supervisor = (
        make_coordinator(host),
        make_user(role=Role.SUPERVISOR, organisation=host),
    )
    parent, venue = make_parent(host), make_venue(host)
    made = make_small_round(make_programme(host), parent, venue, coordinator)
    proposal = Proposal.objects.get(round=made)
    advice = Advice.objects.create(proposal=proposal, seed=1, iterations=1, by=coordinator, at=NOON)
    ids = {"parents": [str(parent.pk)], "facilitators": [str(make_facilitator(host).pk)]}

    assert latest_advice(coordinator, made) == advice
    assert latest_advice(supervisor, made) is None
    assert problem_behind(coordinator, proposal).parents
    with pytest.raises(Search.DoesNotExist):
        problem_behind(supervisor, proposal)
    assert names_in(coordinator, host, **ids).parents
    nobody = names_in(supervisor, host, **ids)
    assert (nobody.parents, nobody.facilitators) == ({}, {})


def test_sizes_are_those_of_the_groups_seen():
    here, there = two_organisations()
    group = make_group(make_programme(here))
    make_membership(group)
    make_membership(make_group(make_programme(there)))

    assert group_sizes(make_coordinator(here), here) == {group.pk: 1}


# People


def test_rows_left_out_of_a_list_are_that_lists_and_for_those_who_import():
    host = make_organisation()
    coordinator = make_coordinator(host)
    lists = [a_list(host, coordinator), a_list(host, coordinator)]
    supervisor = make_user(role=Role.SUPERVISOR, organisation=host)

    for each in lists:
        assert [row.list_import for row in rejected_rows(coordinator, each)] == [each]
        assert not rejected_rows(supervisor, each).exists()


def a_list(host: Organisation, by: User) -> ListImport:
    listed = ListImport.objects.create(
        organisation=host,
        programme=Programme.objects.filter(organisation=host).first() or make_programme(host),
        kind=ListImport.Kind.PARENTS,
        uploaded_by=by,
        uploaded_at=NOON,
        status=ListImport.Status.READ,
    )
    wrong = RowProblem("list.csv", 2, "alias", "is empty", id="p1")
    RejectedRow.objects.bulk_create(RejectedRow.all_of(listed, [wrong]))
    return listed


def test_an_alias_that_somebody_has_elsewhere_is_free_here():
    here, there = two_organisations()
    offered = free_alias(make_user(), here, rng=Random(4))
    make_parent(there, alias=offered)

    assert free_alias(make_user(), here, rng=Random(4)) == offered


def test_a_name_of_another_organisation_stands_in_no_pair():
    here, there = two_organisations()
    ana = make_parent(here)
    make_keep_apart(ana, make_parent(here))
    ben = make_parent(there, alias="Ben of elsewhere")
    row = KeepApart.objects.get()
    row.lock(Pair.of(ana.pk, ben.pk))
    row.save()

    (told,) = kept_for(make_lead(here), here)

    assert {told.one.alias, told.other.alias} == {ana.alias, ""}


def test_papers_are_counted_where_they_were_given_out():
    here, there = two_organisations()
    for place, number in ((here, 1), (there, 2)):
        for _ in range(number):
            Proof.objects.create(
                parent=make_parent(place),
                code_hash=uuid4().hex,
                issuer="Host",
                dates=[],
                issued_on=date(2026, 3, 4),
                until_on=date(2026, 6, 4),
            )
    both = works_at(make_user(), Role.SUPERVISOR, here, there)
    facilitator = make_user(role=Role.FACILITATOR, organisation=here)
    days = {"first": date(2026, 3, 1), "after": date(2026, 4, 1)}

    assert papers_given_out(both, here, **days) == 1
    assert papers_given_out(facilitator, here, **days) == 0


def test_halls_behind_a_shut_door_are_for_those_who_work_there():
    programme = make_programme(takes_self_referrals=False)
    make_venue(programme.organisation, mode="in-person")

    assert landmarks_for(make_coordinator(programme.organisation), programme)
    assert landmarks_for(make_coordinator(make_organisation()), programme) == []


# Safety


def test_meeting_now_is_told_to_the_lead_of_that_organisation():
    here, there = two_organisations()
    group = make_group(make_programme(here), venue=make_venue(here))
    ana, ben = make_membership(group).parent, make_membership(group).parent
    pair = make_keep_apart(ana, ben).pair
    lead = works_at(make_user(), Role.SAFEGUARDING_LEAD, here, there)
    coordinator = make_coordinator(here)
    works_at(coordinator, Role.SAFEGUARDING_LEAD, there)

    assert meeting_now(lead, here, pair, at=NOON) == [group]
    assert meeting_now(lead, there, pair, at=NOON) == []
    assert meeting_now(coordinator, here, pair, at=NOON) == []


def test_the_dates_of_the_law_are_those_of_the_place_and_chosen_by_its_leads():
    here, there = two_organisations()
    Plan.objects.create(organisation=there, duties_key="elsewhere")
    Plan.objects.create(organisation=here, duties_key="here")
    lead = works_at(make_user(), Role.SAFEGUARDING_LEAD, here, there)
    coordinator = make_coordinator(here)
    works_at(coordinator, Role.SAFEGUARDING_LEAD, there)

    assert plan_for(lead, here).duties_key == "here"
    assert plan_for(coordinator, here).duties_key == "none"


def test_readers_are_chosen_among_those_who_work_there_and_are_not_shut_out():
    here, there = two_organisations()
    lead = works_at(make_user(), Role.SAFEGUARDING_LEAD, here, there)
    works = make_coordinator(here)
    make_coordinator(there)
    make_user(role=Role.COORDINATOR, organisation=here, is_active=False)

    assert may_be_readers(lead, here) == [works]


def test_what_a_lead_wrote_is_for_one_person_while_they_work_there():
    host = make_organisation()
    named, beside = make_coordinator(host), make_coordinator(host)
    reader = make_reader(make_concern(host), named)

    assert [*readings_for(named)] == [reader]
    assert [*readings_for(beside)] == []
    leaves(named, Role.PARENT)
    assert [*readings_for(named)] == []


# Figures


def test_a_month_counts_nobody_for_somebody_without_the_right():
    here, there = two_organisations()
    group = held_with(here, 2)
    held_with(there, 3)
    both = works_at(make_user(), Role.SUPERVISOR, here, there)
    facilitator = make_user(role=Role.FACILITATOR, organisation=here)
    at = NOON + timedelta(days=30)

    told = month_of(both, here, MARCH, at=at)
    assert [row.group for row in told.rows] == [group]
    assert told.total.persons == 2
    nothing = month_of(facilitator, here, MARCH, at=at)
    assert (nothing.rows, nothing.total) == ((), Figures())


def test_a_picture_of_the_months_is_of_one_organisation_and_for_those_who_may():
    here, there = two_organisations()
    held_with(here, 2)
    held_with(there, 3)
    for place in (here, there):
        helper = make_facilitator(place)
        Training.objects.create(facilitator=helper, kind="basic", completed_on=date(2026, 3, 1))
    both = works_at(make_user(), Role.SUPERVISOR, here, there)
    facilitator = make_user(role=Role.FACILITATOR, organisation=here)

    told = snapshot(both, here, IN_MARCH)

    assert told
    assert (told.participants, told.groups, told.trained) == (2, 1, 1)
    assert snapshot(facilitator, here, IN_MARCH) is None


def test_an_office_is_told_of_its_own_network():
    far = make_organisation(name="A far away", time_zone="Pacific/Kiritimati")
    here = make_organisation(name="B here", time_zone="Pacific/Auckland")
    make_network()
    held_with(here)
    held_with(far)
    officer, stranger = make_officer(here.network), make_officer(far.network)
    turn = datetime(2026, 3, 31, 10, 30, tzinfo=UTC)

    rows = network_month(officer, here.network, MARCH, at=turn).rows
    assert [row.organisation for row in rows] == [here]
    assert present_month(officer, here.network, at=turn) == MARCH
    assert present_month(stranger, here.network, at=turn + timedelta(hours=1)) == MARCH


def test_a_target_names_the_organisations_of_its_network():
    here, _far = make_organisation(), make_organisation()
    Network.objects.update(target_groups=5, target_by=date(2026, 12, 31))
    here.network.refresh_from_db()
    make_programme(here)

    told = plan_of(make_officer(here.network), here.network, on=date(2026, 4, 1))

    assert told
    assert [row.organisation for row in told.hosts] == [here]


def test_an_offer_knows_what_its_own_network_told():
    here, far = make_organisation(), make_organisation()
    held_with(here)
    officer, at = make_officer(here.network), datetime(2027, 2, 1, tzinfo=UTC)
    first = offers(officer, here.network, at=at)[0]
    Release.objects.create(
        network=far.network,
        number=5,
        table=first.table.key,
        first_on=first.first,
        months=first.span.months,
        names={},
        threshold=10,
        base=5,
        released_at=NOON,
        link="far",
        seal="0" * 64,
    )

    assert {offer.released for offer in offers(officer, here.network, at=at)} == {0}


def test_figures_of_the_network_are_not_those_of_an_organisation():
    group = make_group()
    release, _ = make_rows(group.organisation, group, "word")
    of = {"release": release, "measure": "parents"}
    ReleasedFigure.objects.create(**of, shown=70)
    ReleasedFigure.objects.create(**of, shown=20, organisation=group.organisation)

    assert told_in(make_user(), release) == {"parents": 70}
