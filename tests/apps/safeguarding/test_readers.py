"""One person who must know reads one text; nobody else does, and they read nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from goround.apps.audit.models import Event
from goround.apps.keys.lead_keys import WrongPhrase
from goround.apps.keys.models import SpokenKey
from goround.apps.keys.sealing import open_with
from goround.apps.keys.spoken import open_spoken
from goround.apps.organisations.models import RoleAssignment
from goround.apps.organisations.roles import Role
from goround.apps.safeguarding.models import Reader, Step
from goround.apps.safeguarding.readers import NotAReader, name_reader, read
from goround.apps.safeguarding.selectors import may_be_readers, opened, readers_of, readings_for
from goround.apps.safeguarding.services import end_reading, take_step
from goround.domain.safeguarding.concern import Act, NotNow
from tests.make import NOON, make_coordinator, make_organisation, make_user
from tests.make_safeguarding import make_concern, make_lead_with_key

pytestmark = pytest.mark.django_db

WHAT, WHY = "Two of you at the door, please", "She runs the evening alone"


@pytest.fixture
def host():
    return make_organisation()


@pytest.fixture
def lead(host):
    return make_lead_with_key(host)


@pytest.fixture
def nadia(host):
    return make_user(role=Role.FACILITATOR, organisation=host, shown_as="Nadia")


@pytest.fixture
def concern(host, lead):
    return make_concern(host, "Canary: who is followed home")


def named(concern, user, lead, what=WHAT):
    return name_reader(concern=concern, user=user, what=what, why=WHY, by=lead[0], at=NOON)


def test_a_reader_reads_what_the_lead_wrote_and_each_time_is_written_down(concern, nadia, lead):
    reader, phrase = named(concern, nadia, lead)

    texts = [read(reader=reader, phrase=phrase.upper(), by=nadia, at=NOON) for _ in range(2)]

    reader.refresh_from_db()
    assert texts == [WHAT, WHAT]
    assert (reader.times_read, reader.last_read_at) == (2, NOON)
    entries = Event.objects.filter(kind="reader.read")
    assert [(each.by_id, each.subject_id) for each in entries] == [(nadia.pk, reader.pk)] * 2


def test_what_was_shared_with_whom_and_why_is_a_step_of_the_concern(concern, nadia, lead):
    named(concern, nadia, lead)

    step = Step.objects.get(concern=concern)
    said = opened(lead[0], lead[1], [step.told])[step.told_id]
    assert (step.act, step.by) == (Act.SHARE, lead[0])
    assert (said["what"], said["why"]) == (WHAT, WHY)
    assert "Nadia" in said["with_whom"]


def test_wrong_words_open_nothing_and_are_written_down(concern, nadia, lead):
    reader, _ = named(concern, nadia, lead)

    assert read(reader=reader, phrase="one two three four five six", by=nadia, at=NOON) is None

    reader.refresh_from_db()
    assert reader.times_read == 0
    assert Event.objects.filter(kind="reader.refused", by_id=nadia.pk).count() == 1


def test_the_words_of_one_reader_open_no_other_text(concern, nadia, lead, host):
    mine, phrase = named(concern, nadia, lead)
    other = make_user(role=Role.SUPERVISOR, organisation=host)
    theirs, _ = named(concern, other, lead, what="Canary: another text")

    with pytest.raises(WrongPhrase):
        open_spoken(SpokenKey.objects.get(sealed_text=theirs.told), phrase)
    moved = SpokenKey.objects.get(sealed_text=mine.told)
    moved.user_id = other.pk
    with pytest.raises(WrongPhrase):
        open_spoken(moved, phrase)


def test_a_lead_reads_what_was_written_for_a_reader(concern, nadia, lead):
    reader, _ = named(concern, nadia, lead)

    assert WHAT in open_with(lead[1], reader.told)


@pytest.mark.parametrize("how", ["withdrawn", "closed", "role ended", "named anew"])
def test_reading_ends(how, concern, nadia, lead):
    reader, phrase = named(concern, nadia, lead)
    ends = {"words": "done"}
    match how:
        case "withdrawn":
            end_reading(reader=reader, by=lead[0], at=NOON)
        case "closed":
            for act in (Act.TRIAGE, Act.DECIDE, Act.CLOSE):
                take_step(concern=concern, act=act, words=ends, by=lead[0], at=NOON)
        case "role ended":
            RoleAssignment.objects.filter(user=nadia).update(role=Role.PARENT)
        case "named anew":
            named(concern, nadia, lead, what="New words")

    assert reader.pk not in [each.pk for each in readings_for(nadia)]
    if how != "role ended":
        assert read(reader=reader, phrase=phrase, by=nadia, at=NOON) is None
        assert not SpokenKey.objects.filter(sealed_text=reader.told).exists()


def test_ending_twice_is_once(concern, nadia, lead):
    reader, _ = named(concern, nadia, lead)

    end_reading(reader=reader, by=lead[0], at=NOON)
    end_reading(reader=reader, by=lead[0], at=NOON + timedelta(days=1))

    assert Reader.objects.get(pk=reader.pk).ended_at == NOON
    assert Event.objects.filter(kind="reader.ended").count() == 1


def test_a_closed_concern_is_let_nobody_know(concern, nadia, lead):
    for act in (Act.TRIAGE, Act.DECIDE, Act.CLOSE):
        take_step(concern=concern, act=act, words={"words": "x"}, by=lead[0], at=NOON)

    with pytest.raises(NotNow):
        named(concern, nadia, lead)


@pytest.mark.parametrize("role", [Role.PARENT, Role.PARENT_LEADER, Role.SAFEGUARDING_LEAD, None])
def test_only_people_who_work_here_and_are_no_leads_can_be_readers(role, concern, lead, host):
    user = make_user(role=role, organisation=host if role else None)

    with pytest.raises(NotAReader):
        named(concern, user, lead)
    assert user not in may_be_readers(lead[0], host)


def test_nobody_else_learns_of_readers(concern, nadia, lead, host):
    named(concern, nadia, lead)
    elsewhere = make_lead_with_key(make_organisation())[0]

    assert [each.user for each in readings_for(nadia)] == [nadia]
    for other in (make_coordinator(host), elsewhere, make_user(), lead[0]):
        assert list(readings_for(other)) == []
    for other in (make_coordinator(host), elsewhere, nadia):
        assert list(readers_of(other, concern)) == []
        assert may_be_readers(other, host) == []
    assert may_be_readers(lead[0], host) != []
