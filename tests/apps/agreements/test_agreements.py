"""Members write their agreement and say yes to it; staff learn that there is one."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from goround.apps.agreements import selectors
from goround.apps.agreements.models import Affirmation, AgreementVersion
from goround.apps.agreements.selectors import (
    AgreementFacts,
    agreement_facts,
    last_yes_of,
    newest_version,
    standing_of,
    versions_of,
)
from goround.apps.agreements.services import (
    LONGEST,
    NoText,
    NotTheNewest,
    WrittenMeanwhile,
    affirm,
    affirm_aloud,
    take_yes_back,
    write_version,
)
from goround.apps.audit.models import Event
from goround.apps.groups.membership import NotAMember
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.one_writer import GroupEnded
from goround.apps.organisations.roles import Role
from tests.make import (
    NOON,
    TODAY,
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_membership,
    make_user,
)
from tests.make_ours import account_of, make_member, make_version

pytestmark = pytest.mark.django_db

SECRET = "Nobody talks about the blue door"


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture
def ana(group: Group) -> Membership:
    return make_member(group, "Ana")


@pytest.fixture
def ben(group: Group) -> Membership:
    return make_member(group, "Ben")


def say_yes(version: AgreementVersion, member: Membership) -> None:
    affirm(version=version, membership=member, by=account_of(member), at=NOON)


def yes_of(version: AgreementVersion) -> list[str]:
    return sorted(version.affirmations.values_list("membership__alias", flat=True))


def test_every_change_is_a_new_version_and_the_old_one_stays(group, ana, ben):
    first = make_version(ana, "We listen.")
    second = make_version(ben, "We listen and wait.", based_on=1)

    kept = versions_of(account_of(ana), group)

    assert [(each.number, each.text) for each in kept] == [
        (2, "We listen and wait."),
        (1, "We listen."),
    ]
    assert (yes_of(first), yes_of(second)) == (["Ana"], ["Ben"])


def test_the_same_text_again_is_no_new_version(ana):
    first = make_version(ana, "We listen.")

    assert make_version(ana, "  We  listen. \n", based_on=1) == first
    assert make_version(ana, "We listen.", based_on=0) == first
    assert AgreementVersion.objects.count() == 1


def test_the_second_of_two_who_write_at_once_is_told_and_nothing_is_overwritten(ana, ben):
    make_version(ana, "We listen.")
    newer = make_version(ben, "We listen well.", based_on=1)

    with pytest.raises(WrittenMeanwhile) as told:
        make_version(ana, "We hear.", based_on=1)

    assert told.value.newest == newer
    assert AgreementVersion.objects.count() == 2


@pytest.mark.parametrize("text", ["", " \n ", "x" * (LONGEST + 1)])
def test_an_agreement_says_something_that_can_be_read(ana, text):
    with pytest.raises(NoText):
        make_version(ana, text)


def test_saying_yes_twice_is_saying_it_once(ana, ben):
    version = make_version(ana)
    say_yes(version, ben)
    say_yes(version, ben)

    assert yes_of(version) == ["Ana", "Ben"]
    assert Event.objects.filter(kind="agreement.affirmed").count() == 1


def test_a_yes_can_be_taken_back(ana, ben):
    version = make_version(ana)
    say_yes(version, ben)

    for _ in range(2):
        take_yes_back(version=version, membership=ben, by=account_of(ben), at=NOON)

    assert yes_of(version) == ["Ana"]
    assert Event.objects.filter(kind="agreement.yes_taken_back").count() == 1


def test_nobody_says_yes_to_a_version_that_was_changed_meanwhile(ana, ben):
    first = make_version(ana)
    make_version(ana, "We listen well.", based_on=1)

    with pytest.raises(NotTheNewest):
        say_yes(first, ben)


def test_a_change_asks_everybody_again_and_knows_what_they_said_yes_to(ana, ben):
    first = make_version(ana)
    say_yes(first, ben)
    second = make_version(ana, "We listen well.", based_on=1)

    standing = standing_of(account_of(ben), ben)

    assert standing is not None
    assert (standing.version, standing.has_said_yes) == (second, False)
    assert last_yes_of(account_of(ben), ben) == first


def test_a_newcomer_is_asked_as_one_who_came_later(group, ana):
    version = make_version(ana)
    later = make_member(group, "Cleo", joined_on=TODAY + timedelta(days=3))

    asked, wrote = standing_of(account_of(later), later), standing_of(account_of(ana), ana)

    assert asked is not None and wrote is not None
    assert (asked.has_said_yes, asked.is_new_to_it) == (False, True)
    assert (wrote.has_said_yes, wrote.is_new_to_it) == (True, False)
    assert last_yes_of(account_of(later), later) is None
    assert asked.version == version


def test_a_yes_said_aloud_is_noted_for_a_member_without_an_account(group, ana, ben):
    version = make_version(ana)
    dora = make_membership(group, alias="Dora")
    noted = {"version": version, "noted_by": ana, "by": account_of(ana), "at": NOON}

    affirm_aloud(speaker=dora, **noted)

    assert yes_of(version) == ["Ana", "Dora"]
    with pytest.raises(NotAMember):
        affirm_aloud(speaker=ben, **noted)
    with pytest.raises(NotAMember):
        affirm_aloud(speaker=make_membership(make_group()), **noted)


def test_only_a_member_acts_and_only_for_themselves(group, ana, ben):
    version = make_version(ana)
    stranger, rosa = make_user(), make_coordinator(group.organisation)
    gone = make_member(group, "Eve", left_on=TODAY)

    for by, member in ((stranger, ben), (rosa, ben), (account_of(ana), ben)):
        with pytest.raises(NotAMember):
            affirm(version=version, membership=member, by=by, at=NOON)
        with pytest.raises(NotAMember):
            take_yes_back(version=version, membership=member, by=by, at=NOON)
        with pytest.raises(NotAMember):
            write_version(membership=member, text="Mine.", based_on=1, by=by, at=NOON)
    with pytest.raises(NotAMember):
        make_version(gone, "Mine.", based_on=1)
    assert yes_of(version) == ["Ana"]


def test_an_ended_group_changes_nothing(group, ana):
    version = make_version(ana)
    Group.objects.filter(pk=group.pk).update(status="ended", ended_on=TODAY)

    with pytest.raises(GroupEnded):
        make_version(ana, "We listen well.", based_on=1)
    with pytest.raises(GroupEnded):
        say_yes(version, ana)


def staff_of(group: Group) -> dict[str, object]:
    here = group.organisation
    people = {role: make_user(role=role, organisation=here) for role in Role if _is_staff(role)}
    people |= {Role.NETWORK_OFFICER: make_user(role=Role.NETWORK_OFFICER, network=here.network)}
    leads = make_facilitator(here, user=people[Role.FACILITATOR])
    make_leadership(group, leads)
    return {str(role): user for role, user in people.items()} | {"stranger": make_user()}


def _is_staff(role: Role) -> bool:
    return role not in {Role.PARENT, Role.PARENT_LEADER, Role.NETWORK_OFFICER}


def test_no_selector_tells_staff_the_words(group, ana):
    """Every public selector of the app, by name: a new one must be asked here too."""
    version = make_version(ana, SECRET)
    asked = {
        "versions_of": lambda viewer: [each.text for each in versions_of(viewer, group)],
        "newest_version": lambda viewer: newest_version(viewer, group),
        "standing_of": lambda viewer: standing_of(viewer, ana),
        "last_yes_of": lambda viewer: last_yes_of(viewer, ana),
        "agreement_facts": lambda viewer: agreement_facts(viewer, [group]),
    }
    public = {
        name
        for name, found in inspect.getmembers(selectors, inspect.isfunction)
        if found.__module__ == selectors.__name__ and not name.startswith("_")
    }
    people = staff_of(group)

    told = {name: {who: ask(user) for who, user in people.items()} for name, ask in asked.items()}

    assert set(asked) == public
    for name in asked.keys() - {"agreement_facts"}:
        assert {who for who, found in told[name].items() if found} == set(), name
    facts = {group.pk: AgreementFacts(group.pk, 1, NOON, 1, 1)}
    seeing = {"facilitator", "supervisor", "coordinator"}
    assert {who for who, found in told["agreement_facts"].items() if found} == seeing
    assert told["agreement_facts"]["coordinator"] == facts
    assert version.text == SECRET


def test_the_facts_count_members_of_today_and_the_newest_version(
    group, ana, ben, django_assert_num_queries
):
    make_version(ana)
    second = make_version(ana, "We listen well.", based_on=1, at=NOON + timedelta(days=1))
    say_yes(second, ben)
    Membership.objects.filter(pk=ben.pk).update(left_on=TODAY)
    rosa, other = make_coordinator(group.organisation), make_group(group.programme)

    with django_assert_num_queries(2):
        facts = agreement_facts(rosa, [group, other])

    assert facts == {group.pk: AgreementFacts(group.pk, 2, NOON + timedelta(days=1), 1, 1)}


def test_the_words_lie_locked_in_the_database(ana):
    make_version(ana, SECRET)

    with connection.cursor() as cursor:
        cursor.execute("SELECT locked FROM agreements_agreementversion")
        stored = bytes(cursor.fetchone()[0])
    assert SECRET.encode() not in stored
    facts = [str(event.facts) for event in Event.objects.all()]
    assert [each for each in facts if "blue" in each] == []


def test_the_database_refuses_two_versions_of_one_number_and_two_yeses(ana):
    version = make_version(ana)

    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementVersion.objects.create(group=ana.group, number=1, written_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Affirmation.objects.create(version=version, membership=ana, said_on=TODAY)


def test_standing_takes_as_many_queries_for_many_members(group, ana, django_assert_max_num_queries):
    make_version(ana)
    for number in range(8):
        make_member(group, f"Member {number}")

    with django_assert_max_num_queries(4):
        standing = standing_of(account_of(ana), ana)

    assert standing is not None and standing.members == 9
