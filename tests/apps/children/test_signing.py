from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from goround.apps.accounts.guessing import TooManyTries
from goround.apps.audit.models import Event
from goround.apps.children import running
from goround.apps.children.barring import bar, end
from goround.apps.children.locking import who_came
from goround.apps.children.models import Refusal, Shortness, Visit
from goround.apps.children.programme import code_for
from goround.apps.children.services import change_code, end_adult, list_adult
from goround.apps.children.signing import NoPlace, NotHere, NotListed, WrongCode, sign_out
from goround.apps.outbox.models import Message
from tests.make import make_keep_apart
from tests.make_children import Evening, make_evening
from tests.make_safeguarding import make_lead

pytestmark = pytest.mark.django_db
Seen = Visit.Seen


@pytest.fixture
def evening() -> Evening:
    made = make_evening()
    made.begin()
    return made


def hand(evening: Evening, child, adult="Ana", **more):
    given = {
        "seen": Seen.KNOWN,
        "mark": uuid4(),
        "by": evening.tomas,
        "at": evening.at + timedelta(hours=1),
        "chosen": True,
    } | more
    return sign_out(session=evening.session, child=child, adult=adult, **given)


def test_child_comes_and_goes_with_an_adult_of_the_list(evening):
    leo = evening.child()

    visit = evening.sign_in(leo)
    gone = hand(evening, leo)

    assert (visit.pk, gone.out_by, gone.seen) == (gone.pk, evening.tomas, Seen.KNOWN)
    gone = Visit.objects.select_related("child").get()
    assert who_came([gone]) == {gone.pk: ("Ana", "Ana")}
    kinds = list(Event.objects.filter(subject="child").values_list("kind", flat=True))
    assert kinds == ["child.added", "child.signed_in", "child.signed_out"]


def test_same_mark_sent_again_does_nothing(evening):
    leo, came, went = evening.child(), uuid4(), uuid4()

    first = [evening.sign_in(leo, mark=came).pk for _ in range(2)]
    second = [hand(evening, leo, mark=went).pk for _ in range(2)]
    again = evening.sign_in(leo, mark=came)

    assert {*first, *second, again.pk} == set(Visit.objects.values_list("pk", flat=True))
    assert again.out_at is not None
    assert Event.objects.filter(kind="child.signed_out").count() == 1


def test_second_device_finds_the_child_here_already(evening):
    leo = evening.child()

    assert evening.sign_in(leo) == evening.sign_in(leo)


def test_adult_who_is_not_listed_today_gets_no_child(evening):
    leo = evening.child()
    evening.sign_in(leo)
    today = evening.group.today(at=evening.at)
    list_adult(
        child=leo,
        name="Ben",
        since=today - timedelta(days=8),
        until=today - timedelta(days=1),
        by=evening.tomas,
        at=evening.at,
    )

    for name in ("Dana", "Ben"):
        with pytest.raises(NotListed):
            hand(evening, leo, name)
    end_adult(adult=leo.adults.order_by("pk")[0], by=evening.tomas, at=evening.at)
    with pytest.raises(NotListed):
        hand(evening, leo)

    assert Visit.objects.get().out_at is None


def test_parent_beside_them_lists_an_adult_for_this_day(evening):
    leo = evening.child()
    evening.sign_in(leo)

    gone = hand(evening, leo, "Dana", chosen=False, seen=Seen.PARENT)

    assert gone.seen == Seen.PARENT
    dana = leo.adults.order_by("pk").last()
    assert dana.since_on == dana.until_on == evening.group.today(at=evening.at)


def test_days_that_are_over_make_room_for_new_ones(evening):
    leo = evening.child(parent=evening.member())
    today = evening.group.today(at=evening.at)
    days = {"name": "Dana", "by": evening.tomas, "at": evening.at}
    week_ago = today - timedelta(days=7)
    list_adult(child=leo, until=week_ago, since=week_ago, **days)

    for _ in range(2):
        list_adult(child=leo, until=today, **days)

    listed = leo.adults.filter(ended_at=None).order_by("pk").values_list("until_on", flat=True)
    assert list(listed) == [None, today]


@pytest.mark.parametrize("seen", Seen)
def test_barred_adult_gets_no_child_whatever_is_said(evening, seen):
    ruth, leo = make_lead(evening.organisation), evening.child(adult="Rick Stone")
    evening.sign_in(leo, "Rick Stone")
    bar_rick(evening, leo, ruth)
    mark, code = uuid4(), code_for(leo, evening.meeting.pk)

    kept = [hand(evening, leo, "Rick Stone", seen=seen, code=code, mark=mark) for _ in range(2)]

    assert kept == [Refusal.objects.get()] * 2
    assert Visit.objects.get().out_at is None
    told = Message.objects.get()
    assert (told.user, told.kind, told.facts) == (ruth, "child-kept", {})


def test_barred_adult_who_brings_a_child_is_told_of_and_the_child_is_in(evening):
    ruth, leo = make_lead(evening.organisation), evening.child()
    bar_rick(evening, leo, ruth)

    visit = evening.sign_in(leo, "rick", chosen=False)

    assert (visit.out_at, Refusal.objects.get().child) == (None, leo)


def test_adult_who_is_barred_no_longer_is_like_any_other(evening):
    ruth, leo = make_lead(evening.organisation), evening.child(adult="Rick Stone")
    [barred] = bar_rick(evening, leo, ruth)
    evening.sign_in(leo, "Rick Stone")
    end(barred=barred, by=ruth, at=evening.at)

    assert isinstance(hand(evening, leo, "Rick Stone"), Visit)


def test_right_code_hands_over_and_wrong_ones_are_bounded(evening):
    leo, mia = evening.child(), evening.child("Mia")
    evening.sign_in(leo)
    right = code_for(leo, evening.meeting.pk)

    for _ in range(5):
        with pytest.raises(WrongCode):
            hand(evening, leo, seen=Seen.CODE, code=code_for(mia, evening.meeting.pk))
    with pytest.raises(TooManyTries):
        hand(evening, leo, seen=Seen.CODE, code=right)

    later = evening.at + timedelta(hours=2)
    assert hand(evening, leo, seen=Seen.CODE, code=right.lower(), at=later).seen == Seen.CODE


def test_family_has_one_code_until_it_is_changed(evening):
    parent = evening.member()
    leo, mia = evening.child("Leo", parent), evening.child("Mia", parent)
    code = code_for(leo, evening.meeting.pk)
    assert code == code_for(mia, evening.meeting.pk)

    change_code(child=leo, by=evening.tomas, at=evening.at)
    mia.refresh_from_db()

    assert code_for(leo, evening.meeting.pk) == code_for(mia, evening.meeting.pk) != code


def test_child_who_is_not_here_is_not_handed_over(evening):
    with pytest.raises(NotHere):
        hand(evening, evening.child())


def test_too_few_adults_are_never_passed_in_silence(evening):
    running.set_adults(session=evening.session, adults=1, by=evening.tomas, at=evening.at)
    small = [evening.child(f"Child {number}", band="0-2") for number in range(5)]
    for each in small[:3]:
        evening.sign_in(each)

    with pytest.raises(running.TooFewAdults):
        evening.sign_in(small[3])
    evening.sign_in(small[3], accepts=Shortness.Done.HELP_COMES)
    # One more of the same does not make it worse: five children of two need two adults as well.
    evening.sign_in(small[4])

    noted = Shortness.objects.get()
    assert (noted.children, noted.adults, noted.needed) == (4, 1, 2)


def test_mark_made_without_a_signal_lets_the_child_be_here_and_the_warning_stays(evening):
    running.set_adults(session=evening.session, adults=0, by=evening.tomas, at=evening.at)

    evening.sign_in(evening.child(), was_here=True)

    held = running.hold(evening.session)
    assert running.cover_of(held).short == 1
    assert running.accepted_short(held) is None


def test_session_closes_only_when_all_have_gone_and_counts_each_child_once(evening):
    leo, mia = evening.child(), evening.child("Mia")
    evening.sign_in(leo)
    evening.sign_in(mia)
    hand(evening, leo)
    evening.sign_in(leo)

    with pytest.raises(running.StillHere) as caught:
        running.close_session(session=evening.session, by=evening.tomas, at=evening.at)
    assert caught.value.children == ("Leo", "Mia")
    hand(evening, leo)
    hand(evening, mia)
    later = evening.at + timedelta(hours=2)
    closed = [
        running.close_session(session=evening.session, by=evening.tomas, at=later) for _ in "ab"
    ]

    assert closed == [2, 2]
    assert Event.objects.filter(kind="childrens_session.closed").count() == 1
    with pytest.raises(running.SessionClosed):
        evening.sign_in(leo)


def test_full_room_and_families_kept_apart_get_the_same_answer():
    full, apart = make_evening(), make_evening()
    full.begin(places=1)
    full.sign_in(full.child())
    apart.begin()
    one, other = apart.member(), apart.member()
    apart.sign_in(apart.child("Leo", one))
    make_keep_apart(one, other)

    with pytest.raises(NoPlace) as no_room:
        full.sign_in(full.child("Mia"))
    with pytest.raises(NoPlace) as no_meeting:
        apart.sign_in(apart.child("Mia", other))

    told = [str(each.value).split(" at ")[0].split("#")[0] for each in (no_room, no_meeting)]
    assert told[0] == told[1]


def bar_rick(evening: Evening, child, lead):
    return bar(
        children=[child],
        name="Rick Stone",
        reason="A court forbade it",
        authorised_by="The court",
        by=lead,
        at=evening.at,
    )
