"""Writing to a chain and checking it. One writer at a time per organisation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from goround.apps.audit.models import Chain, Event
from goround.apps.keys.roots import derived
from goround.domain.privacy.chain import Break, Entry, Fault, Walk, link, plain, same, seal

# In the order of an entry's own fields, and the link last.
COLUMNS = (
    "organisation_id", "number", "kind", "subject", "subject_id", "by_id", "at", "facts", "link",
)  # fmt: skip
READ_AT_ONCE = 2_000


def chain_key() -> bytes:
    """The key of all chains of this installation; a change of the root keys leaves it as it is."""
    return derived("audit")


def hold(organisation_id: int | None) -> Chain:
    """Be the chain's only writer until this transaction ends; whoever holds it may ask again."""
    chain, _new = Chain.objects.select_for_update(no_key=True).get_or_create(
        organisation_id=organisation_id
    )
    return chain


def append(organisation_id: int | None, events: Sequence[Event]) -> None:
    """Put new entries at the end of a chain, inside the caller's transaction.

    Holds the head until that transaction ends, so a second writer of the same organisation
    waits and no two entries get the same place.
    """
    if not events:
        return
    key = chain_key()
    chain = hold(organisation_id)
    for event in events:
        event.facts = plain(event.facts)
        chain.length += 1
        event.number = chain.length
        chain.link = event.link = link(key, event.entry(), before=chain.link)
    Event.objects.bulk_create(events)
    _seal(chain, key)


def _seal(chain: Chain, key: bytes) -> None:
    chain.seal = seal(key, chain.head())
    chain.save(update_fields=["length", "link", "base_number", "base_link", "seal"])


@transaction.atomic
def let_go(organisation_id: int | None, *, up_to: int) -> int:
    """Forget the entries up to a number, so that the rest can still be checked; how many."""
    chain = Chain.objects.select_for_update(no_key=True).get(organisation_id=organisation_id)
    if not chain.base_number < up_to <= chain.length:
        return 0
    old = Event.objects.filter(organisation_id=organisation_id, number__lte=up_to)
    chain.base_link = old.get(number=up_to).link
    chain.base_number = up_to
    gone, _each = old.delete()
    _seal(chain, chain_key())
    return gone


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A place in a chain and its link, to be kept where nobody can reach both."""

    number: int
    link: str

    def __str__(self) -> str:
        return f"{self.number}:{self.link}"

    @classmethod
    def read(cls, text: str) -> Checkpoint:
        """Raises ``ValueError`` for anything but ``number:link``."""
        number, _colon, link_ = text.strip().partition(":")
        if len(link_) != 64:
            raise ValueError(text)
        return cls(int(number), link_)


@dataclass(frozen=True, slots=True)
class Finding:
    """What following one chain came to: where it ends, and the first break if there is one."""

    organisation_id: int | None
    entries: int
    head: Checkpoint | None
    broken: Break | None


def check(organisation_id: int | None, *, expect: Checkpoint | None = None) -> Finding:
    """Follow one chain from its beginning, reading a few thousand entries at a time.

    Writers need not wait: the end is where the head stood when this began.
    """
    entries = Event.objects.filter(organisation_id=organisation_id)
    last = entries.aggregate(last=Max("number"))["last"] or 0
    chain = Chain.objects.filter(organisation_id=organisation_id).first()
    if chain is None:
        broken = Break(Fault.HEAD_MISSING, 1) if last else None
        broken = broken or (Break(Fault.NOT_AS_EXPECTED, expect.number) if expect else None)
        return Finding(organisation_id, 0, None, broken)
    key, head = chain_key(), chain.head()
    walk = Walk(key, head)
    broken = _follow(walk, organisation_id, head.length, expect)
    if broken is None and last > head.length:
        broken = Break(Fault.BEYOND_THE_HEAD, head.length + 1)
    if broken is None and not same(chain.seal, seal(key, head)):
        broken = Break(Fault.HEAD_FORGED, head.length)
    counted = walk.number - head.base_number
    return Finding(organisation_id, counted, Checkpoint(head.length, head.link), broken)


def _follow(
    walk: Walk, organisation_id: int | None, length: int, expect: Checkpoint | None
) -> Break | None:
    if expect and _unlike(walk, expect):
        return Break(Fault.NOT_AS_EXPECTED, expect.number)
    for entry, stored in _entries(organisation_id, length):
        if broken := walk.step(entry, stored):
            return broken
        if expect and _unlike(walk, expect):
            return Break(Fault.NOT_AS_EXPECTED, expect.number)
    if broken := walk.end():
        return broken
    missed = expect and expect.number > walk.number
    return Break(Fault.NOT_AS_EXPECTED, walk.number + 1) if missed else None


def _unlike(walk: Walk, expect: Checkpoint) -> bool:
    return walk.number == expect.number and not same(walk.link, expect.link)


def _entries(organisation_id: int | None, length: int) -> Iterator[tuple[Entry, str]]:
    rows = Event.objects.filter(organisation_id=organisation_id, number__lte=length)
    ordered = rows.order_by("number", "pk").values_list(*COLUMNS)
    for *said, stored in ordered.iterator(chunk_size=READ_AT_ONCE):
        yield Entry(*said), stored


def note(finding: Finding, *, at: datetime) -> None:
    """Keep what a check found, for the pages that show it."""
    broken = finding.broken
    Chain.objects.filter(organisation_id=finding.organisation_id).update(
        checked_at=at,
        fault=broken.fault if broken else "",
        fault_number=broken.number if broken else None,
    )


def chains() -> list[int | None]:
    """Every organisation that has a head or an entry, the installation first."""
    heads = set(Chain.objects.values_list("organisation_id", flat=True))
    entries = Event.objects.order_by().values_list("organisation_id", flat=True).distinct()
    return sorted(heads | set(entries), key=lambda each: (each is not None, each or 0))
