from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from goround.apps.organisations.roles import Role
from goround.apps.people.models import Postcode
from goround.apps.people.selectors import (
    WaitingFilter,
    checks_run_out,
    facilitators_for,
    free_alias,
    knows_postcodes,
    names_of_facilitators,
    postcode_cell,
    waiting_counts,
    waiting_list,
    waiting_page,
)
from goround.domain.privacy.alias import suggest_alias
from tests.make import (
    NOON,
    TODAY,
    make_coordinator,
    make_facilitator,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def ana(programme):
    return make_coordinator(programme.organisation)


def waits(programme, days=1, *, referral=None, **facts):
    parent = make_parent(programme.organisation, **facts)
    since = NOON - timedelta(days=days)
    return make_referral(parent, programme, waiting_since=since, **(referral or {}))


def test_waiting_list_begins_with_the_longest_wait(programme, ana):
    short, long = waits(programme, 3), waits(programme, 90)
    waits(programme, referral={"status": "withdrawn", "ended_at": NOON})

    assert list(waiting_list(ana, programme.organisation)) == [long, short]


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        ({"language": "es"}, ["spanish"]),
        ({"type": "men"}, ["anything", "men"]),
        ({"day": "sat"}, ["saturday"]),
        ({"door": "agency"}, ["agency"]),
        ({"source": "hospitals"}, ["agency"]),
        ({"waiting_before": NOON - timedelta(weeks=2)}, ["long"]),
        ({"language": "e"}, []),
    ],
)
def test_waiting_list_keeps_who_fits(programme, ana, keep, kept):
    waits(programme, alias="spanish", languages=("es",), interests=("teen",))
    waits(programme, alias="men", interests=("men", "teen"))
    waits(programme, alias="anything", interests=())
    waits(programme, alias="saturday", available=("sat 09:00-12:00",), interests=("teen",))
    waits(programme, 30, alias="long", interests=("teen",))
    agency = {"door": "agency", "agreed_on": NOON.date(), "source": "hospitals"}
    waits(programme, alias="agency", referral=agency, interests=("teen",))

    found = waiting_list(ana, programme.organisation, keep=WaitingFilter(**keep))

    assert sorted(referral.parent.alias for referral in found) == kept


def test_waiting_list_keeps_one_programme(programme, ana):
    other = make_programme(programme.organisation, "safe-project")
    waits(programme)
    there = waits(other)

    found = waiting_list(ana, programme.organisation, keep=WaitingFilter(programme=other))

    assert list(found) == [there]


def test_waiting_counts_tell_who_waits_long(programme, ana):
    for days in (1, 55, 56, 200):
        waits(programme, days)

    counts = waiting_counts(ana, programme.organisation, at=NOON)

    assert (counts.waiting, counts.long) == (4, 2)


def test_waiting_page_gives_rows_from_far_down_in_one_query(
    programme, ana, django_assert_num_queries
):
    referrals = [waits(programme, days) for days in (9, 8, 7, 6, 5)]

    with django_assert_num_queries(1):
        page = list(waiting_page(ana, programme.organisation, start=3, end=5))
        aliases = [referral.parent.alias for referral in page]

    assert page == referrals[3:]
    assert aliases == [referral.parent.alias for referral in referrals[3:]]


@pytest.mark.parametrize("role", [role for role in Role if role.value != "network-officer"])
def test_waiting_list_opens_to_coordinators_only(programme, role):
    waits(programme)
    viewer = make_user(role=role, organisation=programme.organisation)

    found = waiting_list(viewer, programme.organisation).count()

    assert found == (1 if role == Role.COORDINATOR else 0)


def test_waiting_list_of_another_organisation_is_empty(programme):
    waits(programme)
    stranger = make_coordinator(make_organisation())

    assert list(waiting_list(stranger, programme.organisation)) == []
    assert waiting_counts(stranger, programme.organisation, at=NOON).waiting == 0


def test_facilitators_are_absent_without_the_right_to_see_training(programme, ana):
    organisation = programme.organisation
    maria = make_facilitator(organisation, shown_as="María")
    supervisor = make_user(role=Role.SUPERVISOR, organisation=organisation)
    colleague = make_user(role=Role.FACILITATOR, organisation=organisation)

    assert list(facilitators_for(ana, organisation)) == [maria]
    assert list(facilitators_for(supervisor, organisation)) == [maria]
    assert list(facilitators_for(colleague, organisation)) == []
    assert names_of_facilitators(ana, organisation) == {"maría"}


def test_checks_run_out_counts_who_leads_groups_now(programme, ana):
    organisation = programme.organisation
    for until in (None, TODAY, TODAY - timedelta(days=1)):
        make_facilitator(organisation, background_check_until=until)
    gone = TODAY - timedelta(days=90)
    make_facilitator(organisation, background_check_until=gone, in_service=False)
    make_facilitator(make_organisation(), background_check_until=gone)

    assert checks_run_out(ana, organisation, on=TODAY) == 1
    assert checks_run_out(make_user(), organisation, on=TODAY) == 0


def test_free_alias_is_nobodys_at_the_organisation(programme, ana):
    first = free_alias(ana, programme.organisation, rng=Random(5))
    make_parent(programme.organisation, alias=first)

    second = free_alias(ana, programme.organisation, rng=Random(5))

    assert first == suggest_alias(Random(5))
    assert second != first


def test_free_alias_is_numbered_when_all_offered_are_taken(programme, ana):
    rng = Random(5)
    for _ in range(12):
        make_parent(programme.organisation, alias=suggest_alias(rng))

    alias = free_alias(ana, programme.organisation, rng=Random(5))

    assert alias.rsplit(" ", maxsplit=1)[-1].isdigit()


def test_postcodes_belong_to_the_network(programme, ana):
    here, elsewhere = programme.organisation, make_organisation()
    Postcode.objects.create(network=here.network, code="91331", cell="8829a1d743fffff")

    assert postcode_cell(ana, here, " 913 31 ") == "8829a1d743fffff"
    assert postcode_cell(ana, here, "90001") == ""
    assert postcode_cell(ana, elsewhere, "91331") == ""
    assert (knows_postcodes(ana, here), knows_postcodes(ana, elsewhere)) == (True, False)
