"""The way of an uploaded list: received, read, confirmed and saved, or put aside.

Reading and saving may break off anywhere and be repeated. How far saving got is written in
the same transaction as the rows, so a worker that takes over goes on behind the last of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from random import Random
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.jobs import services as jobs
from goround.apps.jobs.models import Job
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.people.imports.files import (
    ListUnusable,
    check_header,
    lines_of,
    text_of,
    what_is_wrong,
)
from goround.apps.people.imports.kinds import Listed, ListKind, Tally
from goround.apps.people.imports.others import FacilitatorsList, PostcodesList, VenuesList
from goround.apps.people.imports.parents import ParentsList
from goround.apps.people.models import ListImport, RejectedRow
from goround.domain.matching.files import HeaderError

READ_LIST, SAVE_LIST = "people.read_list", "people.save_list"

KINDS: dict[str, type[ListKind]] = {
    ListImport.Kind.PARENTS: ParentsList,
    ListImport.Kind.VENUES: VenuesList,
    ListImport.Kind.FACILITATORS: FacilitatorsList,
    ListImport.Kind.POSTCODES: PostcodesList,
}

# Rows written in one transaction.
CHUNK = 500
# Lists up to so many lines are read while the coordinator waits for the page.
READ_AT_ONCE = 1_000
UNKNOWN_IDS_KEPT = 50
LINES_BETWEEN_REPORTS = 2_000

# Told how far it got; answers whether to go on.
Tick = Callable[[int, int], bool]


class NothingToSave(Exception):
    """The list is not one that was read and waits to be saved."""


class _Stopped(Exception):
    """Somebody asked for the work to stop."""


@transaction.atomic
def receive_list(
    *,
    organisation: Organisation,
    kind: ListImport.Kind,
    data: bytes,
    by: User,
    at: datetime,
    rng: Random,
    programme: Programme | None = None,
    strict: bool = False,
) -> ListImport:
    """Take in an uploaded file and read it: a short one at once, a long one in the background.

    Nothing of it is saved to the waiting list. Raises ``ListUnusable``, keeping nothing, for a
    file that cannot be read as a whole.
    """
    text = text_of(data)
    check_header(text, file=KINDS[kind].file, columns=KINDS[kind].columns)
    list_import = ListImport.objects.create(
        organisation=organisation,
        programme=programme if kind == ListImport.Kind.PARENTS else None,
        kind=kind,
        strict=strict,
        uploaded_by=by,
        uploaded_at=at,
    )
    list_import.lock(text)
    list_import.save(update_fields=["locked_text"])
    audit.record("list_import.received", list_import, by=by, at=at, list_kind=str(kind))
    if text.count("\n") <= READ_AT_ONCE:
        read_list(list_import=list_import, tick=_unwatched, by=by, at=at, rng=rng)
        list_import.refresh_from_db()
        if list_import.status == ListImport.Status.REFUSED and not list_import.bad_rows:
            raise ListUnusable(list_import.refusal)
    else:
        _ask_for(READ_LIST, list_import, by=by, at=at)
    return list_import


def read_list(*, list_import: ListImport, tick: Tick, by: User, at: datetime, rng: Random) -> None:
    """Read the text and count what saving it would do. Repeating it gives the same."""
    kind = KINDS[list_import.kind](list_import, rng)
    try:
        listed = kind.read(_watched(lines_of(list_import.text), tick))
        tally = _compare(kind, listed.rows, tick)
    except HeaderError as error:
        _refuse(list_import, what_is_wrong(error), by=by, at=at)
    except _Stopped:
        return
    else:
        _keep_reading(list_import, listed, tally, by=by, at=at)


@transaction.atomic
def _keep_reading(
    list_import: ListImport, listed: Listed, tally: Tally, *, by: User, at: datetime
) -> None:
    kept = _locked(list_import)
    if kept.status != ListImport.Status.READING:
        return
    kept.status = ListImport.Status.READ
    kept.good_rows, kept.bad_rows = len(listed.rows), len(listed.problems)
    kept.unknown_ids = listed.unknown_ids[:UNKNOWN_IDS_KEPT]
    _put_tally(kept, tally)
    if kept.strict and kept.bad_rows:
        _end(kept, ListImport.Status.REFUSED, at=at)
        kept.refusal = _(
            "You asked for all rows or none, and some rows are bad. Nothing was saved."
        )
    elif not kept.good_rows:
        _end(kept, ListImport.Status.REFUSED, at=at)
        kept.refusal = _("No row of this list can be used. Nothing was saved.")
    elif not tally.new and not tally.changed and not listed.parts_people:
        _end(kept, ListImport.Status.SAVED, at=at)
    kept.save()
    RejectedRow.objects.bulk_create(RejectedRow.all_of(kept, listed.problems))
    audit.record("list_import.read", kept, by=by, at=at, good=kept.good_rows, bad=kept.bad_rows)


@transaction.atomic
def _refuse(list_import: ListImport, why: str, *, by: User, at: datetime) -> None:
    kept = _locked(list_import)
    if kept.status == ListImport.Status.READING:
        _end(kept, ListImport.Status.REFUSED, at=at)
        kept.refusal = why[:300]
        kept.save()
        audit.record("list_import.refused", kept, by=by, at=at)


@transaction.atomic
def confirm_list(*, list_import: ListImport, by: User, at: datetime) -> Job:
    """Have the list saved in the background; the same again goes on with one that stopped.

    Raises ``NothingToSave`` for a list that is not read yet, or ended.
    """
    kept = _locked(list_import)
    if kept.status == ListImport.Status.READ:
        kept.status, kept.saved_rows = ListImport.Status.SAVING, 0
        _put_tally(kept, Tally())
        kept.save()
        audit.record("list_import.confirmed", kept, by=by, at=at, rows=kept.good_rows)
    elif kept.status != ListImport.Status.SAVING:
        raise NothingToSave(f"{kept} is {kept.status}")
    return _ask_for(SAVE_LIST, kept, by=by, at=at)


@transaction.atomic
def read_again(*, list_import: ListImport, by: User, at: datetime) -> Job:
    """Have a list read whose reading was stopped. Raises ``NothingToSave`` for any other."""
    kept = _locked(list_import)
    if kept.status != ListImport.Status.READING:
        raise NothingToSave(f"{kept} is {kept.status}")
    return _ask_for(READ_LIST, kept, by=by, at=at)


def save_list(*, list_import: ListImport, tick: Tick, by: User, at: datetime, rng: Random) -> None:
    """Save the rows not saved yet, ``CHUNK`` at a time, until done or told to stop."""
    kind = KINDS[list_import.kind](list_import, rng)
    try:
        rows = kind.read(_watched(lines_of(list_import.text), tick)).rows
    except _Stopped:
        return
    done = list_import.saved_rows
    if len(rows) != list_import.good_rows:
        # The postcode table changed since. Rows saved before are known now, and stay.
        done = _begin_again(list_import, len(rows))
    while done < len(rows):
        if not tick(done, len(rows)):
            return
        saved = _save_chunk(list_import, kind, rows[done : done + CHUNK], done, by=by, at=at)
        if not saved:
            return
        done += CHUNK
    _finish(list_import, by=by, at=at)


@transaction.atomic
def _begin_again(list_import: ListImport, rows: int) -> int:
    kept = _locked(list_import)
    kept.saved_rows, kept.good_rows = 0, rows
    kept.save(update_fields=["saved_rows", "good_rows"])
    return 0


@transaction.atomic
def _save_chunk(
    list_import: ListImport,
    kind: ListKind,
    rows: Sequence[Any],
    start: int,
    *,
    by: User,
    at: datetime,
) -> bool:
    """False when the list was put aside, or another worker has gone on with it."""
    kept = _locked(list_import)
    if kept.status != ListImport.Status.SAVING or kept.saved_rows != start:
        return False
    tally = kind.save(rows, by=by, at=at)
    kept.saved_rows = start + len(rows)
    _put_tally(kept, _tally_of(kept) + tally)
    kept.save(
        update_fields=["saved_rows", "new_rows", "changed_rows", "same_rows", "withdrawn_rows"]
    )
    if tally.new or tally.changed:
        audit.record(
            "list_import.rows_saved",
            kept,
            by=by,
            at=at,
            from_row=start + 1,
            to_row=kept.saved_rows,
            new=tally.new,
            changed=tally.changed,
        )
    return True


@transaction.atomic
def _finish(list_import: ListImport, *, by: User, at: datetime) -> None:
    kept = _locked(list_import)
    if kept.status != ListImport.Status.SAVING or kept.saved_rows < kept.good_rows:
        return
    _end(kept, ListImport.Status.SAVED, at=at)
    kept.save()
    audit.record(
        "list_import.saved",
        kept,
        by=by,
        at=at,
        new=kept.new_rows,
        changed=kept.changed_rows,
        same=kept.same_rows,
        rejected=kept.bad_rows,
    )


@transaction.atomic
def put_aside(*, list_import: ListImport, by: User, at: datetime) -> None:
    """Let go of a list and its text. Rows saved before stay saved. Ended lists stay as they are."""
    kept = _locked(list_import)
    if not kept.is_open:
        return
    _end(kept, ListImport.Status.PUT_ASIDE, at=at)
    kept.save()
    kept.rejected.all().delete()
    for job in Job.objects.filter(kind__in=[READ_LIST, SAVE_LIST], subject_id=kept.pk):
        if job.is_open:
            jobs.ask_to_stop(job=job, by=by, at=at)
    audit.record("list_import.put_aside", kept, by=by, at=at, saved_rows=kept.saved_rows)


def _locked(list_import: ListImport) -> ListImport:
    """The row as it is now, without its text, for the rest of the transaction."""
    kept = ListImport.objects.select_for_update(of=("self",), no_key=True).defer("locked_text")
    return kept.get(pk=list_import.pk)


def _end(kept: ListImport, status: ListImport.Status, *, at: datetime) -> None:
    kept.status, kept.locked_text, kept.ended_at = status, None, at


def _ask_for(work: str, list_import: ListImport, *, by: User, at: datetime) -> Job:
    return jobs.ask_for(
        kind=work, subject_id=list_import.pk, organisation=list_import.organisation, by=by, at=at
    )


def _tally_of(kept: ListImport) -> Tally:
    return Tally(kept.new_rows, kept.changed_rows, kept.same_rows, kept.withdrawn_rows)


def _put_tally(kept: ListImport, tally: Tally) -> None:
    kept.new_rows, kept.changed_rows = tally.new, tally.changed
    kept.same_rows, kept.withdrawn_rows = tally.same, tally.withdrawn


def _compare(kind: ListKind, rows: Sequence[Any], tick: Tick) -> Tally:
    tally = Tally()
    for start in range(0, len(rows), CHUNK):
        if not tick(start, len(rows)):
            raise _Stopped
        tally += kind.compare(rows[start : start + CHUNK])
    return tally


def _watched(lines: Sequence[str], tick: Tick) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number % LINES_BETWEEN_REPORTS == 0 and not tick(0, len(lines)):
            raise _Stopped
        yield line


def _unwatched(done: int, total: int) -> bool:
    return True
