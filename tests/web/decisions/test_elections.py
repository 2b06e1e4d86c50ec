"""An election, and what comes of it, on the members' own pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goround.apps.accounts.models import User
from goround.apps.decisions.models import Candidacy, CheckIn, Decision
from goround.apps.groups.models import Leadership
from goround.apps.organisations.roles import Role
from tests.make import make_coordinator
from tests.make_decisions import Room, make_room
from tests.make_groups import make_leader
from tests.page_words import words
from tests.web.decisions.test_voting import last_day, page_of, signed_in

pytestmark = pytest.mark.django_db


def call(room: Room, client: Client, **more: str) -> str:
    """The page of an election that was just called."""
    sent = {"months": "6", "naming_until": last_day(0), "closes_on": last_day()} | more
    return client.post(page_of(room, "election/"), sent).url


def elect(room: Room, chosen: int = 1) -> None:
    """Everybody votes for the one who stands, and they say yes."""
    clients = [signed_in(room.user(n)) for n in range(len(room.members))]
    page = call(room, clients[0])
    clients[chosen].post(f"{page}stand/", {"do": "stand"})
    clients[0].post(f"{page}begin/")
    for client in clients:
        client.post(page, {"place_1": "0"})
    clients[chosen].post(f"{page}answer/", {"do": "accept"})


def test_three_members_choose_one_of_them():
    room = make_room(3)
    ana, ben, cleo = (signed_in(room.user(n)) for n in range(3))
    page = call(room, ana)
    ana.post(f"{page}stand/", {"do": "name", "named": room.members[1].pk})

    asked = words(ben.get(page))
    ben.post(f"{page}stand/", {"do": "stand"})
    cleo.post(f"{page}stand/", {"do": "stand"})
    ana.post(f"{page}begin/")
    for client, place in ((ana, "0"), (ben, "0"), (cleo, "1")):
        client.post(page, {"place_1": place})
    told = words(cleo.get(page))
    chosen = words(ben.get(page))
    thanked = ben.post(f"{page}answer/", {"do": "accept"}, follow=True)

    assert "You were named. Would you lead with us?" in asked
    assert "Decided: Member 1." in told
    assert "Member 1 has not answered yet" in told
    assert "The group chose you" in chosen
    assert "You lead with them" in words(thanked)
    assert Leadership.objects.get().membership == room.members[1]
    assert "Member 1 said yes, and leads until" in words(ana.get(page))


def test_who_says_no_is_shown_to_nobody():
    room = make_room(3)
    ana, ben = signed_in(room.user(0)), signed_in(room.user(1))
    page = call(room, ana)
    ana.post(f"{page}stand/", {"do": "name", "named": room.members[1].pk})

    ben.post(f"{page}stand/", {"do": "decline"})

    assert Candidacy.objects.get().answer == "declined"
    assert "Nobody has said yes yet" in words(ana.get(page))
    assert ana.get(page).text.count("Member 1") == 1  # in the list of whom to ask


def test_the_vote_does_not_begin_while_nobody_stands():
    room = make_room(3)
    ana = signed_in(room.user(0))
    page = call(room, ana)

    answer = ana.post(f"{page}begin/", follow=True)

    assert "Nobody has said yes yet. The vote has not begun." in words(answer)


def test_whoever_is_not_a_member_cannot_be_asked():
    room, other = make_room(3), make_room(3)
    ana = signed_in(room.user(0))
    page = call(room, ana)

    for named in (other.members[0].pk, "", "x", room.members[0].pk):
        ana.post(f"{page}stand/", {"do": "name", "named": named})

    assert Candidacy.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"months": "99"},
        {"naming_until": last_day(9)},
        {"closes_on": last_day(-1)},
        {"closes_on": ""},
    ],
)
def test_an_election_that_cannot_be_held_is_sent_back(wrong):
    room = make_room(3)
    sent = {"months": "6", "naming_until": last_day(0), "closes_on": last_day()} | wrong

    answer = signed_in(room.user(0)).post(page_of(room, "election/"), sent)

    assert answer.status_code == 422
    assert Decision.objects.count() == 0


def test_the_group_may_choose_in_place_of_who_leads():
    room = make_room(3)
    elect(room)
    lead = Leadership.objects.get()
    ana = signed_in(room.user(0))

    assert "in the place of Member 1" in words(ana.get(page_of(room, "election/")))
    call(room, ana, instead=str(lead.pk))

    assert Decision.objects.latest("pk").mandate.instead_of == lead


def test_a_coordinator_cannot_end_what_the_group_gave():
    room = make_room(3)
    elect(room)
    lead, host = Leadership.objects.get(), room.group.organisation
    rosa = signed_in(make_coordinator(host))

    shown = rosa.get(f"/o/{host.slug}/groups/{room.group.pk}/")
    answer = rosa.post(f"/o/{host.slug}/groups/{room.group.pk}/leaders/{lead.pk}/end/", follow=True)

    assert "Stops" not in words(shown)
    assert "The group chose them" in words(answer)
    lead.refresh_from_db()
    assert lead.to_on is None


def test_a_leader_opens_their_pages_and_stops():
    room = make_room(3)
    elect(room)
    ben = signed_in(room.user(1))
    page = page_of(room, "leading/")

    assert ben.post(page, {"do": "pages"}).url == "/sign-in/"
    assert room.user(1).roles.filter(role=Role.PARENT_LEADER).exists()
    # A new role ended every session: they sign in again.
    assert ben.get(page).status_code == 302
    ben = signed_in(User.objects.get(pk=room.user(1).pk))
    ben.post(page, {"do": "stop"})

    assert Leadership.objects.get().to_on is not None
    assert ben.get(page).status_code == 404


def test_only_who_leads_has_a_leaders_page():
    room = make_room(3)
    elect(room)

    for person in (
        room.user(0),
        make_coordinator(room.group.organisation),
        make_leader(room.group),
    ):
        assert signed_in(person).get(page_of(room, "leading/")).status_code == 404


def test_a_facilitator_notes_a_talk_and_the_leader_takes_its_words_back():
    room = make_room(3)
    elect(room)
    lead, host = Leadership.objects.get(), room.group.organisation
    dolores = make_leader(room.group)
    page = f"/o/{host.slug}/run/{room.group.pk}/check-in/"
    sent = {
        "leader": lead.pk,
        "on": room.group.today(at=timezone.now()).isoformat(),
        "leader_wishes": "on",
        "how": "hard",
        "help_asked": "A bigger room",
    }

    assert signed_in(dolores).post(page, sent).status_code == 302
    assert "A bigger room" in words(signed_in(dolores).get(page))
    ben = signed_in(room.user(1))
    assert "A bigger room" in words(ben.get(page_of(room, "leading/")))
    ben.post(page_of(room, "leading/"), {"do": f"forget-{CheckIn.objects.get().pk}"})

    assert "A bigger room" not in words(signed_in(dolores).get(page))
    assert CheckIn.objects.count() == 1


def test_without_the_leaders_wish_only_the_day_is_kept():
    room = make_room(3)
    elect(room)
    host = room.group.organisation
    page = f"/o/{host.slug}/groups/{room.group.pk}/check-in/"

    signed_in(make_coordinator(host)).post(
        page,
        {
            "leader": Leadership.objects.get().pk,
            "on": room.group.today(at=timezone.now()).isoformat(),
            "how": "hard",
            "help_asked": "A bigger room",
        },
    )

    assert [(one.how, one.help_asked) for one in CheckIn.objects.all()] == [("", "")]


def test_late_talks_stand_on_the_desk_and_with_the_facilitator():
    room = make_room(3)
    elect(room)
    host = room.group.organisation
    Leadership.objects.update(from_on=room.group.today(at=timezone.now()) - timedelta(days=9))
    rosa, dolores = make_coordinator(host), make_leader(room.group)

    assert "Talks with parent leaders that are late" in words(
        signed_in(dolores).get(f"/o/{host.slug}/run/")
    )
    desk = words(signed_in(rosa).get(f"/o/{host.slug}/"))
    assert f"Talks with parent leaders that are late {room.group.name}" in desk
    shown = words(signed_in(rosa).get(f"/o/{host.slug}/groups/{room.group.pk}/"))
    assert "The talk with who leads was due on" in shown


def test_the_room_says_what_is_next_and_never_a_vote_to_who_only_leads():
    room = make_room(3)
    elect(room)
    dolores = make_leader(room.group)

    theirs = words(signed_in(dolores).get(f"/room/{room.group.pk}/"))
    own = words(signed_in(room.user(0)).get(f"/room/{room.group.pk}/"))

    assert "The next talk with who leads is due on" in theirs
    assert "What we decide" not in theirs
    assert "What we decide" in own
