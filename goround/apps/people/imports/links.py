"""Who is to be placed with whom, and who is kept apart, as a list says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Q

from goround.apps.accounts.models import User
from goround.apps.organisations.models import Organisation
from goround.apps.people.imports.parting import keep_apart
from goround.apps.people.models import Parent
from goround.domain.matching import problem

Pair = tuple[str, str]
Partners = Mapping[str, set[str]]

# Fewer than the variables that any SQLite allows in one statement.
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class _Plan:
    join: set[Pair]
    part: set[Pair]
    keep_apart: set[Pair]

    def ids(self) -> set[str]:
        return {name for pair in self.join | self.part for name in pair}


@dataclass(frozen=True, slots=True)
class Links:
    """The links of one list, both ways, by the ids in it, and those stored before.

    ``together`` between two parents of the list is made exactly what the list says.
    ``apart`` is handed on and only ever added to: no upload brings two people together who must
    not meet, and none tells whether they were known to be.
    """

    organisation: Organisation
    ids: frozenset[str]
    # Named in the list without a row of their own, and known to the organisation.
    outside: frozenset[str]
    together: Partners
    apart: Partners
    joined: Partners

    @classmethod
    def of(cls, organisation: Organisation, parents: Sequence[problem.Parent]) -> Links:
        ids = frozenset(parent.id for parent in parents)
        together = _both_ways((parent.id, parent.together) for parent in parents)
        apart = _both_ways((parent.id, parent.apart) for parent in parents)
        outside = frozenset(_keys(organisation, {*together, *apart} - ids))
        return cls(organisation, ids, outside, together, apart, _joined(organisation))

    def unknown_ids(self) -> list[str]:
        """Ids that neither the list nor the organisation has, sorted."""
        return sorted({*self.together, *self.apart} - self.ids - self.outside)

    def differing(self, ids: Sequence[str]) -> set[str]:
        """Those of ``ids`` whose links saving the list would change."""
        return self._plan(ids, self.ids | self.outside).ids() & set(ids)

    def save(self, ids: Sequence[str], *, by: User, at: datetime) -> None:
        """Link ``ids`` with those of their partners who are stored by now."""
        linked = {name for name in ids if any(True for _ in self._partners(name))}
        keys = _keys(self.organisation, linked | {b for a in linked for b in self._partners(a)})
        plan = self._plan(sorted(linked), keys)
        _join([(keys[one], keys[other]) for one, other in plan.join])
        _part([(keys[one], keys[other]) for one, other in plan.part])
        pairs = [(keys[one], keys[other]) for one, other in sorted(plan.keep_apart)]
        if pairs:
            keep_apart(self.organisation, pairs, by, at)

    def _plan(self, ids: Sequence[str], known: Collection[str]) -> _Plan:
        joined = {_pair(a, b) for a in ids for b in self.joined.get(a, ())}
        wanted = {_pair(a, b) for a in ids for b in self.together.get(a, ()) if b in known}
        listed = {pair for pair in joined if set(pair) <= self.ids}
        apart = {_pair(a, b) for a in ids for b in self.apart.get(a, ()) if b in known}
        return _Plan(wanted - joined, listed - wanted, apart)

    def _partners(self, name: str) -> Iterator[str]:
        yield from self.together.get(name, ())
        yield from self.apart.get(name, ())
        yield from self.joined.get(name, ())


def _joined(organisation: Organisation) -> Partners:
    found = Parent.together.through.objects.filter(
        from_parent__organisation=organisation,
        from_parent__reference__isnull=False,
        to_parent__reference__isnull=False,
    )
    pairs = found.values_list("from_parent__reference", "to_parent__reference")
    return _both_ways((str(one), [str(other)]) for one, other in pairs)


def _join(pairs: Sequence[tuple[int, int]]) -> None:
    through = Parent.together.through
    through.objects.bulk_create(
        (
            through(from_parent_id=one, to_parent_id=other)
            for pair in pairs
            for one, other in (pair, pair[::-1])
        ),
        ignore_conflicts=True,
    )


def _part(pairs: Sequence[tuple[int, int]]) -> None:
    for one, other in pairs:
        Parent.together.through.objects.filter(
            Q(from_parent=one, to_parent=other) | Q(from_parent=other, to_parent=one)
        ).delete()


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _both_ways(said: Iterable[tuple[str, Iterable[str]]]) -> Partners:
    partners: dict[str, set[str]] = defaultdict(set)
    for name, others in said:
        for other in others:
            partners[name].add(other)
            partners[other].add(name)
    return dict(partners)


def _keys(organisation: Organisation, references: Iterable[str]) -> dict[str, int]:
    """The primary key of everybody stored under one of these ids."""
    left, keys = iter(references), dict[str, int]()
    while some := list(islice(left, AT_ONCE)):
        known = Parent.objects.filter(organisation=organisation, reference__in=some)
        keys |= {str(name): key for name, key in known.values_list("reference", "pk")}
    return keys
