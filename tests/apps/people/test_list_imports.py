"""Uploaded lists: shown first, saved once, the same list twice changes nothing."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from goround.apps.apart.asking import pairs_of
from goround.apps.apart.models import KeepApart
from goround.apps.apart.services import close
from goround.apps.audit.models import Event
from goround.apps.jobs.work import run_next
from goround.apps.people.imports.files import MOST_BYTES, ListUnusable
from goround.apps.people.imports.services import (
    READ_AT_ONCE,
    NothingToSave,
    confirm_list,
    put_aside,
    read_again,
)
from goround.apps.people.models import (
    ListImport,
    Parent,
    Referral,
    RejectedRow,
)
from goround.apps.people.opening import keep_details
from goround.apps.people.selectors import (
    list_imports,
    open_imports,
    rejected_csv_of,
    rejected_rows,
)
from goround.apps.people.services import withdraw
from goround.domain.privacy.place import coarse_cell
from tests.make import NOON, TODAY, make_coordinator, make_organisation, make_programme
from tests.make_lists import as_csv, counts, make_list, row, save

pytestmark = pytest.mark.django_db

FULL = row(
    "p1",
    children="3;0.5",
    languages="es;en",
    available="sat 09:00-12:00;mon 17:30-20:30",
    interests="new-baby;men",
    modes="online",
    max_km="8",
    needs="childcare",
    tags="single-parent",
    wishes="grandparent",
    priority="3",
)


@pytest.fixture
def programme():
    return make_programme()


def aliases():
    return set(Parent.objects.values_list("alias", flat=True))


def pairs():
    through = Parent.together.through.objects
    return set(through.values_list("from_parent__reference", "to_parent__reference"))


def test_received_list_saves_nothing(programme):
    listed = make_list(programme, [row("p1"), row("p2")])

    assert (listed.status, counts(listed)) == ("read", (2, 0, 0, 0))
    assert Parent.objects.count() == 0


def test_saved_list_keeps_every_column_in_its_place(programme):
    listed = save(make_list(programme, [FULL]))

    parent, referral = Parent.objects.get(), Referral.objects.get()
    assert (listed.status, listed.text, counts(listed)) == ("saved", "", (1, 0, 0, 0))
    assert parent.home_cell == coarse_cell(34.262, -118.42)
    assert (parent.reference, parent.languages) == ("p1", ("en", "es"))
    assert parent.available == ("mon 17:30-20:30", "sat 09:00-12:00")
    assert (parent.interests, parent.modes) == (("men", "new-baby"), ("online",))
    assert (parent.max_km, parent.needs) == (8.0, ("childcare",))
    assert (parent.tags, parent.wishes) == (("single-parent",), ("grandparent",))
    assert (parent.children_ages, parent.ages_on) == ((3.0, 0.5), TODAY)
    assert (referral.parent, referral.programme) == (parent, programme)
    assert (referral.door, referral.priority, referral.waiting_since) == ("list", 3, NOON)


def test_saved_list_leaves_empty_what_nobody_said(programme):
    save(make_list(programme, [row("p1")]))

    parent = Parent.objects.get()
    assert (parent.max_km, parent.interests, parent.modes) == (None, (), ())
    assert (parent.children_ages, parent.ages_on) == ((), None)


def test_imported_parents_get_aliases_of_their_own(programme):
    save(make_list(programme, [row(f"p{n}") for n in range(300)]))

    assert len(aliases()) == 300
    assert not any(alias.startswith("p") and alias[1:].isdigit() for alias in aliases())


def test_the_same_list_again_changes_nothing(programme):
    rows = [FULL, row("p2", together="p1"), row("p3")]
    save(make_list(programme, rows))
    before = aliases(), Event.objects.exclude(kind__startswith="list_import.").count()

    again = make_list(programme, rows)

    assert (again.status, again.text, counts(again)) == ("saved", "", (0, 0, 3, 0))
    assert before == (
        aliases(),
        Event.objects.exclude(kind__startswith="list_import.").count(),
    )
    assert not Event.objects.filter(kind="list_import.rows_saved", subject_id=again.pk).exists()


def test_changed_rows_change_the_parent_and_keep_the_alias(programme):
    save(make_list(programme, [row("p1", children="3"), row("p2")]))
    before = aliases()

    listed = make_list(programme, [row("p1", children="3", languages="es"), row("p2")])
    assert counts(listed) == (0, 1, 1, 0)
    save(listed)

    parent = Parent.objects.get(reference="p1")
    assert (parent.languages, counts(listed)) == (("es",), (0, 1, 1, 0))
    assert (aliases(), Referral.objects.count()) == (before, 2)


def test_ages_told_again_keep_the_day_they_were_told(programme):
    save(make_list(programme, [row("p1", children="3")]))
    later = NOON.replace(year=2027)

    save(make_list(programme, [row("p1", children="3", max_km="5")], at=later), at=later)

    assert Parent.objects.get().ages_on == TODAY


def test_a_changed_priority_is_a_change_of_the_referral(programme):
    save(make_list(programme, [row("p1")]))

    listed = save(make_list(programme, [row("p1", priority="4")]))

    assert (counts(listed), Referral.objects.get().priority) == ((0, 1, 0, 0), 4)


def test_facts_told_at_another_door_are_left_alone(programme):
    save(make_list(programme, [row("p1")]))
    Parent.objects.update(gender="male")
    parent = Parent.objects.get()
    parent.safe_contact = "text me"
    keep_details([parent])

    save(make_list(programme, [row("p1", languages="es")]))

    parent = Parent.objects.get()
    assert (parent.gender, parent.safe_contact) == ("male", "text me")


def test_a_parent_known_elsewhere_gets_a_referral_in_this_programme(programme):
    save(make_list(programme, [row("p1")]))
    other = make_programme(programme.organisation, "safe-project")

    listed = save(make_list(other, [row("p1")]))

    assert (counts(listed), Parent.objects.count()) == ((0, 1, 0, 0), 1)
    assert {referral.programme for referral in Referral.objects.all()} == {programme, other}


def test_a_placed_parent_is_not_put_on_the_list_again(programme):
    save(make_list(programme, [row("p1")]))
    Referral.objects.update(status="placed", ended_at=NOON)

    listed = make_list(programme, [row("p1", priority="2")])

    assert (listed.status, counts(listed)) == ("saved", (0, 0, 1, 0))


def test_a_parent_who_withdrew_is_not_put_back_by_a_list(programme):
    save(make_list(programme, [row("p1"), row("p2")]))
    withdraw(referral=Referral.objects.get(parent__reference="p1"), by=None, at=NOON)

    listed = save(make_list(programme, [row("p1", languages="es"), row("p2")]))

    assert (counts(listed), listed.withdrawn_rows) == ((0, 1, 1, 0), 1)
    assert Referral.objects.filter(status="waiting").count() == 1
    assert Parent.objects.get(reference="p1").languages == ("es",)


def test_together_is_kept_both_ways_and_as_the_list_says(programme):
    save(make_list(programme, [row("p1", together="p2"), row("p2"), row("p3")]))
    assert pairs() == {("p1", "p2"), ("p2", "p1")}

    listed = save(make_list(programme, [row("p1", together="p3"), row("p2"), row("p3")]))

    assert pairs() == {("p1", "p3"), ("p3", "p1")}
    assert counts(listed) == (0, 3, 0, 0)


def test_together_with_somebody_outside_the_list_stays(programme):
    save(make_list(programme, [row("p1", together="p2"), row("p2")]))

    listed = make_list(programme, [row("p1")])

    assert (listed.status, pairs()) == ("saved", {("p1", "p2"), ("p2", "p1")})


def kept_pairs(organisation):
    names = dict(Parent.objects.values_list("pk", "reference"))
    return {(names[pair.one], names[pair.other]) for pair in pairs_of(organisation.pk)}


def test_apart_is_added_and_never_taken_away(programme):
    save(make_list(programme, [row("p1", apart="p2"), row("p2")]))

    listed = save(make_list(programme, [row("p1"), row("p2", apart="p1")]))

    assert (listed.status, counts(listed)) == ("saved", (0, 0, 2, 0))
    save(make_list(programme, [row("p1", languages="es"), row("p2")]))
    assert kept_pairs(programme.organisation) == {("p1", "p2")}


def test_a_list_does_not_tell_whether_two_were_known_to_be_apart(programme):
    save(make_list(programme, [row("p1", apart="p2"), row("p2"), row("p3"), row("p4")]))

    known = make_list(programme, [row("p1", apart="p2"), row("p2")])
    new = make_list(programme, [row("p3", apart="p4"), row("p4")])

    assert (known.status, counts(known)) == (new.status, counts(new)) == ("read", (0, 0, 2, 0))


def test_a_list_does_not_reopen_what_a_lead_closed(programme):
    rows = [row("p1", apart="p2"), row("p2")]
    save(make_list(programme, rows))
    kept = KeepApart.objects.get()
    close(kept=kept, because="Over", by=kept.recorded_by, at=NOON)

    save(make_list(programme, rows))

    assert kept_pairs(programme.organisation) == set()


def test_apart_reaches_somebody_of_an_earlier_list(programme):
    save(make_list(programme, [row("p1")]))

    listed = save(make_list(programme, [row("p2", apart="p1;nobody", together="ghost")]))

    assert kept_pairs(programme.organisation) == {("p1", "p2")}
    assert listed.unknown_ids == ["ghost", "nobody"]


def test_links_do_not_reach_another_organisation(programme):
    save(make_list(make_programme(), [row("p1")]))

    listed = save(make_list(programme, [row("p2", apart="p1")]))

    assert (listed.unknown_ids, KeepApart.objects.count()) == (["p1"], 0)


def test_bad_rows_are_named_and_left_out(programme):
    rows = [row("p1"), row("p2", lat="95"), row("p3", available="sun"), row("p4", languages="")]
    listed = make_list(programme, rows)
    ana = listed.uploaded_by

    assert counts(listed) == (1, 0, 0, 3)
    told = [(bad.line, bad.row_id, bad.column) for bad in rejected_rows(ana, listed)]
    assert told == [(3, "p2", "lat"), (4, "p3", "available"), (5, "p4", "languages")]
    table = rejected_csv_of(ana, listed).decode("utf-8-sig").splitlines()
    assert table[0] == "file,line,column,id,reason"
    assert table[1].startswith("parents.csv,3,lat,p2,")
    save(listed)
    assert [parent.reference for parent in Parent.objects.all()] == ["p1"]


def test_bad_rows_with_a_formula_are_told_as_text(programme):
    listed = make_list(programme, [row('=HYPERLINK("x")', lat="95")])

    table = rejected_csv_of(listed.uploaded_by, listed).decode("utf-8-sig")

    assert "\"'=HYPERLINK(" in table
    assert ",=HYPERLINK" not in table


def test_a_priority_no_column_can_hold_is_a_bad_row(programme):
    listed = make_list(programme, [row("p1"), row("p2", priority="999999")])

    assert counts(listed) == (1, 0, 0, 1)


def test_strict_list_with_a_bad_row_is_refused_whole(programme):
    listed = make_list(programme, [row("p1"), row("p2", lat="95")], strict=True)

    assert (listed.status, listed.text, counts(listed)) == ("refused", "", (1, 0, 0, 1))
    with pytest.raises(NothingToSave):
        confirm_list(list_import=listed, by=listed.uploaded_by, at=NOON)
    assert (Parent.objects.count(), RejectedRow.objects.count()) == (0, 1)


def test_list_without_a_good_row_is_refused(programme):
    listed = make_list(programme, [row("p1", lat="95")])

    assert listed.status == "refused"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "The file is empty"),
        (b" \n\n", "The file is empty"),
        (b"PK\x03\x04 and so on", "This is a spreadsheet"),
        (b"\xd0\xcf\x11\xe0 and so on", "This is a spreadsheet"),
        ("id,lat".encode("utf-16"), "not in UTF-8"),
        ("id,lat\np1,Señora".encode("latin-1"), "in line 2"),
        (b"id;lat;lon;languages;available\np1;1;2;en;mon", "separated by semicolons"),
        (b"id,lat,lon,languages\np1,1,2,en", "column available is missing"),
        (b"id,languages,available,id\np1,en,x,p2", "columns are named “id”"),
        (b"id,lat,lon,languages,available\n", "no rows below"),
        (b"id,lat,lon,languages,available\np1,1,2,en,mon\x00", "not in UTF-8"),
        (b'id,lat,lon,languages,available\np1,1,2,en,x\np2,1,2,"en,x\n', "cannot be read as CSV"),
        (b"x" * (MOST_BYTES + 1), "larger than 24 MB"),
    ],
)
def test_unusable_file_is_refused_in_a_sentence_and_not_kept(programme, data, says):
    with pytest.raises(ListUnusable, match=says):
        make_list(programme, data)

    assert ListImport.objects.count() == 0


def test_byte_order_mark_and_windows_line_ends_are_fine(programme):
    data = b"\xef\xbb\xbf" + as_csv([row("p1"), row("p2")]).replace(b"\n", b"\r\n")

    assert counts(make_list(programme, data)) == (2, 0, 0, 0)


def test_long_list_is_read_by_the_worker(programme):
    rows = [row(f"p{n}") for n in range(READ_AT_ONCE + 1)]

    listed = make_list(programme, rows)
    assert (listed.status, listed.good_rows) == ("reading", 0)
    job = run_next("worker")

    listed.refresh_from_db()
    assert (job.status, job.done > 0, job.total) == ("done", True, len(rows))
    assert (listed.status, counts(listed)) == ("read", (len(rows), 0, 0, 0))


def test_long_list_that_breaks_off_is_refused_by_the_worker(programme):
    data = as_csv([row(f"p{n}") for n in range(READ_AT_ONCE + 1)]) + b'p9999,"34'

    listed = make_list(programme, data)
    run_next("worker")

    listed.refresh_from_db()
    assert (listed.status, listed.text) == ("refused", "")
    assert "cannot be read as CSV" in listed.refusal


def test_every_chunk_saved_leaves_one_entry_in_the_trail(programme):
    listed = save(make_list(programme, [row(f"p{n}") for n in range(700)]))

    saved = Event.objects.filter(kind="list_import.rows_saved").order_by("pk")
    assert [(event.facts["from_row"], event.facts["to_row"]) for event in saved] == [
        (1, 500),
        (501, 700),
    ]
    assert {event.by_id for event in saved} == {listed.uploaded_by_id}
    ended = Event.objects.get(kind="list_import.saved")
    assert (ended.subject_id, ended.facts["new"]) == (listed.pk, 700)
    assert ended.organisation_id == programme.organisation_id


def test_confirming_twice_saves_once(programme):
    listed = make_list(programme, [row("p1")])
    first = confirm_list(list_import=listed, by=listed.uploaded_by, at=NOON)
    second = confirm_list(list_import=listed, by=listed.uploaded_by, at=NOON)

    run_next("worker")

    assert first == second
    assert (run_next("worker"), Parent.objects.count()) == (None, 1)
    with pytest.raises(NothingToSave):
        confirm_list(list_import=listed, by=listed.uploaded_by, at=NOON)


def test_put_aside_deletes_text_and_bad_rows(programme):
    listed = make_list(programme, [row("p1"), row("p2", lat="95")])

    for _ in range(2):
        put_aside(list_import=listed, by=listed.uploaded_by, at=NOON)

    listed.refresh_from_db()
    assert (listed.status, listed.text) == ("put-aside", "")
    assert (RejectedRow.objects.count(), Parent.objects.count()) == (0, 0)
    assert Event.objects.filter(kind="list_import.put_aside").count() == 1


def test_put_aside_stops_a_save_that_waits(programme):
    listed = make_list(programme, [row("p1")])
    job = confirm_list(list_import=listed, by=listed.uploaded_by, at=NOON)

    put_aside(list_import=listed, by=listed.uploaded_by, at=NOON)

    job.refresh_from_db()
    assert (job.status, run_next("worker"), Parent.objects.count()) == ("cancelled", None, 0)


def test_read_again_is_for_lists_whose_reading_stopped(programme):
    listed = make_list(programme, [row("p1")])

    with pytest.raises(NothingToSave):
        read_again(list_import=listed, by=listed.uploaded_by, at=NOON)


def test_database_refuses_an_ended_list_that_kept_its_text(programme):
    listed = make_list(programme, [row("p1")])

    with pytest.raises(IntegrityError), transaction.atomic():
        ListImport.objects.filter(pk=listed.pk).update(status="saved")


def test_lists_are_absent_for_a_stranger(programme):
    listed = make_list(programme, [row("p1"), row("p2", lat="95")])
    ana, stranger = listed.uploaded_by, make_coordinator(make_organisation())

    assert list(list_imports(ana, programme.organisation)) == [listed]
    assert list(open_imports(ana, programme.organisation)) == [listed]
    assert list(list_imports(stranger, programme.organisation)) == []
    assert list(rejected_rows(stranger, listed)) == []
