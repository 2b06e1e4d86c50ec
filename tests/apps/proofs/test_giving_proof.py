"""A paper with dates: whose it is, what is on it, and what a check of its code tells."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.db import IntegrityError, transaction

from goround.apps.audit.models import Event
from goround.apps.meetings.models import Attendance, Meeting
from goround.apps.proofs.codes import LENGTH, as_printed, hash_of, new_code, tidy_code
from goround.apps.proofs.models import Proof
from goround.apps.proofs.paper import paper_of
from goround.apps.proofs.selectors import (
    days_there,
    papers_given_out,
    programmes_to_prove,
    proof_behind,
    proofs_of,
)
from goround.apps.proofs.services import (
    NothingToProve,
    NotTheirs,
    give_proof,
    take_proof_back,
)
from goround.apps.records.erasing import erase
from tests.make import (
    NOON,
    TODAY,
    make_coordinator,
    make_group,
    make_meeting,
    make_membership,
    make_programme,
    make_user,
)

pytestmark = pytest.mark.django_db
CODE = "ABCDEFGHJKMN"


class Cast:
    def __init__(self, playbook: str = "parent-support-circles") -> None:
        self.programme = make_programme(playbook_key=playbook, name="Circles")
        self.group = make_group(self.programme, name="Hidden group")
        self.member = make_membership(self.group, alias="Hidden alias")
        self.parent = self.member.parent
        self.user = self.parent.user = make_user()
        self.parent.save()

    def came(self, days_ago: int, *, status: str = "held", hours: int = 0) -> Meeting:
        at = NOON - timedelta(days=days_ago, hours=hours)
        recorded = {"recorded_at": at} if status == "held" else {}
        meeting = make_meeting(self.group, starts_at=at, status=status, **recorded)
        Attendance.objects.create(meeting=meeting, membership=self.member)
        return meeting

    def give(self, **changes) -> Proof:
        about = {
            "parent": self.parent,
            "programme": self.programme,
            "first": None,
            "last": None,
            "names_programme": False,
            "holds": timedelta(days=92),
            "code": CODE,
            "by": self.user,
            "at": NOON,
        }
        return give_proof(**about | changes)


@pytest.fixture
def cast() -> Cast:
    made = Cast()
    made.came(14)
    made.came(7)
    return made


def test_the_paper_holds_the_days_and_nothing_that_tells_the_group(cast):
    proof = cast.give()

    assert proof.days() == [TODAY - timedelta(days=14), TODAY - timedelta(days=7)]
    assert (proof.issuer, proof.programme) == (cast.parent.organisation.name, "")
    assert proof.code_hash == hash_of(CODE)
    assert CODE not in str(Proof.objects.values())
    event = Event.objects.get(kind="proof.given")
    assert event.facts == {"days": 2}


def test_the_programme_is_named_only_when_the_parent_says_so(cast):
    assert cast.give(names_programme=True).programme == "Circles"


def test_only_the_days_asked_for_are_on_it(cast):
    assert cast.give(first=TODAY - timedelta(days=10)).days() == [TODAY - timedelta(days=7)]


def test_two_meetings_on_one_day_are_one_day(cast):
    cast.came(7, hours=2)

    assert len(cast.give().dates) == 2


def test_a_meeting_that_was_not_held_proves_nothing(cast):
    cast.came(3, status="planned")

    assert len(cast.give().dates) == 2


def test_nobody_else_has_one_made(cast):
    for other in (make_user(), make_coordinator(cast.parent.organisation)):
        with pytest.raises(NotTheirs):
            cast.give(by=other)
        assert programmes_to_prove(other, cast.parent) == []
        assert days_there(other, cast.parent, cast.programme) == []
    assert not Proof.objects.exists()


def test_a_programme_that_gives_none_out_gives_none_out():
    made = Cast("circle-of-parents")
    made.came(7)

    assert programmes_to_prove(made.user, made.parent) == []
    with pytest.raises(NothingToProve):
        made.give()


def test_no_day_makes_no_paper(cast):
    with pytest.raises(NothingToProve):
        cast.give(first=TODAY)


def test_anybody_with_the_code_is_told_what_is_on_the_paper(cast):
    proof = cast.give()

    for viewer in (make_user(), cast.user):
        assert proof_behind(viewer, "abcd efgh-jkmn", at=NOON) == proof


@pytest.mark.parametrize("code", ["", "ABCD", "ABCDEFGHJKMP", "ABCDEFGHJKMNA", hash_of(CODE)])
def test_another_code_tells_nothing(cast, code):
    cast.give()

    assert proof_behind(make_user(), code, at=NOON) is None


def test_a_paper_taken_back_or_out_of_date_is_as_one_that_never_was(cast):
    proof = cast.give()
    assert proof_behind(make_user(), CODE, at=NOON + timedelta(days=92)) == proof
    assert proof_behind(make_user(), CODE, at=NOON + timedelta(days=93)) is None

    for _twice in range(2):
        take_proof_back(proof=proof, by=cast.user, at=NOON)

    assert proof_behind(make_user(), CODE, at=NOON) is None
    assert Event.objects.filter(kind="proof.taken_back").count() == 1


def test_nobody_else_takes_one_back(cast):
    proof = cast.give()

    with pytest.raises(NotTheirs):
        take_proof_back(proof=proof, by=make_coordinator(cast.parent.organisation), at=NOON)
    assert list(proofs_of(cast.user, cast.parent)) == [proof]
    assert list(proofs_of(make_user(), cast.parent)) == []


def test_the_office_is_told_how_many_and_a_stranger_nothing(cast):
    cast.give()
    here = cast.parent.organisation
    month = {"first": TODAY.replace(day=1), "after": TODAY + timedelta(days=1)}

    assert papers_given_out(make_coordinator(here), here, **month) == 1
    assert papers_given_out(make_user(), here, **month) == 0
    assert papers_given_out(cast.user, here, **month) == 0


def test_erasing_the_parent_takes_the_paper_along(cast):
    cast.give()

    erase(parent=cast.parent, by=None, at=NOON)

    assert proof_behind(make_user(), CODE, at=NOON) is None
    assert not Proof.objects.exists()


def test_the_database_refuses_a_paper_that_holds_no_day_long(cast):
    proof = cast.give()

    with pytest.raises(IntegrityError), transaction.atomic():
        Proof.objects.filter(pk=proof.pk).update(until_on=proof.issued_on)


def test_a_code_is_typed_as_it_is_printed():
    code = new_code(Random(1))

    assert len(code) == LENGTH
    assert tidy_code(as_printed(code).lower()) == code
    assert as_printed(CODE) == "ABCD-EFGH-JKMN"


def test_the_file_is_a_tagged_page_without_the_hour_it_was_made(cast):
    made = paper_of(cast.give(), code=CODE, check_at="https://example.org/proof/")

    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made
    assert b"pdfuaid" in made
    assert b"/CreationDate" not in made


def test_what_is_on_it_is_never_read_as_markup(cast):
    host = cast.parent.organisation
    host.name = '#panic("no") *House* $x$ "'
    host.save()

    proof = cast.give()

    assert paper_of(proof, code=CODE, check_at="").startswith(b"%PDF-")
