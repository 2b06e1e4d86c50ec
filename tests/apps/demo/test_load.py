from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Q
from django.test import Client

from goround.apps.accounts.models import User
from goround.apps.audit.models import Event
from goround.apps.demo.cast import CAST, PASSPHRASE, PRACTICE
from goround.apps.demo.places import METRO, NETWORK
from goround.apps.demo.services import load_demo
from goround.apps.groups.models import Group, Leadership, Membership
from goround.apps.jobs.models import Job
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.organisations.models import Network, Organisation, Programme, Venue
from goround.apps.organisations.playbooks import playbook_of, shipped_playbooks
from goround.apps.people.models import Facilitator, Parent, Referral, Training
from goround.apps.people.opening import details_of
from goround.apps.releases.models import Release
from goround.apps.releases.selectors import told_in
from goround.apps.reports.counts import Days
from goround.apps.reports.selectors import (
    Snapshot,
    Target,
    group_target,
    month_of,
    snapshot,
)
from goround.domain.counting import Month
from goround.domain.privacy import Share
from tests.make import make_coordinator
from tests.page_words import words

pytestmark = pytest.mark.django_db

# A Wednesday, 09:30 in Los Angeles.
AT = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
HALF_YEAR = Days(date(2015, 1, 1), date(2015, 7, 31))


@pytest.fixture(scope="module", autouse=True)
def _demo(django_db_setup: None, django_db_blocker) -> object:
    """The demo network, loaded once for all tests of this module, and taken back."""
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        load_demo(by=None, at=AT)
        yield
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


def network() -> Network:
    return Network.objects.get(slug=NETWORK)


def user(handle: str) -> User:
    return User.objects.get(handle=handle)


def of_2015():
    return Group.objects.filter(first_at__year=2015)


def inside() -> list[Snapshot]:
    """Each organisation's own exact picture of 2015, as its staff see it."""
    hosts = [host for host in Organisation.objects.order_by("pk") if host.slug != PRACTICE]
    found = [snapshot(make_coordinator(host), host, HALF_YEAR) for host in hosts]
    return [picture for picture in found if picture]


def test_organisations_together_have_what_was_reported_of_2015():
    pictures = inside()

    men = sum(picture.men.numerator for picture in pictures)
    known = sum(picture.men.denominator for picture in pictures)
    assert sum(picture.participants for picture in pictures) == 414
    assert (men, known, str(Share(men, known).percent)) == (62, 414, "15.0")
    assert sum(picture.groups for picture in pictures) == 64
    assert sum(picture.trained for picture in pictures) == 80
    assert all(picture.fully_led == Share(picture.groups, picture.groups) for picture in pictures)
    assert len(pictures) == 5


def test_outside_2015_is_rounded_and_small_counts_are_hidden():
    release = Release.objects.get(network=network(), table="snapshot")
    shown = told_in(user("network"), release)

    assert (shown["parents"], shown["gender_male"], shown["gender_female"]) == (415, 60, 350)
    assert shown["gender_other"] is shown["gender_not-said"] is None
    assert (shown["groups"], shown["trained"]) == (64, 80)
    assert [shown[f"source_{key}"] for key in ("community-organisations", "hospitals")] == [
        230,
        105,
    ]
    men = release.figures.filter(category="male", organisation__isnull=False)
    assert set(men.values_list("shown", flat=True)) < {10, 15, 20, None}


def test_target_is_64_of_100_groups():
    target = group_target(user("network"), network(), on=HALF_YEAR.last)

    assert target == Target(64, 100, since=date(2014, 1, 1), by=date(2016, 6, 30))


def test_types_and_sources_come_in_the_order_that_was_reported():
    types: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    for picture in inside():
        types.update({line.label: line.share.numerator for line in picture.types})
        sources.update({line.label: line.share.numerator for line in picture.sources})

    assert [label for label, _ in types.most_common(3)] == [
        "Self-care",
        "Special needs",
        "New baby",
    ]
    assert set(types) == {
        "Self-care", "Special needs", "New baby", "Men", "Teen parents", "Foster parents",
    }  # fmt: skip
    assert [label for label, _ in sources.most_common(4)] == [
        "Community organisations and their partners",
        "Hospitals and Welcome Baby",
        "Best Start community partnerships",
        "The parent came by themselves",
    ]
    assert sources.total() + sum(picture.source_unknown for picture in inside()) == 414


def test_snapshot_page_of_the_office_says_what_was_released_and_no_exact_count():
    client = Client()
    client.force_login(user("network"))

    page = client.get(f"/n/{NETWORK}/snapshot/")
    shown = " ".join(page.text.split())

    assert '<strong class="figure-value">415</strong>' in shown
    assert "<span>of 415</span> <span>14.5 %</span>" in shown
    assert "<span>of 100</span> <span>64.0 %</span>" in shown
    assert not {"414", "62", "15.0", "352"} & set(words(page).split())


def test_snapshot_page_of_an_organisation_is_exact_and_not_for_publication():
    client = Client()
    client.force_login(user("coordinator"))
    host = Organisation.objects.get(slug=METRO.slug)
    picture = snapshot(user("coordinator"), host, HALF_YEAR)
    days = "first=2015-01-01&last=2015-07-31"

    shown = " ".join(client.get(f"/o/{METRO.slug}/snapshot/?{days}").text.split())

    assert picture is not None
    assert "Not for publication" in shown
    assert f'<strong class="figure-value">{picture.participants}</strong>' in shown


def test_groups_of_2015_have_two_trained_facilitators_each_and_met_as_the_playbook_says():
    leading = Q(leaderships__part=Leadership.Part.FACILITATOR)
    pairs = of_2015().annotate(pair=Count("leaderships", filter=leading))
    trained = Training.objects.filter(completed_on__lt=date(2015, 1, 1)).values("facilitator")

    assert Counter(pairs.values_list("pair", flat=True)) == {2: 64}
    assert not Leadership.objects.filter(group__in=of_2015()).exclude(facilitator__in=trained)
    assert set(of_2015().values_list("status", flat=True)) == {Group.Status.ENDED}
    for group in of_2015():
        rules = playbook_of(group.programme)
        assert group.recurrence().rhythm in rules.cadence.offered
        assert rules.minutes.min <= group.minutes <= rules.minutes.max
        assert group.type in {choice.key for choice in rules.types}


def test_meetings_of_2015_are_those_of_the_series_with_some_cancelled_and_uncounted():
    meetings = Meeting.objects.filter(group__in=of_2015())
    held = meetings.filter(status=Meeting.Status.HELD)

    assert not meetings.filter(status=Meeting.Status.PLANNED)
    assert meetings.filter(status=Meeting.Status.CANCELLED).count() > 10
    assert held.filter(children=None).count() > 10
    assert held.filter(heads_parents=None, attendances=None).count() > 5
    assert not Attendance.objects.exclude(meeting__status=Meeting.Status.HELD)
    for group in of_2015()[:5]:
        days = {
            meeting.occurrence.astimezone(group.zone).date() for meeting in group.meetings.all()
        }
        assert {day.weekday() for day in days} == set(group.recurrence().weekdays)
        assert not days & group.days_skipped()


def test_everybody_of_the_list_waits_and_can_be_placed():
    programme = Programme.objects.get(organisation__slug=METRO.slug)
    waiting = Referral.objects.filter(programme=programme, status=Referral.Status.WAITING)
    oldest = waiting.order_by("waiting_since")[0].waiting_since
    newest = waiting.order_by("-waiting_since")[0].waiting_since
    rooms = Venue.objects.filter(organisation=programme.organisation, in_use=True)
    ready = Facilitator.objects.filter(organisation=programme.organisation, in_service=True)

    assert waiting.count() == 414
    assert timedelta(weeks=15) < AT - oldest < timedelta(weeks=21)
    assert timedelta(days=1) < AT - newest < timedelta(weeks=2)
    assert Counter(rooms.values_list("mode", flat=True)) == {"in-person": 18, "online": 1}
    # The list's, and the pair of the group that runs already.
    assert ready.count() == 138 + 2
    assert not ready.filter(trainings=None)
    # The reports that the worker makes once it is there, and nothing else.
    waiting = Job.objects.filter(status__in=[Job.Status.QUEUED, Job.Status.RUNNING])
    assert set(waiting.values_list("kind", flat=True)) <= {"make-report"}


def test_practice_house_is_empty_and_ready():
    house = Organisation.objects.get(slug=PRACTICE)

    assert house.network != network()
    assert Programme.objects.get(organisation=house).playbook_key == "parent-support-circles"
    assert not Parent.objects.filter(organisation=house)
    assert not Venue.objects.filter(organisation=house)


def test_a_group_runs_on_every_playbook():
    running = Group.objects.filter(status=Group.Status.ACTIVE).select_related("programme")

    assert sorted(group.programme.playbook_key for group in running) == sorted(shipped_playbooks())
    for group in running:
        rules = playbook_of(group.programme)
        members = group.memberships.filter(left_on=None).count()
        coming = group.meetings.filter(status=Meeting.Status.PLANNED, starts_at__gt=AT)
        assert group.recurrence().rhythm in rules.cadence.offered, group.name
        assert rules.minutes.min <= group.minutes <= rules.minutes.max, group.name
        assert group.is_open or rules.sizes.min <= members <= rules.sizes.max, group.name
        assert group.meetings.filter(status=Meeting.Status.HELD).count() >= 3, group.name
        assert coming.exists(), group.name


def test_open_circle_counts_heads_and_no_names_but_a_leader():
    circle = Group.objects.get(programme__playbook_key="circle-of-parents")
    held = circle.meetings.filter(status=Meeting.Status.HELD)

    assert circle.is_open
    assert circle.memberships.count() == 1
    assert not Attendance.objects.filter(meeting__group=circle)
    assert min(held.values_list("heads_parents", flat=True)) >= 5


def test_facilitator_has_last_evening_to_record_and_others_have_this_evening():
    own = Group.objects.get(leaderships__facilitator__user=user("facilitator"))
    evening = own.meetings.filter(status=Meeting.Status.PLANNED, starts_at__lt=AT)
    today = Meeting.objects.filter(starts_at__gt=AT, starts_at__lt=AT + timedelta(hours=12))

    assert [AT - meeting.starts_at for meeting in evening] == [timedelta(hours=15, minutes=30)]
    assert today.count() == 4


def test_some_groups_are_not_in_yet_for_last_month():
    host = Organisation.objects.get(slug="family-lantern-pacoima")

    month = month_of(user("coordinator-pacoima"), host, Month(2026, 2), at=AT)

    circles = next(due for due in month.dues if due.groups)
    assert circles.on == date(2026, 3, 10)
    assert [row.group.name for row in circles.missing] == ["Pacoima open circle"]


def test_cast_can_be_chosen_and_can_sign_in():
    client = Client()

    assert set(User.objects.values_list("is_demo", flat=True)) == {True}
    assert User.objects.filter(is_active=True).count() == len(CAST)
    for part in CAST[:2]:
        assert client.login(username=part.handle, password=PASSPHRASE)


def test_nobody_of_the_demo_bears_a_name_but_those_who_lead():
    aliases = Membership.objects.exclude(alias="").values_list("alias", flat=True)

    assert all(1 <= len(alias.split()) <= 3 and "@" not in alias for alias in aliases)
    told = details_of(Parent.objects.values_list("pk", flat=True))
    assert told
    assert {one.safe_contact for one in told.values()} == {""}


def test_every_organisation_has_its_trail():
    loaded = Event.objects.filter(kind="demo.history_loaded")

    assert loaded.values("organisation_id").distinct().count() == 5
    assert Event.objects.filter(kind="demo.loaded").count() == 1


def test_loading_again_changes_nothing():
    before = Parent.objects.count(), Meeting.objects.count(), Event.objects.count()

    assert load_demo(by=None, at=AT + timedelta(days=1)) is False
    assert before == (Parent.objects.count(), Meeting.objects.count(), Event.objects.count())


def test_database_finds_nothing_wrong():
    connection.check_constraints()


def test_command_refuses_less_than_once():
    with pytest.raises(CommandError, match="--times is 0; it must be 1 or more"):
        call_command("load_demo", times=0)


def test_command_leaves_a_filled_database_alone(capsys: pytest.CaptureFixture[str]):
    call_command("load_demo", if_empty=True)
    call_command("load_demo")

    assert capsys.readouterr().out == ("The demo network is there already. Nothing was changed.\n")


def test_demo_is_not_for_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="belongs into a demo"):
        call_command("load_demo")
