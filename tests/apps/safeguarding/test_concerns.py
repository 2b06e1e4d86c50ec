from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import serializers
from django.db import IntegrityError, connection, transaction

from goround.apps.audit.models import Event
from goround.apps.groups.models import Membership
from goround.apps.keys.models import SealedText
from goround.apps.keys.sealing import open_with
from goround.apps.organisations.roles import Role
from goround.apps.outbox.models import Message
from goround.apps.safeguarding.duties import duties_of, shipped_duties
from goround.apps.safeguarding.models import Concern, FollowUp, Plan, Step
from goround.apps.safeguarding.selectors import closed_for, concerns_for, desk_for, one_for, opened
from goround.apps.safeguarding.services import (
    StillOpen,
    choose_duties,
    finish_follow_up,
    take_step,
)
from goround.domain.safeguarding.concern import Act, NotNow, Way
from goround.domain.safeguarding.duties import DutiesError
from tests.make import (
    NOON,
    TODAY,
    make_group,
    make_membership,
    make_organisation,
    make_parent,
    make_user,
)
from tests.make_safeguarding import (
    make_concern,
    make_follow_up,
    make_lead,
    make_lead_with_key,
)

pytestmark = pytest.mark.django_db


def act(concern, *acts, by, **more):
    for each in acts:
        words = {"words": f"{each} done"}
        take_step(concern=concern, act=each, words=words, by=by, at=NOON, **more)
    concern.refresh_from_db()
    return concern


def everything_stored():
    """All that a dump of the database would hold, binary columns read too."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for value in (value for row in cursor.fetchall() for value in row):
                is_binary = isinstance(value, memoryview | bytes)
                yield bytes(value) if is_binary else str(value).encode()


def test_what_is_said_and_who_said_it_is_sealed():
    host = make_organisation()
    _, key, _ = make_lead_with_key(host)
    ana = make_user(handle="canary-handle", shown_as="Canary Ana")

    concern = make_concern(host, "Canary words", by=ana)

    told = json.loads(open_with(key, concern.told))
    assert told == {
        "about": "child",
        "what": "Canary words",
        "raised_by": "Canary Ana",
        "account": "canary-handle",
    }
    assert [text for text in everything_stored() if b"Canary words" in text] == []
    assert list(Event.objects.filter(kind="concern.raised").values_list("by_id", flat=True)) == [
        None
    ]
    rows = [*Concern.objects.all(), *Step.objects.all(), *SealedText.objects.all()]
    assert "anary" not in serializers.serialize("json", rows)


def test_somebody_may_leave_out_who_they_are():
    host = make_organisation()
    _, key, _ = make_lead_with_key(host)

    concern = make_concern(host, "Words", by=None)

    assert json.loads(open_with(key, concern.told)) == {"about": "child", "what": "Words"}


def test_already_reported_is_one_step_that_nothing_gates():
    host = make_organisation()
    choose_duties(
        organisation=host, key="us-california", own_duties="", by=make_lead(host), at=NOON
    )

    concern = make_concern(host, already="The hotline, 11:40")

    concern.refresh_from_db()
    step = concern.steps.get()
    assert (concern.stage, concern.reported_at, concern.is_to_be_reported) == (
        "reported",
        NOON,
        True,
    )
    assert (step.act, step.way, step.duty, step.by) == ("report", "already", "Telephone", None)


def test_leads_are_told_that_something_waits_and_not_what():
    host = make_organisation()
    lead, elsewhere = make_lead(host), make_lead(make_organisation())

    concern = make_concern(host, "Canary words")

    message = Message.objects.get(about_id=concern.pk)
    assert message.user_id == lead.pk != elsewhere.pk
    assert "anary" not in str(message.facts)


def test_the_way_to_the_end():
    host = make_organisation()
    lead = make_lead(host)
    concern = make_concern(host)

    act(concern, Act.ACKNOWLEDGE, Act.TRIAGE, by=lead)
    act(concern, Act.DECIDE, by=lead, is_to_be_reported=True)
    act(concern, Act.REPORT, by=lead, way=Way.JOINT)
    act(concern, Act.SHARE, Act.CLOSE, by=lead)

    assert (concern.stage, concern.closed_at, concern.reported_at) == ("closed", NOON, NOON)
    kinds = Event.objects.filter(subject="concern", subject_id=concern.pk).order_by("pk")
    assert [event.kind.partition(".")[2] for event in kinds] == [
        "raised",
        "acknowledged",
        "triaged",
        "decided",
        "reported",
        "shared",
        "closed",
    ]
    assert list(closed_for(lead, host)) == [concern]
    assert desk_for(lead, host, at=NOON) == []


def test_a_concern_is_not_closed_while_something_is_to_be_done():
    concern = make_concern(make_organisation())
    follow_up = make_follow_up(concern)
    lead = make_lead(concern.organisation)
    act(concern, Act.DECIDE, by=lead, is_to_be_reported=False)

    with pytest.raises(StillOpen):
        act(concern, Act.CLOSE, by=lead)
    finish_follow_up(follow_up=follow_up, by=lead, at=NOON)
    finish_follow_up(follow_up=follow_up, by=lead, at=NOON + timedelta(days=1))

    assert act(concern, Act.CLOSE, by=lead).stage == "closed"
    assert FollowUp.objects.get().done_at == NOON
    assert Event.objects.filter(kind="follow_up.done").count() == 1


def test_an_act_out_of_its_place_changes_nothing():
    concern = make_concern(make_organisation())

    with pytest.raises(NotNow):
        act(concern, Act.CLOSE, by=make_lead(concern.organisation))

    concern.refresh_from_db()
    assert (concern.stage, concern.steps.count()) == ("raised", 0)


def test_filing_never_ends_a_membership():
    group = make_group()
    parent = make_parent(group.organisation, user=make_user())
    make_membership(group, parent)
    lead = make_lead(group.organisation)
    concern = make_concern(group.organisation, by=parent.user, already="yes")

    act(concern, Act.DECIDE, by=lead, is_to_be_reported=True)
    act(concern, Act.REPORT, by=lead, way=Way.GROUP)
    act(concern, Act.CLOSE, by=lead)

    assert Membership.objects.filter(left_on=None).count() == 1


def test_the_desk_puts_the_overdue_first_and_danger_next():
    host = make_organisation()
    lead = make_lead(host)
    choose_duties(organisation=host, key="us-california", own_duties="", by=lead, at=NOON)
    calm, danger = make_concern(host), make_concern(host, danger=True)
    old = make_concern(host, at=NOON - timedelta(days=2))
    planned = make_concern(host, already="yes", at=NOON)
    settled = make_concern(host, at=NOON - timedelta(days=3))
    act(settled, Act.TRIAGE, by=lead)
    act(settled, Act.DECIDE, by=lead, is_to_be_reported=False)

    rows = desk_for(lead, host, at=NOON)

    assert [(row.concern, row.overdue) for row in rows] == [
        (old, True),
        (danger, False),
        (settled, False),
        (calm, False),
        (planned, False),
    ]
    assert [each.step.name for each in rows[0].deadlines] == ["Telephone", "Written report"]
    assert [each.step.name for each in rows[-1].deadlines] == ["Written report"]
    assert rows[2].deadlines == ()


def test_a_follow_up_past_its_day_is_overdue():
    concern = make_concern(make_organisation())
    make_follow_up(concern, due_on=TODAY - timedelta(days=1))
    lead = make_lead(concern.organisation)

    row = one_for(lead, concern.organisation, concern.pk, at=NOON)

    assert row is not None
    assert (row.overdue, row.next, len(row.follow_ups)) == (True, None, 1)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.NETWORK_OFFICER])
def test_only_leads_of_the_organisation_see_that_there_is_one(role):
    host = make_organisation()
    make_concern(host)
    viewer = make_user(role=role, organisation=host)
    stranger = make_lead(make_organisation())

    is_lead = role == Role.SAFEGUARDING_LEAD
    assert (concerns_for(viewer, host).count(), len(desk_for(viewer, host, at=NOON))) == (
        (1, 1) if is_lead else (0, 0)
    )
    assert concerns_for(stranger, host).count() == 0


def test_a_lead_reads_what_was_sealed_to_them_and_another_does_not():
    host = make_organisation()
    lead, key, _ = make_lead_with_key(host)
    concern = make_concern(host, "Words")
    _, late_key, _ = make_lead_with_key(host)

    assert opened(lead, key, [concern.told, None])[concern.told_id]["what"] == "Words"
    assert opened(lead, late_key, [concern.told]) == {}


def test_every_shipped_file_of_duties_can_be_read_and_names_its_sources():
    found = shipped_duties()

    assert list(found) == ["us-california", "england", "us-new-york", "none"]
    california = found["us-california"].steps
    assert [(step.name, step.within_hours) for step in california] == [
        ("Telephone", 0),
        ("Written report", 36),
    ]
    assert all(step.source for duties in found.values() for step in duties.steps)


def test_an_organisation_writes_its_own_duties():
    host = make_organisation()
    own = 'key = "ours"\nname = "Ours"\nchecked_on = 2026-03-01\nwho = "All"\n'
    lead = make_lead(host)
    assert duties_of(host).key == "none"

    for _ in range(2):
        choose_duties(organisation=host, key="england", own_duties=own, by=lead, at=NOON)

    assert (duties_of(host).key, Plan.objects.count()) == ("ours", 1)
    assert Event.objects.filter(kind="safeguarding_plan.changed").count() == 1
    with pytest.raises(DutiesError):
        choose_duties(organisation=host, key="england", own_duties="x =", by=lead, at=NOON)


@pytest.mark.parametrize(
    "wrong",
    [
        {"stage": "closed"},
        {"closed_at": NOON},
        {"stage": "reported"},
    ],
)
def test_the_database_refuses_a_stage_without_its_time(wrong):
    concern = make_concern(make_organisation())

    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(**wrong)


def test_the_database_refuses_a_report_that_does_not_say_how():
    concern = make_concern(make_organisation())

    for wrong in ({"act": "report"}, {"act": "triage", "way": "self"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Step.objects.create(concern=concern, at=NOON, **wrong)
