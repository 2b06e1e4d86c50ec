"""The waiting list, one parent's page, and leaving the list."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from goround.apps.audit.models import Event
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Referral
from tests.make import (
    make_coordinator,
    make_group,
    make_meeting,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
    make_user,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def ana(client, programme):
    user = make_coordinator(programme.organisation)
    client.force_login(user)
    return user


def o(programme, tail=""):
    return f"/o/{programme.organisation.slug}/waiting/{tail}"


def waits(programme, days=3, *, referral=None, **facts):
    parent = make_parent(programme.organisation, **facts)
    since = timezone.now() - timedelta(days=days)
    return make_referral(parent, programme, waiting_since=since, **(referral or {}))


def said(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def called(page):
    return re.findall(r'<a class="whole" href="[^"]+">([^<]+)</a>', page)


@pytest.mark.parametrize("rows", [1, 3])
def test_waiting_page_matches_its_part(client, programme, ana, rows, django_assert_num_queries):
    for number in range(rows):
        waits(programme, 10 - number, alias=f"Fern {number}")
    waits(make_programme(), alias="Hidden Heron")
    client.get(o(programme))

    with django_assert_num_queries(7):
        page = client.get(o(programme)).text
    part = client.get(o(programme), headers=HTMX).text

    assert part.strip() in page
    assert called(part) == [f"Fern {number}" for number in range(rows)]
    assert "Hidden Heron" not in page


def test_waiting_page_counts_and_says_how_long(client, programme, ana):
    waits(programme, 0, alias="Today")
    waits(programme, 5)
    waits(programme, 60, referral={"priority": 3})

    page = client.get(o(programme)).text

    text = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "3 waiting · 1 longer than 8 weeks" in text
    for words in ("since today", "5 days", "8 weeks"):
        assert words in text


def test_waiting_page_keeps_who_fits_and_says_what_it_keeps(client, programme, ana):
    waits(programme, alias="Spanish", languages=("es",))
    waits(programme, alias="English")

    page = client.get(o(programme), {"language": "es"}).text

    assert called(page) == ["Spanish"]
    assert '<option value="es" selected>' in page


def test_waiting_page_takes_a_senseless_filter_for_none(client, programme, ana):
    waits(programme, alias="Fern")

    page = client.get(o(programme), {"language": "'", "weeks": "x", "page": "99", "day": "mon"})

    assert (page.status_code, called(page.text)) == (200, ["Fern"])


def test_waiting_page_without_anybody_says_what_to_do(client, programme, ana):
    assert "Nobody waits yet." in client.get(o(programme)).text
    assert "Nobody waits who fits" in client.get(o(programme), {"door": "self"}).text


def test_waiting_page_shows_fifty_and_leads_on(client, programme, ana):
    for number in range(51):
        waits(programme, 100 - number, alias=f"Fern {number}")

    first = client.get(o(programme), {"door": "self"}).text
    second = client.get(o(programme), {"door": "self", "page": "2"}).text

    assert len(called(first)) == 50
    assert "?door=self&amp;page=2" in first
    assert called(second) == ["Fern 50"]


def test_waiting_page_escapes_what_parents_wrote(client, programme, ana):
    waits(programme, alias="<script>x</script>")

    assert "<script>x" not in client.get(o(programme)).text


def test_parents_page_says_what_was_told_and_what_was_not(client, programme, ana):
    referral = waits(
        programme,
        12,
        alias="Calm River",
        languages=("es",),
        children_ages=[3],
        ages_on=timezone.now().date(),
        interests=("men",),
        max_km=8,
        referral={
            "door": "agency",
            "source": "hospitals",
            "agency": "Welcome Baby",
            "agreed_on": timezone.now().date(),
        },
    )

    page = client.get(o(programme, f"{referral.pk}/")).text

    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for words in (
        "Calm River",
        "12 days",
        "Spanish",
        "Monday 17:00–21:00",
        "up to 8 km",
        "Men",
        "Hospitals and Welcome Baby: Welcome Baby",
        "The parent said yes to this on",
        "Safe way to be reached not said",
    ):
        assert words in text


def test_parents_page_of_somewhere_else_is_not_there(client, programme, ana):
    other = waits(make_programme())

    assert client.get(o(programme, f"{other.pk}/")).status_code == 404
    assert client.get(o(other.programme, f"{other.pk}/")).status_code == 404


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.SUPERVISOR, Role.PARENT_LEADER])
def test_waiting_pages_are_not_there_for_others(client, programme, role):
    referral = waits(programme)
    client.force_login(make_user(role=role, organisation=programme.organisation))

    for tail in ("", f"{referral.pk}/", f"{referral.pk}/withdraw/", "refer/"):
        assert client.get(o(programme, tail)).status_code == 404


def test_withdraw_asks_first_and_then_keeps_a_trace(client, programme, ana):
    referral = waits(programme, alias="Calm River")
    address = o(programme, f"{referral.pk}/withdraw/")

    assert "Take Calm River off the waiting list?" in client.get(address).text
    assert Referral.objects.get().status == "waiting"
    answer = client.post(address, {"because": "moved-away"}, follow=True)

    assert Referral.objects.get().withdrawn_because == "moved-away"
    assert "Left the waiting list on" in answer.text
    assert "Moved away." in answer.text
    assert [(event.kind, event.by_id) for event in Event.objects.order_by("number")] == [
        ("referral.withdrawn", ana.pk),
        ("parent.record_opened", ana.pk),
    ]


def test_withdraw_with_a_senseless_reason_changes_nothing(client, programme, ana):
    referral = waits(programme)

    answer = client.post(o(programme, f"{referral.pk}/withdraw/"), {"because": "so what"})

    assert (answer.status_code, Referral.objects.get().status) == (200, "waiting")


def test_withdraw_of_a_parent_placed_meanwhile_says_so(client, programme, ana):
    now = timezone.now()
    referral = waits(programme, referral={"status": "placed", "ended_at": now})

    answer = client.post(o(programme, f"{referral.pk}/withdraw/"), follow=True)

    assert "This parent was placed meanwhile. Nothing was changed." in answer.text


def test_put_back_begins_a_new_wait(client, programme, ana):
    now = timezone.now()
    referral = waits(programme, 50, referral={"status": "withdrawn", "ended_at": now})
    address = o(programme, f"{referral.pk}/put-back/")

    assert "Back on the waiting list" in client.post(address, follow=True).text
    assert "They are on the list already." in client.post(address, follow=True).text
    assert client.get(address).status_code == 405
    assert sorted(Referral.objects.values_list("status", flat=True)) == ["waiting", "withdrawn"]


def test_desk_counts_what_waits(client, programme, ana):
    waits(programme, 90)
    address = f"/o/{programme.organisation.slug}/"

    page = " ".join(re.sub(r"<[^>]+>", " ", client.get(address).text).split())

    assert "Parents waiting 1 waits longer than 8 weeks 1" in page
    assert "Rounds not finished nothing to do" in page


def test_desk_counts_meetings_left_open_of_any_group(client, programme, ana):
    group = make_group(programme)
    now = timezone.now()
    make_meeting(group, starts_at=now - timedelta(days=2))
    make_meeting(group, starts_at=now + timedelta(days=2))
    make_meeting(make_group(make_programme()), starts_at=now - timedelta(days=2))

    page = said(client.get(f"/o/{programme.organisation.slug}/").text)

    assert "Meetings of which nobody said who came 1" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_desk_costs_the_same_however_much_there_is(
    client, programme, ana, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        waits(programme, 90)
        make_meeting(make_group(programme), starts_at=timezone.now() - timedelta(days=2))
    client.get(f"/o/{programme.organisation.slug}/")

    with django_assert_max_num_queries(20):
        client.get(f"/o/{programme.organisation.slug}/")


def test_desk_of_a_supervisor_shows_no_waiting_list(client, programme):
    client.force_login(make_user(role=Role.SUPERVISOR, organisation=programme.organisation))

    page = client.get(f"/o/{programme.organisation.slug}/")

    assert (page.status_code, "Parents waiting" in page.text) == (200, False)
    assert "Background checks that ran out nothing to do" in said(page.text)


def test_desk_of_another_organisation_is_not_there(client, programme, ana):
    assert client.get(f"/o/{make_organisation().slug}/").status_code == 404
