"""What is left of a parent who was erased: a count, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models

from goround.apps.accounts.models import User
from goround.apps.agenda.models import Goal, Promise, Topic, Want
from goround.apps.agenda.services import set_want
from goround.apps.agreements.models import AgreementVersion
from goround.apps.apart.asking import pairs_of
from goround.apps.audit.models import Event
from goround.apps.formation.models import Proposal, Search
from goround.apps.formation.stored import plain_problem_of
from goround.apps.groups.models import Invitation, Membership
from goround.apps.keys.models import DataKey
from goround.apps.meetings.models import Attendance
from goround.apps.organisations.roles import Role
from goround.apps.people.consents import services as consents
from goround.apps.people.consents.models import Consent
from goround.apps.people.models import Parent, Referral
from goround.apps.records.erased_list import lines_in, own_list
from goround.apps.records.erasing import (
    GRACE,
    NOBODY,
    ErasedAlready,
    ask_erasure,
    erase,
    erase_again,
    erase_due,
    take_back,
)
from goround.apps.records.models import Erasure
from goround.apps.reports.selectors.month import month_of
from goround.domain.counting import Month
from tests.make import (
    NOON,
    make_coordinator,
    make_group,
    make_keep_apart,
    make_membership,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
    make_user,
    make_venue,
)
from tests.make_formation import make_small_round
from tests.make_months import make_held
from tests.make_ours import make_goal, make_own_promise, make_topic, make_version
from tests.make_rooms import make_room

pytestmark = pytest.mark.django_db

CANARY = "CANARY"


@pytest.fixture
def here():
    return make_organisation()


@pytest.fixture
def programme(here):
    return make_programme(here)


@pytest.fixture
def ana(here):
    return make_coordinator(here)


@pytest.fixture
def ida(here, programme, ana):
    """A parent with something in every place where something can be."""
    user = make_user(role=Role.PARENT, organisation=here, shown_as=f"{CANARY} ida")
    ida = make_parent(
        here,
        alias=f"{CANARY} river",
        user=user,
        reference=f"{CANARY}-7",
        gender="male",
        children_ages=[3.0],
        safe_contact=f"{CANARY} school gate",
        tags=("canary-tag",),
    )
    make_referral(ida, programme, agency=f"{CANARY} agency", receipt_hash="c" * 64)
    group = make_group(programme)
    member = make_membership(group, ida, alias=f"{CANARY} in group")
    make_membership(group)
    Invitation.objects.create(membership=member, text=f"{CANARY} welcome", drafted_at=NOON)
    make_held(group, NOON - timedelta(days=1), [member])
    consents.give(
        parent=ida,
        purpose=Consent.Purpose.SHARING,
        recipient=f"{CANARY} clinic",
        how=Consent.How.ON_PAPER,
        by=ana,
        at=NOON,
    )
    make_small_round(programme, ida, make_venue(here), ana)
    make_version(member, "We listen.")
    make_room(group, member, f"{CANARY} in the room", ours="Tea")
    topic = make_topic(member, f"{CANARY} bedtime")
    set_want(topic=topic, membership=member, is_wanted=True, by=user, at=NOON)
    make_own_promise(member, f"{CANARY} story")
    make_goal(member, f"{CANARY} school")
    return ida


def everything() -> str:
    """Every stored value of every row, keys and sessions included."""
    kept = []
    for model in apps.get_models():
        for row in model._base_manager.all():
            kept += [str(getattr(row, field.attname)) for field in model._meta.concrete_fields]
    return "\n".join(kept).lower()


def test_nothing_a_parent_said_is_left_anywhere(ida, ana):
    assert "canary" in everything()

    erase(parent=ida, by=ana, at=NOON)

    assert "canary" not in everything()
    ida.refresh_from_db()
    assert (ida.alias, ida.user, ida.reference, ida.children_ages) == (NOBODY, None, None, ())
    assert not DataKey.objects.filter(parent_id=ida.pk).exists()


def test_the_agreement_stays_with_the_group_without_their_yes(ida, ana):
    erase(parent=ida, by=ana, at=NOON)

    kept = AgreementVersion.objects.get()
    assert (kept.text, kept.written_by, kept.affirmations.count()) == ("We listen.", None, 0)


def test_what_they_wrote_goes_and_an_unsigned_topic_leads_to_nobody(ida, ana):
    member = Membership.objects.get(parent=ida)
    make_topic(member, "Money", is_signed=False)

    erase(parent=ida, by=ana, at=NOON)

    assert [topic.text for topic in Topic.objects.all()] == ["Money"]
    assert (Want.objects.count(), Promise.objects.count(), Goal.objects.count()) == (0, 0, 0)


def test_figures_of_the_past_stand(ida, ana, here):
    month = Month(2026, 3)
    before = month_of(ana, here, month, at=NOON).total

    erase(parent=ida, by=ana, at=NOON)

    assert month_of(ana, here, month, at=NOON).total == before
    assert Attendance.objects.count() == 1
    ida.refresh_from_db()
    assert ida.gender == "male"


def test_who_never_came_leaves_no_gender(here, ana):
    ida = make_parent(here, gender="male")

    erase(parent=ida, by=ana, at=NOON)

    ida.refresh_from_db()
    assert ida.gender == ""


def test_they_belong_nowhere_and_wait_nowhere(ida, ana):
    erase(parent=ida, by=ana, at=NOON)

    member = Membership.objects.get(parent=ida)
    assert (member.alias, member.left_on) == (NOBODY, NOON.date())
    referral = Referral.objects.get(parent=ida)
    assert (referral.status, referral.agency, referral.receipt_hash) == ("withdrawn", "", None)
    assert not Invitation.objects.exists()


def test_rounds_know_nothing_of_them_and_go_on(ida, ana):
    erase(parent=ida, by=ana, at=NOON)

    for search in Search.objects.all():
        for row in plain_problem_of(search)["parents"]:
            if row["id"] == str(ida.pk):
                assert row == {"id": str(ida.pk), "lat": 0.0, "lon": 0.0, "max_km": 0.0}
    for proposal in Proposal.objects.all():
        for group in proposal.figures["groups"].values():
            for member in group["members"]:
                if member["id"] == str(ida.pk):
                    assert (member["ages"], member["tags"], member["km"]) == ([], [], 0.0)


def test_account_goes_unless_its_owner_works_here(ida, ana, here):
    account = ida.user
    leader = make_parent(here, user=make_coordinator(here))

    erase(parent=ida, by=ana, at=NOON)
    erase(parent=leader, by=ana, at=NOON)

    assert not User.objects.filter(pk=account.pk).exists()
    assert User.objects.filter(pk=leader.user_id).exists()


def test_account_that_rows_hold_on_to_is_emptied(ida, ana, here, programme):
    make_small_round(programme, make_parent(here), make_venue(here), ida.user)
    account = ida.user

    erase(parent=ida, by=ana, at=NOON)

    account.refresh_from_db()
    assert (account.shown_as, account.is_active, account.handle) == (
        "",
        False,
        f"gone-{account.pk}",
    )
    assert not account.roles.exists()


def test_keep_apart_stays_with_the_lead(ida, ana, here):
    other = make_parent(here)
    make_keep_apart(ida, other)

    erase(parent=ida, by=ana, at=NOON)

    assert len(pairs_of(here.pk)) == 1


def test_trail_keeps_ids_only(ida, ana):
    erase(parent=ida, by=ana, at=NOON)

    erased = Event.objects.get(kind="parent.erased")
    assert (erased.subject_id, erased.by_id, erased.facts) == (ida.pk, ana.pk, {"because": "asked"})


def test_others_are_left_alone(ida, ana, here, programme):
    other = make_parent(here, alias="Kind Harbour", safe_contact="Ring twice")
    make_referral(other, programme)
    foreign = make_parent(make_organisation(), alias="Far Away", safe_contact="By letter")

    erase(parent=ida, by=ana, at=NOON)

    for parent, said in [(other, "Ring twice"), (foreign, "By letter")]:
        parent.refresh_from_db()
        assert (parent.safe_contact, parent.erased_at) == (said, None)
    assert Referral.objects.get(parent=other).status == "waiting"


def test_erasure_waits_for_its_day_and_can_be_taken_back(ida, ana):
    asked = ask_erasure(parent=ida, by=ida.user, at=NOON)
    assert ask_erasure(parent=ida, by=ana, at=NOON + timedelta(days=1)) == asked

    assert erase_due(by=None, at=NOON + GRACE - timedelta(seconds=1)) == 0
    take_back(parent=ida, by=ida.user, at=NOON + timedelta(days=2))
    assert erase_due(by=None, at=NOON + GRACE) == 0

    again = ask_erasure(parent=ida, by=ida.user, at=NOON + timedelta(days=3))
    assert erase_due(by=None, at=again.due_at) == 1
    assert erase_due(by=None, at=again.due_at) == 0
    done = Erasure.objects.get(pk=again.pk)
    assert (done.done_at, done.asked_by) == (again.due_at, None)


def test_erased_parent_is_not_erased_again(ida, ana):
    erase(parent=ida, by=ana, at=NOON)

    for act in (erase, ask_erasure):
        with pytest.raises(ErasedAlready):
            act(parent=ida, by=ana, at=NOON)


# Everything that points at a parent, or at what they do in a group, and why it may.
AFTER_ERASING = {
    "people.referral.parent": "stays for the sums, emptied",
    "people.consent.parent": "goes",
    "people.parentdetails.parent": "goes, with its key",
    "people.parent_together.from_parent": "goes",
    "people.parent_together.to_parent": "goes",
    "outbox.message.parent": "goes",
    "groups.membership.parent": "stays for the sums, under no name",
    "groups.leadership.membership": "stays, under no name",
    "groups.invitation.membership": "goes",
    "agreements.agreementversion.written_by": "the text is the group's and stays, without them",
    "agreements.affirmation.membership": "goes",
    "agenda.topic.signed_by": "goes; unsigned ones stay, and lead to nobody",
    "agenda.want.membership": "goes",
    "agenda.promise.membership": "goes, and its key",
    "agenda.goal.membership": "goes, and its key",
    "meetings.attendance.membership": "stays for the sums",
    "meetings.reply.membership": "goes",
    "marks.mark.seat": "stays for the sums, under no name",
    "proofs.proof.parent": "goes, and so does the paper's answer",
    "decisions.decision.asked_by": "is emptied; the question is the group's",
    "decisions.voice.membership": "goes",
    "decisions.candidacy.membership": "goes",
    "decisions.mandate.chosen": "stays, under no name, beside the leadership it gave",
    "surveys.awaited.parent": "goes",
    "surveys.respondent.parent": "goes, with all answers",
    "children.child.parent": "stays for the sums, under no name and without the parent",
    "rooms.offer.membership": "goes",
    "rooms.rider.membership": "goes",
    "rooms.note.membership": "goes",
    "joining.joinrequest.parent": "goes",
    "joining.buddy.membership": "goes",
    "joining.welcome.membership": "goes",
    "joining.welcome.buddy": "is emptied",
    "joining.leaving.membership": "goes",
    "records.erasure.parent": "stays, as proof that it was done",
}


def test_everything_that_points_at_a_parent_was_thought_of():
    found = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model in {Parent, Membership}
    }

    assert found == set(AFTER_ERASING)


def test_whoever_is_on_the_list_is_erased_again_and_nobody_else(ida, ana, here, settings, tmp_path):
    settings.ERASED_FILE = tmp_path / "erased.txt"
    other = make_parent(here, alias="Kind Harbour")
    erase(parent=ida, by=ana, at=NOON)
    Parent.objects.filter(pk=ida.pk).update(erased_at=None)

    lines = lines_in(own_list())

    assert erase_again(lines=lines, by=None, at=NOON) == 1
    assert erase_again(lines=lines, by=None, at=NOON) == 0
    ida.refresh_from_db()
    other.refresh_from_db()
    assert (ida.erased_at, other.erased_at) == (NOON, None)
    assert lines_in(own_list()) == lines
