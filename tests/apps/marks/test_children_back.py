"""Children who came and went without a signal: done once, and never behind anybody's back."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest

from goround.apps.audit.models import Event
from goround.apps.children.barring import bar
from goround.apps.children.models import Child, Refusal, Shortness, Visit
from goround.apps.children.selectors import desk_for
from goround.apps.children.services import end_adult, list_adult
from goround.apps.children.signing import sign_out
from goround.apps.marks.children_back import (
    ChildTap,
    adult_in,
    answers_to,
    bring_children_back,
    decide_child,
    take_children_along,
)
from goround.apps.marks.children_list import children_kept, fingerprint
from goround.apps.marks.models import ChildMark, Taken
from goround.apps.marks.selectors import child_marks_asked, taken_by
from goround.apps.marks.services import CannotTake, NotAsked, NotTakenHere
from tests.make import NOON, make_keep_apart, make_user
from tests.make_children import Evening, make_evening
from tests.make_marks import make_leader

pytestmark = pytest.mark.django_db

Why = ChildMark.Why
PLACES = count(1)


@pytest.fixture
def evening() -> Evening:
    return make_evening()


def take(evening: Evening, *children: Child) -> Taken:
    return take_children_along(
        meeting=evening.meeting,
        children=children,
        number=uuid4(),
        key="0" * 64,
        by=evening.tomas,
        at=evening.at,
    )


def came(taken: Taken, child: Child, adult: str = "Ana", *, minutes: int = 5, **more) -> ChildTap:
    return _tap(taken, child, "came", minutes, adult=adult, **more)


def went(taken: Taken, child: Child, adult: str = "Ana", *, minutes: int = 60, **more) -> ChildTap:
    return _tap(taken, child, "went", minutes, adult=adult, **{"seen": "known"} | more)


def _tap(taken: Taken, child: Child, about: str, minutes: int, **more) -> ChildTap:
    number = next(key for key, pk in taken.seats.items() if pk == child.pk)
    return ChildTap(uuid4(), next(PLACES), about, number, later(minutes), **more)


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def bring(evening: Evening, taken: Taken, *taps: ChildTap):
    return bring_children_back(taken=taken, sent=taps, by=evening.tomas, at=later(120))


def waiting() -> list[str]:
    return list(
        ChildMark.objects.filter(settled_at=None).order_by("place").values_list("why", flat=True)
    )


def decide(evening: Evening, answer: str) -> int:
    mark = ChildMark.objects.filter(settled_at=None).exclude(why=Why.AFTER).get()
    return decide_child(mark=mark, answer=answer, by=evening.tomas, at=later(130))


def test_an_evening_arrives_as_it_was(evening):
    leo = evening.child()
    taken = take(evening, leo)

    answered = bring(evening, taken, came(taken, leo), went(taken, leo))

    visit = Visit.objects.get()
    assert (visit.in_at, visit.out_at, visit.seen) == (later(5), later(60), "known")
    assert (len(answered.kept), answered.asked) == (2, 0)
    assert [bytes(mark.locked) for mark in ChildMark.objects.all()] == [b"", b""]


def test_the_same_marks_again_change_nothing(evening):
    leo = evening.child()
    taken = take(evening, leo)
    taps = [came(taken, leo), went(taken, leo)]

    first = bring(evening, taken, *taps)
    events = Event.objects.count()
    again = bring(evening, taken, *taps)

    assert again.kept == first.kept
    assert (Visit.objects.count(), Event.objects.count()) == (1, events)


def test_two_devices_tell_one_evening(evening):
    leo = evening.child()
    one, other = take(evening, leo), take(evening, leo)

    bring(evening, one, came(one, leo), went(one, leo))
    bring(evening, other, came(other, leo, minutes=6), went(other, leo, minutes=61))

    assert (Visit.objects.count(), waiting()) == (1, [])


def test_another_adult_on_another_device_is_for_a_person(evening):
    leo = evening.child()
    list_adult(child=leo, name="Omar", until=None, by=evening.tomas, at=NOON)
    one, other = take(evening, leo), take(evening, leo)

    bring(evening, one, came(one, leo), went(one, leo))
    answered = bring(evening, other, went(other, leo, "Omar", minutes=61))

    assert (answered.asked, waiting()) == (1, [Why.DIFFERS])
    assert adult_in(ChildMark.objects.get(settled_at=None)) == "Omar"
    assert decide(evening, "leave") == 0
    assert Visit.objects.get().out_at == later(60)


def test_a_barred_adult_who_came_is_told_to_the_leads(evening):
    leo = evening.child()
    taken = take(evening, leo)
    kept = _tap(taken, leo, "kept", 30)

    bring(evening, taken, came(taken, leo), kept)
    bring(evening, taken, kept)

    assert [refusal.at for refusal in Refusal.objects.all()] == [later(30)]
    assert Visit.objects.get().out_at is None


def test_a_child_gone_with_an_adult_barred_meanwhile_is_told_at_once_and_asked(evening):
    leo = evening.child()
    taken = take(evening, leo)
    words = {"reason": "A court", "authorised_by": "Ruth"}
    bar(children=[leo], name="Ana", by=evening.tomas, at=later(20), **words)

    bring(evening, taken, came(taken, leo, "Ana"), went(taken, leo, "Ana"))

    assert (Refusal.objects.count(), waiting()) == (2, [Why.BARRED])
    assert Visit.objects.get().out_at is None
    assert decide(evening, "went") == 0
    assert (Visit.objects.get().out_at, Refusal.objects.count()) == (later(60), 2)


def test_an_adult_taken_off_the_list_meanwhile_is_asked_about(evening):
    leo = evening.child()
    taken = take(evening, leo)
    evening.begin()
    end_adult(adult=leo.adults.get(), by=evening.tomas, at=later(20))

    bring(evening, taken, came(taken, leo, parent_agrees=True), went(taken, leo, minutes=24 * 60))
    assert waiting() == []  # The parent's yes lists them for the day.

    mia = evening.child("Mia")
    end_adult(adult=mia.adults.get(), by=evening.tomas, at=later(20))
    other = take(evening, mia)
    bring(evening, other, came(other, mia), went(other, mia))
    assert waiting() == [Why.NOT_LISTED, Why.AFTER]
    assert answers_to(ChildMark.objects.get(why=Why.NOT_LISTED)) == ("agreed", "leave")
    assert decide(evening, "agreed") == 0
    assert Visit.objects.get(child=mia).out_at == later(60)


def test_leaving_out_a_coming_leaves_out_what_hangs_on_it(evening):
    leo, mia = evening.child(), evening.child("Mia")
    evening.begin(places=1)
    taken = take(evening, leo, mia)

    bring(evening, taken, came(taken, leo), came(taken, mia), went(taken, mia))

    assert waiting() == [Why.NO_PLACE, Why.AFTER]
    assert decide(evening, "leave") == 0
    assert [visit.child_id for visit in Visit.objects.all()] == [leo.pk]


def test_two_families_kept_apart_read_like_a_full_room(evening):
    one, other = evening.member(), evening.member()
    leo, mia = evening.child("Leo", one), evening.child("Mia", other)
    make_keep_apart(one, other)
    taken = take(evening, leo, mia)

    bring(evening, taken, came(taken, leo), came(taken, mia))

    assert waiting() == [Why.NO_PLACE]
    assert [visit.child_id for visit in Visit.objects.all()] == [leo.pk]


def test_what_was_done_about_too_few_adults_is_noted(evening):
    children = [evening.child(f"Child {number}", band="0-2") for number in range(6)]
    taken = take(evening, *children)

    bring(evening, taken, *(came(taken, child, accepts="help-comes") for child in children))

    assert Visit.objects.count() == 6
    assert {row.done for row in Shortness.objects.all()} == {"help-comes"}


def test_a_look_without_a_signal_is_in_the_trail(evening):
    leo = evening.child(allergies="Nuts")
    taken = take(evening, leo)

    bring(evening, taken, came(taken, leo), _tap(taken, leo, "looked", 7))

    kinds = ["child.needs_taken_along", "child.needs_seen"]
    looked = Event.objects.filter(kind__in=kinds).order_by("number")
    assert [(event.kind, event.at) for event in looked] == [
        (kinds[0], evening.at), (kinds[1], later(7)),
    ]  # fmt: skip


def test_a_closed_session_asks_and_a_wrong_answer_does_nothing(evening):
    leo = evening.child()
    taken = take(evening, leo)
    evening.begin()
    evening.sign_in(leo)
    known = Visit.Seen.KNOWN
    told = {"adult": "Ana", "seen": known, "chosen": True, "mark": uuid4()}
    sign_out(session=evening.session, child=leo, by=evening.tomas, at=later(50), **told)
    evening.session.closed_at = later(55)
    evening.session.save(update_fields=["closed_at"])

    bring(evening, taken, came(taken, leo, minutes=58))

    assert waiting() == [Why.CLOSED]
    with pytest.raises(NotAsked):
        decide(evening, "agreed")


def test_a_clock_far_off_moves_nobody_to_another_day(evening):
    leo = evening.child()
    taken = take(evening, leo)

    bring(evening, taken, came(taken, leo, minutes=-60 * 24 * 400))

    assert Visit.objects.get().in_at == evening.meeting.starts_at - timedelta(hours=3)


def test_the_list_holds_fingerprints_and_nobody_but_its_leader_has_it(evening):
    leo = evening.child("Leo", adult="Quiet Cedar", allergies="Nuts")
    bar(children=[leo], name="Rick Stone", reason="x", authorised_by="y", by=evening.tomas, at=NOON)
    list_adult(
        child=leo,
        name="Aunt Rosa",
        since=NOON.date() - timedelta(days=9),
        until=NOON.date() - timedelta(days=8),
        by=evening.tomas,
        at=NOON - timedelta(days=9),
    )
    taken = take(evening, leo)
    desk = desk_for(evening.tomas, evening.organisation, evening.meeting.pk)
    salt = "ab" * 32

    [kept] = children_kept(evening.tomas, taken, desk, salt=salt)

    assert kept.listed == (fingerprint(salt, "1", "adult", "cedar quiet"),)
    assert kept.barred == (
        tuple(fingerprint(salt, "1", "word", word) for word in ("rick", "stone")),
    )
    assert "Cedar" not in repr(kept)
    stranger, rosa = make_user(), make_leader(evening.meeting)
    assert taken_by(evening.tomas, taken.number) == taken
    for other in (stranger, rosa):
        assert taken_by(other, taken.number) is None
        assert not child_marks_asked(other, desk).exists()


def test_taking_along_too_early_and_bringing_back_too_late(evening):
    leo = evening.child()
    taken = take(evening, leo)
    assert taken.until == evening.meeting.ends_at + timedelta(hours=2)
    with pytest.raises(CannotTake):
        take_children_along(
            meeting=evening.meeting, children=[leo], number=uuid4(), key="0", by=evening.tomas,
            at=NOON - timedelta(days=2),
        )  # fmt: skip
    with pytest.raises(NotTakenHere):
        bring_children_back(
            taken=taken, sent=[], by=evening.tomas, at=taken.until + timedelta(days=14)
        )
