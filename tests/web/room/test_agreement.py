"""The agreement on a member's telephone; for anybody else the page does not exist."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from goround.apps.agreements.models import AgreementVersion
from goround.apps.groups.models import Group, Membership
from goround.apps.organisations.roles import Role
from goround.apps.records.copying import make_copy
from tests.make import (
    NOON,
    TODAY,
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_membership,
    make_programme,
    make_user,
)
from tests.make_ours import account_of, make_member, make_version
from tests.page_words import words

pytestmark = pytest.mark.django_db

SECRET = "Nobody talks about the blue door"


@pytest.fixture
def group() -> Group:
    return make_group(make_programme(playbook_key="circle-of-parents"))


@pytest.fixture
def ana(group: Group) -> Membership:
    return make_member(group, "Ana")


@pytest.fixture
def ben(group: Group) -> Membership:
    return make_member(group, "Ben")


def device_of(member: Membership) -> Client:
    client = Client()
    client.force_login(account_of(member))
    return client


def page(name: str, group: Group, *more: object) -> str:
    return reverse(f"room:{name}", args=[group.pk, *more])


def text_of(response) -> str:
    found = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", response.text, re.DOTALL)
    assert found
    return found[1]


def test_a_group_without_one_is_shown_a_start(group, ana):
    shown = device_of(ana).get(page("agreement", group))

    assert "Parenting in the present." in shown.text
    assert page("agreement_write", group) in shown.text
    assert text_of(device_of(ana).get(page("agreement_write", group))).count("\n\n") == 7


def test_a_member_writes_it_and_another_says_yes(group, ana, ben):
    wrote = device_of(ana).post(
        page("agreement_write", group), {"text": "We listen.", "based_on": 0}, follow=True
    )
    said = device_of(ben).post(
        page("agreement_yes", group), {"number": 1, "answer": "yes"}, follow=True
    )

    assert "Saved as version 1." in wrote.text
    assert "1 of 2 of us said yes" in words(wrote)
    assert "2 of 2 of us said yes" in words(said)
    assert "I say yes to this" not in said.text


def test_a_yes_is_taken_back_with_one_tap(group, ana):
    make_version(ana)

    after = device_of(ana).post(
        page("agreement_yes", group), {"number": 1, "answer": "no"}, follow=True
    )

    assert "0 of 1 of us said yes" in words(after)
    assert "I say yes to this" in after.text


def test_after_a_change_a_member_sees_what_changed_since_their_yes(group, ana, ben):
    make_version(ben, "We listen.\n\nWe begin at six.")
    make_version(ana, "We listen.\n\nWe begin at seven.", based_on=1)

    shown = device_of(ben).get(page("agreement", group))

    assert "It changed since you said yes" in shown.text
    assert shown.text.count("We listen.") == 1
    assert '<del><bdi class="hidden">[gone: </bdi>six.' in shown.text
    assert '<ins><bdi class="hidden">[new: </bdi>seven.' in shown.text


def test_a_newcomer_is_offered_it_and_a_late_yes_is_not_for_other_words(group, ana):
    make_version(ana)
    cleo = make_member(group, "Cleo", joined_on=TODAY + timedelta(days=2))
    assert "Written before you came" in device_of(cleo).get(page("agreement", group)).text
    make_version(ana, "We listen well.", based_on=1)

    late = device_of(cleo).post(
        page("agreement_yes", group), {"number": 1, "answer": "yes"}, follow=True
    )

    assert "Somebody changed the agreement just now" in late.text
    assert "1 of 2 of us said yes" in words(late)


def test_two_who_write_at_once_in_different_places_both_find_their_words(group, ana, ben):
    first = "We listen.\n\nWe begin on time.\n\nWe say goodbye."
    make_version(ana, first)
    make_version(ben, first.replace("on time", "at six"), based_on=1)
    mine = first.replace("We say goodbye.", "We say goodbye and tidy up.")
    device = device_of(ana)

    crossed = device.post(page("agreement_write", group), {"text": mine, "based_on": 1})

    assert crossed.status_code == 409
    assert "both are together below" in words(crossed)
    both = "We listen.\n\nWe begin at six.\n\nWe say goodbye and tidy up."
    assert text_of(crossed) == both
    assert 'name="based_on" value="2"' in crossed.text
    device.post(page("agreement_write", group), {"text": both, "based_on": 2})
    assert AgreementVersion.objects.get(number=3).text == both


def test_two_who_write_at_once_in_one_place_lose_nothing_they_typed(group, ana, ben):
    make_version(ana, "We begin on time.")
    make_version(ben, "We begin at six.", based_on=1)

    crossed = device_of(ana).post(
        page("agreement_write", group), {"text": "We begin at seven.", "based_on": 1}
    )

    assert crossed.status_code == 409
    assert text_of(crossed) == "We begin at seven."
    assert "[new: at six." in words(crossed)
    assert AgreementVersion.objects.count() == 2


def test_an_empty_text_is_sent_back(group, ana):
    sent = device_of(ana).post(page("agreement_write", group), {"text": " ", "based_on": 0})

    assert sent.status_code == 422
    assert "Write at least one promise." in sent.text


def test_a_version_shows_what_it_changed(group, ana):
    make_version(ana, "We listen.")
    make_version(ana, "We listen and wait.", based_on=1)

    first = device_of(ana).get(page("agreement_version", group, 1))
    second = device_of(ana).get(page("agreement_version", group, 2))

    assert "<ins>" not in first.text and "We listen." in first.text
    assert "What changed since version 1" in second.text
    assert device_of(ana).get(page("agreement_version", group, 3)).status_code == 404


def test_a_yes_said_aloud_is_noted_by_a_member(group, ana, ben):
    make_version(ana)
    dora = make_membership(group, alias="Dora")
    device = device_of(ana)
    assert "Dora" in device.get(page("agreement", group)).text

    for member in (dora, ben):
        noted = device.post(
            page("agreement_aloud", group), {"number": 1, "member": member.pk}, follow=True
        )

    assert "2 of 3 of us said yes" in words(noted)


def test_nobody_but_a_member_finds_the_pages(group, ana):
    """Coordinators, the office, whoever leads the group, members of others and who left it."""
    make_version(ana, SECRET)
    here = group.organisation
    people = [make_user(role=r, organisation=here) for r in Role if r != Role.NETWORK_OFFICER]
    people.append(make_user(role=Role.NETWORK_OFFICER, network=here.network))
    leads = make_user(role=Role.FACILITATOR, organisation=here)
    make_leadership(group, make_facilitator(here, user=leads))
    elsewhere = make_member(make_group(group.programme), "Elsewhere")
    gone = make_member(group, "Gone", left_on=TODAY)
    people += [leads, account_of(elsewhere), account_of(gone)]
    gets = [("agreement", ()), ("agreement_write", ()), ("agreement_version", (1,))]
    posts = ["agreement_write", "agreement_yes", "agreement_aloud"]

    found = []
    for person in people:
        client = Client()
        client.force_login(person)
        sent = {"number": 1, "answer": "yes", "text": "Mine.", "based_on": 1}
        answers = [client.get(page(name, group, *more)) for name, more in gets]
        answers += [client.post(page(name, group), sent) for name in posts]
        found += [
            answer for answer in answers if answer.status_code != 404 or SECRET in answer.text
        ]

    assert found == []
    assert AgreementVersion.objects.get().affirmations.count() == 1


def test_staff_see_on_the_groups_page_that_there_is_one(group, ana, ben):
    rosa = make_coordinator(group.organisation)
    dolores = make_user(role=Role.FACILITATOR, organisation=group.organisation)
    make_leadership(group, make_facilitator(group.organisation, user=dolores))
    make_version(ana, SECRET)
    slug = group.organisation.slug

    for user, name in ((rosa, "coordinator:group"), (dolores, "facilitator:group")):
        client = Client()
        client.force_login(user)
        shown = client.get(reverse(name, args=[slug, group.pk]))
        assert "of 4 March 2026; 1 of 2 members said yes" in words(shown)
        assert SECRET not in shown.text


def test_the_copy_of_a_parent_has_their_words_and_the_staffs_copy_has_not(group, ana):
    make_version(ana, SECRET)
    parent = ana.parent

    own = make_copy(parent=parent, by=account_of(ana), at=NOON).as_json()
    staffs = make_copy(parent=parent, by=make_coordinator(group.organisation), at=NOON).as_json()

    assert SECRET in own
    assert SECRET not in staffs and "affirmation" not in staffs


def test_the_page_takes_as_many_queries_for_many_members(group, ana, django_assert_max_num_queries):
    make_version(ana)
    for number in range(6):
        make_member(group, f"Member {number}")
    device = device_of(ana)
    device.get(page("agreement", group))

    with django_assert_max_num_queries(16):
        device.get(page("agreement", group))
