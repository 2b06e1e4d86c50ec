from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from goround.apps.audit.models import Event
from goround.apps.groups.models import Group, Invitation, Leadership, Membership
from goround.apps.groups.names import free_name
from goround.apps.groups.one_writer import GroupEnded
from goround.apps.groups.services import (
    NameTaken,
    NoPlace,
    NotOfThisGroup,
    SeriesBeginsTooEarly,
    add_member,
    change_group,
    change_series,
    create_group,
    draft_invitation,
    end_group,
    end_lead,
    give_lead,
    leave,
    mark_told,
    welcome,
)
from goround.apps.people.models import Parent, Referral
from tests.make import (
    NOON,
    TODAY,
    make_coordinator,
    make_facilitator,
    make_group,
    make_keep_apart,
    make_membership,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
    make_venue,
)
from tests.make_groups import LONDON, begin_group, make_rule

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_create_group_keeps_the_hour_on_the_wall():
    programme = make_programme()
    ana = make_coordinator(programme.organisation)

    group = create_group(
        organisation=programme.organisation,
        programme=programme,
        name="Thursday circle",
        recurrence=make_rule("2026-07-02 19:30", zone=LONDON),
        skipped_days=[date(2026, 12, 24)],
        by=ana,
        at=NOON,
    )

    assert group.first_at == datetime(2026, 7, 2, 18, 30, tzinfo=UTC)
    assert group.recurrence() == make_rule("2026-07-02 19:30", zone=LONDON)
    assert group.days_skipped() == {date(2026, 12, 24)}
    event = Event.objects.get()
    assert (event.kind, event.organisation_id, event.by_id) == (
        "group.created",
        programme.organisation_id,
        ana.pk,
    )


def test_create_group_refuses_a_name_in_use_whatever_its_case():
    group = begin_group(name="Monday Circle")

    with pytest.raises(NameTaken):
        begin_group(programme=group.programme, name="monday circle")

    assert Group.objects.count() == 1
    free = free_name(organisation=group.organisation, name=" monday  circle ")
    assert free == "monday circle 2"


@pytest.mark.parametrize("what", ["programme", "venue"])
def test_create_group_refuses_rows_of_another_organisation(what):
    programme, other = make_programme(), make_organisation()
    rows = {"programme": programme, "venue": make_venue(programme.organisation)}
    rows[what] = make_programme(other) if what == "programme" else make_venue(other)

    with pytest.raises(NotOfThisGroup):
        create_group(
            organisation=programme.organisation,
            name="Circle",
            recurrence=make_rule(),
            by=make_coordinator(programme.organisation),
            at=NOON,
            **rows,
        )

    assert Group.objects.count() == 0


def test_change_series_says_whether_anything_changed():
    group = begin_group(make_rule("2026-03-09 18:00"))
    ana = make_coordinator(group.organisation)
    tuesdays = make_rule("2026-03-10 19:00", minutes=60)

    changed = [
        change_series(group=group, recurrence=tuesdays, skipped_days=[], by=ana, at=NOON)
        for _ in range(2)
    ]

    group.refresh_from_db()
    assert changed == [True, False]
    assert group.recurrence() == tuesdays
    assert kinds().count("group.series_changed") == 1


def test_change_series_refuses_other_hours_in_the_past():
    group = begin_group(make_rule("2026-02-02 18:00"))
    ana = make_coordinator(group.organisation)

    with pytest.raises(SeriesBeginsTooEarly):
        change_series(
            group=group,
            recurrence=make_rule("2026-02-02 19:00"),
            skipped_days=[],
            by=ana,
            at=NOON,
        )


def test_change_series_may_give_a_running_series_an_end():
    group = begin_group(make_rule("2026-02-02 18:00"))
    ending = make_rule("2026-02-02 18:00", until=date(2026, 6, 30))

    changed = change_series(
        group=group,
        recurrence=ending,
        skipped_days=[],
        by=make_coordinator(group.organisation),
        at=NOON,
    )

    group.refresh_from_db()
    assert changed
    assert group.recurrence() == ending


def test_change_group_renames_and_moves_it():
    group = begin_group()
    hall = make_venue(group.organisation)
    ana = make_coordinator(group.organisation)

    for _ in range(2):
        change_group(group=group, name="Evening circle", venue=hall, by=ana, at=NOON)

    group.refresh_from_db()
    assert (group.name, group.venue) == ("Evening circle", hall)
    assert kinds().count("group.changed") == 1


def test_add_member_twice_is_one_membership():
    group = begin_group()
    parent = make_parent(group.organisation, alias="Ana")
    ana = make_coordinator(group.organisation)

    first, second = (
        add_member(group=group, parent=parent, joined_on=TODAY, by=ana, at=NOON) for _ in range(2)
    )

    assert first == second
    assert Membership.objects.count() == 1
    assert kinds().count("membership.begun") == 1


def test_add_member_numbers_an_alias_that_is_in_use():
    group = begin_group()
    ana = make_coordinator(group.organisation)

    members = [
        add_member(
            group=group,
            parent=make_parent(group.organisation, alias=alias),
            joined_on=TODAY,
            by=ana,
            at=NOON,
        )
        for alias in ("Ana", "ana", "Ana", "Bo")
    ]

    assert [member.alias for member in members] == ["Ana", "ana 2", "Ana 3", "Bo"]


def test_add_member_ends_the_wait_for_this_programme_alone():
    group = begin_group()
    parent = make_parent(group.organisation)
    here = make_referral(parent, group.programme)
    elsewhere = make_referral(parent, make_programme(group.organisation, "circle-of-parents"))

    add_member(
        group=group,
        parent=parent,
        joined_on=TODAY,
        by=make_coordinator(group.organisation),
        at=NOON,
    )

    here.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (here.status, here.ended_at) == (Referral.Status.PLACED, NOON)
    assert elsewhere.status == Referral.Status.WAITING


def test_add_member_refuses_keep_apart_like_a_full_group():
    full, apart = begin_group(name="Full"), begin_group(name="Apart")
    for _ in range(10):  # the most that Parent Support Circles take
        make_membership(full)
    member = make_membership(apart)
    parent = make_parent(apart.organisation)
    one, other = sorted([member.parent, parent], key=lambda p: p.pk)
    make_keep_apart(one, other)
    refusals = []

    for group, newcomer in ((full, make_parent(full.organisation)), (apart, parent)):
        referral = make_referral(newcomer, group.programme)
        with pytest.raises(NoPlace) as refusal:
            add_member(
                group=group,
                parent=newcomer,
                joined_on=TODAY,
                by=make_coordinator(group.organisation),
                at=NOON,
            )
        referral.refresh_from_db()
        refusals.append((str(refusal.value).replace(str(group), "it"), referral.status))

    assert refusals == [("it has no place", Referral.Status.WAITING)] * 2
    assert Membership.objects.filter(group=apart).count() == 1


def test_add_member_lets_somebody_join_once_the_other_has_left():
    group = begin_group()
    member = make_membership(group)
    parent = make_parent(group.organisation)
    one, other = sorted([member.parent, parent], key=lambda p: p.pk)
    make_keep_apart(one, other)
    ana = make_coordinator(group.organisation)

    leave(membership=member, on=TODAY, by=ana, at=NOON)
    tomorrow = TODAY + timedelta(days=1)
    # Today both could still be on the same list.
    with pytest.raises(NoPlace):
        add_member(group=group, parent=parent, joined_on=TODAY, by=ana, at=NOON)
    joined = add_member(group=group, parent=parent, joined_on=tomorrow, by=ana, at=NOON)

    assert list(group.memberships.filter(left_on=None)) == [joined]


def test_add_member_refuses_a_parent_of_another_organisation():
    group = begin_group()

    with pytest.raises(NotOfThisGroup):
        add_member(
            group=group,
            parent=make_parent(make_organisation()),
            joined_on=TODAY,
            by=make_coordinator(group.organisation),
            at=NOON,
        )


def test_add_member_fills_an_open_group_without_end():
    programme = make_programme(playbook_key="circle-of-parents")
    group = begin_group(programme=programme, is_open=True)
    ana = make_coordinator(group.organisation)

    for _ in range(13):
        parent = make_parent(group.organisation)
        add_member(group=group, parent=parent, joined_on=TODAY, by=ana, at=NOON)

    assert group.memberships.count() == 13


def test_welcome_twice_is_one_parent_without_intake():
    group = begin_group()
    ana = make_coordinator(group.organisation)

    first, second = (
        welcome(group=group, alias=alias, on=TODAY, by=ana, at=NOON)
        for alias in ("  Calm   River ", "calm river")
    )

    assert first == second
    parent = Parent.objects.get()
    assert (parent.alias, parent.user, parent.home_cell) == ("Calm River", None, "")
    assert Referral.objects.count() == 0


def test_welcome_of_somebody_known_later_moves_their_first_day_back():
    group = begin_group()
    member = make_membership(group, alias="Ana", joined_on=TODAY)
    before = TODAY - timedelta(days=7)

    found = welcome(
        group=group, alias="Ana", on=before, by=make_coordinator(group.organisation), at=NOON
    )

    assert (found.pk, found.joined_on) == (member.pk, before)


def test_welcome_to_a_group_that_ended_begins_and_ends_the_membership():
    group = begin_group()
    ana = make_coordinator(group.organisation)
    end_group(group=group, on=TODAY, by=ana, at=NOON)

    member = welcome(group=group, alias="Ana", on=TODAY - timedelta(days=2), by=ana, at=LATER)

    assert member.left_on == TODAY


def test_leave_ends_the_part_led_and_keeps_the_day():
    group = begin_group()
    member = make_membership(group)
    ana = make_coordinator(group.organisation)
    part = Leadership.Part.PARENT_LEADER
    give_lead(group=group, leader=member, part=part, from_on=TODAY, by=ana, at=NOON)

    for day in (TODAY, TODAY + timedelta(days=1)):
        leave(membership=member, on=day, by=ana, at=NOON)

    member.refresh_from_db()
    assert member.left_on == TODAY
    assert Leadership.objects.get().to_on == TODAY
    assert kinds().count("membership.ended") == 1


def test_leave_before_joining_counts_as_the_first_day():
    group = begin_group()
    member = make_membership(group, joined_on=TODAY)

    leave(
        membership=member,
        on=TODAY - timedelta(days=30),
        by=make_coordinator(group.organisation),
        at=NOON,
    )

    member.refresh_from_db()
    assert member.left_on == TODAY


def test_give_lead_twice_is_one_lead_and_can_be_given_again_after_its_end():
    group = begin_group()
    rosa = make_facilitator(group.organisation)
    ana = make_coordinator(group.organisation)
    part = Leadership.Part.FACILITATOR

    leads = [
        give_lead(group=group, leader=rosa, part=part, from_on=TODAY, by=ana, at=NOON)
        for _ in range(2)
    ]
    for _ in range(2):
        end_lead(leadership=leads[0], on=TODAY, by=ana, at=NOON)
    again = give_lead(group=group, leader=rosa, part=part, from_on=TODAY, by=ana, at=LATER)

    assert leads[0] == leads[1] != again
    assert kinds().count("lead.given") == 2
    assert kinds().count("lead.ended") == 1


def test_give_lead_refuses_people_from_elsewhere():
    group, other = begin_group(), make_group()

    for leader in (make_facilitator(other.organisation), make_membership(other)):
        with pytest.raises(NotOfThisGroup):
            give_lead(
                group=group,
                leader=leader,
                part=Leadership.Part.FACILITATOR,
                from_on=TODAY,
                by=make_coordinator(group.organisation),
                at=NOON,
            )


def test_end_group_ends_members_and_leaders_once():
    group = begin_group()
    member = make_membership(group)
    ana = make_coordinator(group.organisation)
    rosa = make_facilitator(group.organisation)
    give_lead(
        group=group,
        leader=rosa,
        part=Leadership.Part.FACILITATOR,
        from_on=TODAY,
        by=ana,
        at=NOON,
    )

    for day in (TODAY, TODAY + timedelta(days=3)):
        end_group(group=group, on=day, by=ana, at=NOON)

    group.refresh_from_db()
    member.refresh_from_db()
    assert (group.status, group.ended_on) == (Group.Status.ENDED, TODAY)
    assert (member.left_on, Leadership.objects.get().to_on) == (TODAY, TODAY)
    assert kinds().count("group.ended") == 1
    with pytest.raises(GroupEnded):
        add_member(
            group=group,
            parent=make_parent(group.organisation),
            joined_on=TODAY,
            by=ana,
            at=NOON,
        )


def test_draft_invitation_names_place_and_hour_and_nothing_else():
    programme = make_programme(name="Recovery programme")
    hall = make_venue(programme.organisation, name="Eastside Library", address="3rd Street")
    group = begin_group(programme=programme, venue=hall, name="Parents in recovery", type="men")
    member = make_membership(group, alias="Ana", joined_on=TODAY)
    ana = make_coordinator(group.organisation)

    invitation = draft_invitation(membership=member, by=ana, at=NOON)

    for word in ("Ana", "Eastside Library", "3rd Street", "Every Monday", "Monday 9 March, 18:00"):
        assert word in invitation.text
    for word in ("recovery", "programme", "group", "parent", "support", "Men"):
        assert word not in invitation.text
    assert (invitation.status, invitation.drafted_at) == (Invitation.Status.DRAFT, NOON)


@pytest.mark.parametrize("language", ["es", "xx", ""])
def test_draft_invitation_is_never_a_mixture_of_languages(language):
    member = make_membership(begin_group(language=language))

    invitation = draft_invitation(
        membership=member, by=make_coordinator(member.group.organisation), at=NOON
    )

    # Until Goround's own words are put into Spanish, weekdays stay English beside them.
    assert ("Every Monday" in invitation.text) == ("there is a place for you" in invitation.text)


def test_draft_invitation_leaves_one_that_was_told():
    group = begin_group()
    member = make_membership(group)
    ana = make_coordinator(group.organisation)
    invitation = draft_invitation(membership=member, text="Come along.", by=ana, at=NOON)

    for at in (NOON, LATER):
        mark_told(invitation=invitation, by=ana, at=at)
    draft_invitation(membership=member, text="Other words.", by=ana, at=LATER)

    invitation.refresh_from_db()
    assert (invitation.text, invitation.told_at) == ("Come along.", NOON)
    assert kinds().count("invitation.told") == 1
    assert kinds().count("invitation.drafted") == 1
