"""Who waits, who leads, which lists came in. The viewer comes first; strangers find nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db.models import Count, Q, QuerySet

from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.people.models import (
    Facilitator,
    ListImport,
    Parent,
    Postcode,
    Referral,
    RejectedRow,
)
from goround.apps.people.receipts import hash_of
from goround.apps.walls.places import has_walls, let_in, opening, read, show_receipt
from goround.domain.matching.reading import postcode_key
from goround.domain.privacy.alias import suggest_alias
from goround.domain.privacy.spreadsheet import as_csv

LONG_WAIT = timedelta(weeks=8)
ALIAS_TRIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFilter:
    """What to keep of the waiting list; what is left empty keeps everybody."""

    programme: Programme | None = None
    language: str = ""
    # Somebody who named no type takes any, so they fit every type.
    type: str = ""
    day: str = ""
    door: str = ""
    source: str = ""
    waiting_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    waiting: int
    long: int


def waiting_list(
    viewer: Viewer, organisation: Organisation, *, keep: WaitingFilter | None = None
) -> QuerySet[Referral]:
    """Everybody who waits, the longest first, with ``parent`` and ``programme``."""
    return (
        referrals_for(viewer, organisation)
        .filter(status=Referral.Status.WAITING)
        .filter(_kept(keep or WaitingFilter()))
        .order_by("waiting_since", "parent_id", "pk")
    )


def waiting_page(
    viewer: Viewer,
    organisation: Organisation,
    *,
    keep: WaitingFilter | None = None,
    start: int,
    end: int,
) -> QuerySet[Referral]:
    """Rows ``start`` to ``end`` of the waiting list, however far down they are.

    The rows before them are passed over in the index, without being looked at.
    """
    rows = waiting_list(viewer, organisation, keep=keep)
    return rows.filter(pk__in=rows.values("pk")[start:end])


def _kept(keep: WaitingFilter) -> Q:
    kept = Q()
    if keep.programme:
        kept &= Q(programme=keep.programme)
    if keep.language:
        kept &= Q(parent__languages__has=keep.language)
    if keep.type:
        kept &= Q(parent__interests__has=keep.type) | Q(parent__interests="")
    if keep.day:
        # Hours read ";mon 18:00-20:00;tue 09:00-12:00;".
        kept &= Q(parent__available__contains=f";{keep.day} ")
    if keep.door:
        kept &= Q(door=keep.door)
    if keep.source:
        kept &= Q(source=keep.source)
    if keep.waiting_before:
        kept &= Q(waiting_since__lte=keep.waiting_before)
    return kept


def waiting_counts(
    viewer: Viewer,
    organisation: Organisation,
    *,
    at: datetime,
    keep: WaitingFilter | None = None,
) -> WaitingCounts:
    """How many wait, and how many of them longer than eight weeks. One query."""
    long = Count("waiting_since", filter=Q(waiting_since__lte=at - LONG_WAIT))
    counts = (
        waiting_list(viewer, organisation, keep=keep)
        .order_by()
        .aggregate(waiting=Count("*"), long=long)
    )
    return WaitingCounts(**counts)


def referrals_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Referral]:
    """All who ever came by any door, with ``parent`` and ``programme``."""
    may = organisations_for(viewer, needs=Permission.SEE_WAITING_LIST)
    return Referral.objects.filter(organisation=organisation, organisation__in=may).select_related(
        "parent__organisation", "programme"
    )


def referral_by_receipt(viewer: Viewer, words: str) -> Referral | None:
    """The entry that a parent's receipt belongs to. Whoever has the words may look."""
    hashed = hash_of(words)
    show_receipt(hashed)
    entry = Referral.objects.filter(receipt_hash=hashed)
    if has_walls():
        read(opening(entry, "organisation_id"))
    return entry.select_related("parent__organisation", "programme__organisation").first()


def enter_own_record(viewer: Viewer) -> None:
    """Open the organisation that keeps the viewer's own record, for pages about themselves."""
    if has_walls() and viewer.pk:
        kept = Parent.objects.filter(user=viewer.pk).values_list("organisation_id", flat=True)
        for organisation_id in kept:
            let_in(organisation_id)


def free_alias(viewer: Viewer, organisation: Organisation, *, rng: Random) -> str:
    """An alias to suggest that nobody at the organisation goes by. Anybody may be offered one."""
    offered = [suggest_alias(rng) for _ in range(ALIAS_TRIES)]
    known = Parent.objects.filter(organisation=organisation, alias__in=offered)
    taken = set(known.values_list("alias", flat=True))
    free = (alias for alias in offered if alias not in taken)
    return next(free, f"{offered[0]} {rng.randint(100, 9999)}")


def postcode_cell(viewer: Viewer, organisation: Organisation, code: str) -> str:
    """The coarse cell of a postcode in the network's table; empty when it is not there."""
    found = Postcode.objects.filter(network=organisation.network_id, code=postcode_key(code))
    return found.values_list("cell", flat=True).first() or ""


def knows_postcodes(viewer: Viewer, organisation: Organisation) -> bool:
    return Postcode.objects.filter(network=organisation.network_id).exists()


def facilitators_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Facilitator]:
    """Who leads groups, by name, with ``trainings``; absent for who may not see training."""
    may = organisations_for(viewer, needs=Permission.SEE_TRAINING)
    return (
        Facilitator.objects.filter(organisation=organisation, organisation__in=may)
        .prefetch_related("trainings")
        .order_by("-in_service", "shown_as", "pk")
    )


def checks_run_out(viewer: Viewer, organisation: Organisation, *, on: date) -> int:
    """How many who lead groups now have a background check that is over on that day."""
    people = facilitators_for(viewer, organisation)
    return people.filter(in_service=True, background_check_until__lt=on).count()


def names_of_facilitators(viewer: Viewer, organisation: Organisation) -> frozenset[str]:
    """What facilitators are shown as, without regard to capitals."""
    names = facilitators_for(viewer, organisation).values_list("shown_as", flat=True)
    return frozenset(name.casefold() for name in names)


def list_imports(viewer: Viewer, organisation: Organisation) -> QuerySet[ListImport]:
    """Lists that came in, newest first, without the text of the files."""
    may = organisations_for(viewer, needs=Permission.IMPORT_LISTS)
    return (
        ListImport.objects.filter(organisation=organisation, organisation__in=may)
        .select_related("programme", "uploaded_by")
        .defer("locked_text")
        .order_by("-uploaded_at", "-pk")
    )


def rejected_rows(viewer: Viewer, list_import: ListImport) -> QuerySet[RejectedRow]:
    """The bad rows of one list, in the file's order."""
    may = organisations_for(viewer, needs=Permission.IMPORT_LISTS)
    return RejectedRow.objects.filter(
        list_import=list_import, list_import__organisation__in=may
    ).order_by("line", "pk")


def rejected_csv_of(viewer: Viewer, list_import: ListImport) -> bytes:
    """The bad rows as a file that opens in a spreadsheet, whatever stood in them."""
    file = f"{list_import.kind}.csv"
    bad = rejected_rows(viewer, list_import)
    header = ("file", "line", "column", "id", "reason")
    return as_csv([header, *((file, b.line, b.column, b.row_id, b.reason) for b in bad)])


def open_imports(viewer: Viewer, organisation: Organisation) -> QuerySet[ListImport]:
    """Lists that wait to be read, confirmed or saved to the end."""
    status = ListImport.Status
    return list_imports(viewer, organisation).filter(
        status__in=[status.READING, status.READ, status.SAVING]
    )
