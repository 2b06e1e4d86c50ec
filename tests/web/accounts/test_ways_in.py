"""Invitations, recovery cards and codes: words that open one account, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.accounts.factors import forget_factors
from goround.apps.accounts.models import CodeApp, User, WayIn
from goround.apps.accounts.ways_in import make_way_in, way_in_by_words
from goround.apps.audit.models import Event
from goround.apps.organisations.roles import Role
from goround.domain.privacy.guessing import BOUNDS, Secret
from tests.make import (
    make_coordinator,
    make_facilitator,
    make_group,
    make_leadership,
    make_membership,
    make_user,
)
from tests.web.accounts.people import (
    PASSPHRASE,
    give_app,
    is_in,
    said,
    sign_in,
    slip_words,
    somebody,
)

pytestmark = pytest.mark.django_db

NEW = "bridge lemon paper violin garden clock"
PAGES = {"sign-up": "/hello/", "card": "/sign-in/card/", "code": "/sign-in/code/"}


def words_for(user, kind):
    return make_way_in(user=user, kind=WayIn.Kind(kind), by=None, at=timezone.now())


def say(client, kind, words):
    return client.post(PAGES[kind], {"words": words})


def come_back(client, kind, words, passphrase=NEW):
    assert say(client, kind, words).headers["Location"] == "/sign-in/choose/"
    return client.post("/sign-in/choose/", {"passphrase": passphrase})


@pytest.fixture
def led():
    """A group with a member, its facilitator and its coordinator."""
    group = make_group()
    member = make_membership(group, alias="Calm River")
    facilitator = make_user(role=Role.FACILITATOR, organisation=group.organisation)
    make_leadership(group, make_facilitator(group.organisation, user=facilitator))
    return group, member, facilitator, make_coordinator(group.organisation)


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def invite(client, group, member, *, as_coordinator=True):
    middle = f"groups/{group.pk}/members" if as_coordinator else "run/members"
    return client.post(f"/o/{group.organisation.slug}/{middle}/{member.pk}/account/")


def give_code(client, group, member, *, as_coordinator=False):
    middle = f"groups/{group.pk}/members" if as_coordinator else "run/members"
    return client.post(f"/o/{group.organisation.slug}/{middle}/{member.pk}/code/")


@pytest.mark.parametrize("as_coordinator", [True, False])
def test_parent_signs_up_from_an_invitation_and_sees_when_the_group_meets(led, as_coordinator):
    group, member, facilitator, coordinator = led
    page = invite(
        as_(coordinator if as_coordinator else facilitator),
        group,
        member,
        as_coordinator=as_coordinator,
    )
    words = slip_words(page)
    client = Client()

    assert words.replace(" ", "-") in page.text.split("/hello/#")[1]
    choose = say(client, "sign-up", words.upper())
    assert choose.headers["Location"] == "/sign-in/choose/"
    offered = client.get("/sign-in/choose/")
    member.parent.refresh_from_db()
    assert member.parent.user.handle in offered.text
    done = client.post("/sign-in/choose/", {"passphrase": NEW})

    assert done.headers["Location"] == "/account/card/"
    home = said(client.get("/", follow=True))
    assert group.name in home
    assert "Here you are Calm River" in home
    assert sign_in(Client(), member.parent.user.handle, NEW).status_code == 302


def test_invited_parent_may_have_another_handle_but_not_make_one_up(led):
    group, member, _, coordinator = led
    words = slip_words(invite(as_(coordinator), group, member))
    client = Client()
    say(client, "sign-up", words)
    member.parent.refresh_from_db()
    before = member.parent.user.handle

    client.post("/sign-in/choose/", {"another": "yes", "handle": "mine", "passphrase": NEW})

    member.parent.user.refresh_from_db()
    assert member.parent.user.handle not in {before, "mine"}
    assert not member.parent.user.has_signed_up()


def test_invitation_of_somebody_with_an_account_changes_nothing(led):
    group, member, _, coordinator = led
    user = somebody()
    member.parent.user = user
    member.parent.save(update_fields=["user"])

    answer = as_(coordinator).post(
        f"/o/{group.organisation.slug}/groups/{group.pk}/members/{member.pk}/account/", follow=True
    )

    assert "has an account" in said(answer)
    assert not WayIn.objects.exists()


@pytest.mark.parametrize("kind", PAGES)
def test_words_open_once_and_end_every_session(kind):
    user, elsewhere = somebody(), Client()
    sign_in(elsewhere)
    client, words = Client(), words_for(user, kind)

    come_back(client, kind, words)

    assert is_in(client)
    assert not is_in(elsewhere)
    assert sign_in(Client()).status_code == 200
    assert sign_in(Client(), passphrase=NEW).status_code == 302
    assert "These words open nothing" in said(say(Client(), kind, words))
    assert WayIn.objects.get().used_at is not None


@pytest.mark.parametrize("kind", PAGES)
def test_words_are_kept_nowhere_and_the_trail_has_none(kind):
    user = somebody()
    words = words_for(user, kind)

    kept = str(list(WayIn.objects.values())) + str(list(Event.objects.values()))

    assert not any(word in kept for word in words.split() if len(word) > 4)


@pytest.mark.parametrize("kind", PAGES)
def test_newer_words_make_earlier_ones_useless(kind):
    user = somebody()
    earlier = words_for(user, kind)
    later = words_for(user, kind)

    assert say(Client(), kind, earlier).status_code == 200
    assert say(Client(), kind, later).status_code == 302


@pytest.mark.parametrize(
    ("kind", "minutes"), [("code", 20), ("sign-up", 7 * 24 * 60), ("card", 10**6)]
)
def test_words_last_their_time(kind, minutes):
    user, now = somebody(), timezone.now()
    words = make_way_in(user=user, kind=WayIn.Kind(kind), by=None, at=now)

    def opens(after):
        at = now + timedelta(minutes=after)
        return way_in_by_words(kind=WayIn.Kind(kind), words=words, at=at) is not None

    assert opens(minutes - 1)
    assert opens(minutes + 1) == (kind == "card")


def test_two_who_said_the_same_words_do_not_both_come_in():
    user = somebody()
    words = words_for(user, "card")
    first, second = Client(), Client()
    say(first, "card", words)
    say(second, "card", words)

    first.post("/sign-in/choose/", {"passphrase": NEW})
    refused = second.post("/sign-in/choose/", {"passphrase": PASSPHRASE})

    assert refused.headers["Location"] == "/sign-in/"
    assert sign_in(Client(), passphrase=NEW).status_code == 302


def test_short_passphrase_keeps_the_words_good():
    client, words = Client(), words_for(somebody(), "card")

    refused = come_back(client, "card", words, passphrase="short")

    assert refused.status_code == 200
    assert client.post("/sign-in/choose/", {"passphrase": NEW}).status_code == 302


def test_card_does_not_pass_by_the_second_factor_and_an_invitation_begins_anew():
    user = somebody()
    give_app(user, at=timezone.now())

    by_card = Client()
    answer = come_back(by_card, "card", words_for(user, "card"))
    assert answer.headers["Location"] == "/sign-in/second/"
    assert not is_in(by_card)

    invited = Client()
    come_back(invited, "sign-up", words_for(user, "sign-up"))
    assert is_in(invited)
    assert not CodeApp.objects.exists()
    forget_factors(user=user, by=user, at=timezone.now())


def test_words_of_a_closed_account_open_nothing():
    user = somebody()
    words = words_for(user, "card")
    User.objects.update(is_active=False)

    assert say(Client(), "card", words).status_code == 200


@pytest.mark.parametrize("kind", PAGES)
def test_wrong_words_are_bounded_and_leave_others_alone(kind):
    words = words_for(somebody(), kind)
    first = words.split()[0]
    other = "apple" if first != "apple" else "river"
    bound = BOUNDS[Secret(kind)].tries

    tried = [say(Client(), kind, f"{other} wrong words {n}").status_code for n in range(bound + 1)]

    assert tried == [200] * bound + [429]
    assert say(Client(), kind, words).status_code == 302


def test_somebody_locked_out_by_the_guesses_of_others_comes_in_by_card():
    words = words_for(somebody(), "card")
    for _ in range(BOUNDS[Secret.PASSPHRASE].tries):
        sign_in(Client(), passphrase="a guess of somebody else")
    assert sign_in(Client()).status_code == 429
    client = Client()

    come_back(client, "card", words)

    assert is_in(client)


def member_with_account(member):
    user = somebody("calm-river-42")
    member.parent.user = user
    member.parent.save(update_fields=["user"])
    return user


def test_facilitator_gives_a_code_in_the_meeting_and_the_parent_is_told(led):
    group, member, facilitator, _ = led
    user = member_with_account(member)
    words = slip_words(give_code(as_(facilitator), group, member))
    client = Client()

    assert come_back(client, "code", words).headers["Location"] == "/"
    page = said(client.get("/me/"))
    assert "A code was made for your account" in page
    assert "It was used to choose a new passphrase" in page
    client.post("/account/codes/seen/")
    assert "A code was made" not in said(client.get("/me/"))
    made = Event.objects.get(kind="parent.code_given")
    assert (made.by_id, made.subject_id) == (facilitator.pk, member.parent_id)
    assert Event.objects.filter(kind="code.used", by_id=user.pk).count() == 1


def test_code_is_for_members_of_groups_one_leads(led):
    group, member, _, _ = led
    member_with_account(member)
    stranger = make_user(role=Role.FACILITATOR, organisation=group.organisation)
    children = make_user(role=Role.CHILDRENS_LEADER, organisation=group.organisation)
    make_leadership(
        group,
        make_facilitator(group.organisation, user=children),
        part="childrens-leader",
    )

    answers = [give_code(as_(user), group, member).status_code for user in (stranger, children)]

    assert answers == [404, 404]
    assert not WayIn.objects.exists()


def test_codes_are_few(led):
    group, member, facilitator, _ = led
    member_with_account(member)
    client = as_(facilitator)
    for _ in range(3):
        slip_words(give_code(client, group, member))

    refused = give_code(client, group, member)

    assert refused.status_code == 302
    assert WayIn.objects.count() == 3


def test_code_for_somebody_without_an_account_is_refused(led):
    group, member, facilitator, _ = led

    assert give_code(as_(facilitator), group, member).status_code == 302
    assert not WayIn.objects.exists()


def test_nobody_chooses_a_passphrase_without_words():
    somebody()

    answer = Client().post("/sign-in/choose/", {"passphrase": NEW})

    assert answer.headers["Location"] == "/sign-in/"
    assert sign_in(Client()).status_code == 302


def test_time_to_choose_ends():
    client = Client()
    say(client, "card", words_for(somebody(), "card"))
    session = client.session
    session["way_in"] |= {"at": (timezone.now() - timedelta(minutes=16)).isoformat()}
    session.save()

    client.post("/sign-in/choose/", {"passphrase": NEW})

    assert sign_in(Client(), passphrase=NEW).status_code == 200


def test_card_is_made_on_ones_own_page_and_shown_once():
    client = Client()
    somebody()
    sign_in(client)

    words = slip_words(client.post("/account/card/"))

    assert words not in client.get("/account/card/").text
    assert come_back(Client(), "card", words).headers["Location"] == "/account/card/"
