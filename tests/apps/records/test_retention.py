"""Three years go by: what is over goes, nothing else does, and past months stay as they were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Model

from goround.apps.agenda.models import Goal, Promise, Topic
from goround.apps.agreements.models import AgreementVersion
from goround.apps.audit.chains import check
from goround.apps.audit.models import Event
from goround.apps.audit.services import record
from goround.apps.evidence.models import GroupReport, Report
from goround.apps.formation.models import Round
from goround.apps.groups.models import Invitation
from goround.apps.jobs.daily import Clock
from goround.apps.jobs.models import Job
from goround.apps.joining.models import JoinRequest
from goround.apps.marks.models import Taken, Tally
from goround.apps.meetings.models import Meeting, Reply
from goround.apps.people.consents.models import Consent
from goround.apps.people.models import ListImport, Parent, Referral
from goround.apps.proofs.models import Proof
from goround.apps.records.daily import let_everything_go
from goround.apps.records.erasing import ask_erasure
from goround.apps.records.models import KeepingRules
from goround.apps.records.retention import due_now, let_go, rules_of, shipped_text
from goround.apps.records.services import use_rules
from goround.apps.reports.selectors.month import month_of
from goround.domain.counting import Month
from goround.domain.privacy.keeping import Kept
from tests.make import (
    make_coordinator,
    make_group,
    make_membership,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
    make_venue,
)
from tests.make_evidence import make_kept_report
from tests.make_formation import make_small_round
from tests.make_months import make_held
from tests.make_rooms import make_room
from tests.make_surveys import make_survey

pytestmark = pytest.mark.django_db

BEGIN = datetime(2023, 1, 10, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
END = BEGIN + 3 * 365 * DAY
# How often the clock strikes, in days. Each thing goes on the first stroke after its time.
STROKE = 10


class World:
    """An organisation in which something of each kind happens every few months.

    ``goes`` says for each row when it is over, worked out by hand from the shipped file and
    not by the code that is tested; None: never within the three years.
    """

    def __init__(self) -> None:
        self.here = make_organisation()
        self.ana = make_coordinator(self.here)
        self.programme = make_programme(self.here)
        self.goes: list[tuple[Callable[[], bool], datetime | None, str]] = []

    def expect(self, what: str, gone: Callable[[], bool], on: datetime | None) -> None:
        self.goes.append((gone, on if on and on < END else None, what))

    def row(self, row: Model, on: datetime | None) -> None:
        kept = type(row)._base_manager.filter(pk=row.pk)
        self.expect(f"{row}", lambda: not kept.exists(), on)

    def stroke(self, moment: datetime) -> datetime:
        """The first stroke of the clock at or after a moment."""
        days = -(-(moment - BEGIN) // (STROKE * DAY)) * STROKE
        return BEGIN + days * DAY

    def months_after(self, moment: datetime, months: int) -> datetime:
        year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
        return moment.replace(year=year, month=month + 1)


def fill(world: World) -> None:
    for number in range(12):
        at = BEGIN + number * 91 * DAY
        _people(world, at)
        _papers(world, at)


def _people(world: World, at: datetime) -> None:
    here, programme, after = world.here, world.programme, world.months_after
    waiting = make_parent(here, alias="Waits", safe_contact="gate", created_at=at)
    referral = make_referral(waiting, programme, waiting_since=at)
    left = Referral.objects.filter(pk=referral.pk, status="withdrawn")
    world.expect("a place on the list", left.exists, after(at, 18))
    ended = world.stroke(after(at, 18) + timedelta(seconds=1))
    world.expect("who waited", _empty(waiting), after(ended, 24))

    member = make_parent(here, alias="Comes", safe_contact="gate", gender="male", created_at=at)
    group = make_group(programme)
    stays, leaves = (
        make_membership(group, joined_on=at.date()),
        make_membership(group, member, joined_on=at.date(), left_on=(at + 60 * DAY).date()),
    )
    Parent.objects.filter(pk=stays.parent_id).update(created_at=at)
    make_held(group, at + DAY, [stays, leaves])
    world.expect("who left", _empty(member), after(at + 60 * DAY, 24) + DAY)
    world.expect("who stays", _empty(stays.parent), None)

    asked = make_parent(here, alias="Asks", created_at=at)
    erasure = ask_erasure(parent=asked, by=None, at=at)
    world.expect("who asked", _empty(asked), at + 7 * DAY)
    world.row(erasure, after(world.stroke(at + 7 * DAY), 12))
    reply = Reply.objects.create(meeting=_meeting(group), membership=stays, will_come=True)
    world.row(reply, after(at + DAY, 3))
    room = make_room(group, stays, "Word", at=at)
    world.row(room.offer, at + DAY + timedelta(minutes=group.minutes) + 7 * DAY)
    world.row(room.note, after(at, 3))
    JoinRequest.objects.filter(pk=room.request.pk).update(status="taken-back", ended_at=at)
    world.row(room.request, after(at, 3))
    held = _meeting(group)
    taken = Taken.objects.create(
        meeting=held, by=world.ana, number=uuid4(), key="0" * 64, taken_at=at, until=held.ends_at
    )
    world.row(taken, held.ends_at + 30 * DAY)
    world.row(Tally.objects.create(meeting=held), held.ends_at + 30 * DAY)
    proof = Proof.objects.create(
        parent=stays.parent,
        code_hash=f"of the paper from {at:%Y-%m-%d}",
        issuer="A house",
        dates=[at.date().isoformat()],
        issued_on=at.date(),
        until_on=(at + 9 * DAY).date(),
    )
    world.row(proof, after(at + 9 * DAY, 3) + DAY)
    invitation = Invitation.objects.create(membership=stays, text="Welcome", drafted_at=at)
    world.row(invitation, after(at, 6))
    consent = Consent.objects.create(
        organisation=here,
        parent=stays.parent,
        purpose="photo",
        notice_version=1,
        how="on-paper",
        given_at=at,
        expires_at=after(at, 2),
    )
    world.row(consent, after(after(at, 2), 36))
    _what_groups_owned(world, at)


def _what_groups_owned(world: World, at: datetime) -> None:
    """Of a group that ended, a while after; of one that meets, not at all."""
    for ended_on, expected in (
        (at.date(), world.months_after(at, 12)),
        (None, None),
    ):
        status = "ended" if ended_on else "active"
        group = make_group(world.programme, status=status, ended_on=ended_on)
        version = AgreementVersion.objects.create(group=group, number=1, written_at=at)
        world.row(version, expected)
        member = make_membership(group, joined_on=at.date())
        Parent.objects.filter(pk=member.parent_id).update(created_at=END)
        goal = Goal.objects.create(membership=member, set_on=at.date())
        world.row(goal, expected)
        topic = Topic(group=group, month=at.date().replace(day=1))
        topic.lock("Sleep")
        topic.save()
        world.row(topic, world.months_after(at, 6) if ended_on else None)
        promise = Promise.objects.create(membership=member, made_at=at)
        world.row(promise, world.months_after(at, 3))


def _empty(parent: Parent) -> Callable[[], bool]:
    return lambda: Parent.objects.get(pk=parent.pk).erased_at is not None


def _meeting(group) -> Meeting:
    return Meeting.objects.get(group=group)


def _papers(world: World, at: datetime) -> None:
    here, ana, after = world.here, world.ana, world.months_after
    listed = {
        "organisation": here,
        "kind": "venues",
        "uploaded_by": ana,
        "uploaded_at": at,
    }
    saved = ListImport.objects.create(**listed, status="saved", ended_at=at)
    world.row(saved, after(at, 3))
    begun = ListImport.objects.create(**listed, status="read")
    begun.lock("name\n")
    begun.save(update_fields=["locked_text"])
    put_aside = ListImport.objects.filter(pk=begun.pk).exclude(locked_text=begun.locked_text)
    world.expect(
        "a list begun",
        lambda: put_aside.exists() or not ListImport.objects.filter(pk=begun.pk).exists(),
        at + 30 * DAY,
    )
    parent = make_parent(here, created_at=END)
    held = make_small_round(
        world.programme,
        parent,
        make_venue(here),
        ana,
        status=Round.Status.ACCEPTED,
        accepted_at=at,
    )
    Round.objects.filter(pk=held.pk).update(created_at=at)
    world.row(held, after(at, 13))
    for place in ({"organisation": here}, {"network": here.network}):
        job = Job.objects.create(
            **place,
            kind="read",
            subject_id=held.pk,
            asked_by=ana,
            asked_at=at,
            status="done",
            ended_at=at,
        )
        world.row(job, after(at, 3))


def figures(world: World) -> list[object]:
    months = [Month(year, month) for year in (2023, 2024, 2025) for month in range(1, 13)]
    return [month_of(world.ana, world.here, month, at=END).total for month in months]


def test_three_years_go_by():
    world = World()
    fill(world)
    before = figures(world)
    seen: dict[int, datetime] = {}

    now = BEGIN
    while now + STROKE * DAY <= END:
        now += STROKE * DAY
        let_everything_go(now)
        for place, (gone, _on, _what) in enumerate(world.goes):
            if place not in seen and gone():
                seen[place] = now

    for place, (_gone, on, what) in enumerate(world.goes):
        if on is None or on > now:
            assert place not in seen, f"{what} went, and should have stayed"
        elif place in seen or on + (STROKE + 1) * DAY <= now:
            assert place in seen, f"{what} should have gone on {on}"
            late = seen[place] - on
            assert timedelta() <= late <= (STROKE + 1) * DAY, f"{what} went {late} after its time"
    assert figures(world) == before
    assert check(world.here.pk).broken is None


def test_doing_it_twice_does_nothing_more():
    world = World()
    fill(world)
    at = END

    first = due_now(world.here, at=at)
    assert let_go(organisation=world.here, by=None, at=at) == first
    assert set(let_go(organisation=world.here, by=None, at=at).values()) == {0}


def test_what_went_is_in_the_trail():
    here = make_organisation()
    make_referral(make_parent(here), make_programme(here), waiting_since=BEGIN)

    let_go(organisation=here, by=None, at=END)

    event = Event.objects.get(kind="retention.applied")
    assert (event.organisation_id, event.facts) == (here.pk, {"kept": "waiting", "count": 1})


def test_old_entries_of_the_trail_go_from_the_front():
    here = make_organisation()
    for number in range(6):
        record("venue.changed", make_venue(here), by=None, at=BEGIN + number * 365 * DAY)

    gone = let_go(organisation=here, by=None, at=BEGIN + (7 * 365 + 2 * 365 + 30) * DAY)

    assert gone[Kept.TRAIL] == 3
    assert check(here.pk).broken is None
    assert check(here.pk).entries == 3 + 1


def test_another_organisation_keeps_what_is_its_own():
    here, there = make_organisation(), make_organisation()
    theirs = make_referral(make_parent(there), make_programme(there), waiting_since=BEGIN)

    let_go(organisation=here, by=None, at=END)

    theirs.refresh_from_db()
    assert theirs.status == "waiting"


def test_report_goes_after_seven_years_and_with_it_its_groups_parts():
    group = make_group()
    host = group.organisation
    report = make_kept_report(make_survey(host), group, by=make_coordinator(host))
    made = report.asked_at

    let_go(organisation=host, by=None, at=made + 7 * 365 * DAY)
    assert Report.objects.exists()
    let_go(organisation=host, by=None, at=made + (7 * 365 + 3) * DAY)

    assert not Report.objects.exists()
    assert not GroupReport.objects.exists()


@pytest.mark.parametrize("label", ["releases", "costs"])
def test_what_is_kept_without_end_is_named_with_its_reason(label: str):
    reasons = [line for line in shipped_text().splitlines() if line.startswith("# - ")]
    named = {name for line in reasons for name in line[4:].partition(":")[0].split(", ")}

    assert {model.__name__ for model in apps.get_app_config(label).get_models()} <= named


def test_network_keeps_by_its_own_rules():
    here = make_organisation()
    text = shipped_text().replace("months = 18", "months = 200")

    use_rules(network=here.network, text=text, by=None, at=BEGIN)

    assert rules_of(here)[Kept.WAITING].months == 200
    assert rules_of(make_organisation())[Kept.WAITING].months == 18
    assert Event.objects.get().kind == "network.keeping_changed"


def test_sessions_that_are_over_go():
    for key, days in [("over", -2), ("open", 1)]:
        Session.objects.create(session_key=key, session_data="", expire_date=END + days * DAY)

    Clock().tick(at=END)

    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]


def run(*words: str) -> str:
    said = StringIO()
    call_command("retention", *words, stdout=said)
    return said.getvalue()


def test_dry_run_counts_and_changes_nothing():
    here = make_organisation(slug="family-house")
    referral = make_referral(make_parent(here), make_programme(here), waiting_since=BEGIN)

    said = run("run", "--dry-run")

    assert said.startswith("family-house: waiting: 1 would go. Who waited a year and a half")
    referral.refresh_from_db()
    assert referral.status == "waiting"
    assert "waiting: 1 went." in run("run")
    assert "nothing is over" in run("run")


def test_copy_prints_rules_that_can_be_used(tmp_path):
    here = make_organisation()
    file = tmp_path / "mine.toml"
    file.write_text(run("copy").replace("months = 18", "months = 30"))

    run("use", str(file), "--network", here.network.slug)

    assert rules_of(here)[Kept.WAITING].months == 30
    file.write_text("[waiting]\nmonths = 0\n")
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("use", str(file), "--network", here.network.slug)
    assert KeepingRules.objects.get().text != "[waiting]\nmonths = 0\n"
    with pytest.raises(CommandError, match="No network is called"):
        run("use", str(file), "--network", "nowhere")
