"""Who belongs together, and what parents told of their families, of those who came in a period.

Children and disabilities are locked with each parent's facts; they are opened here, counted, and
forgotten.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from goround.apps.people.details import Details
from goround.apps.people.models import Parent
from goround.apps.people.opening import details_of
from goround.apps.releases.noting import NOT_SAID, note
from goround.domain.disclosure import Cell, Span

TOLD = "told"


def families_of(parents: QuerySet[Parent], span: Span, met: Sequence[int]) -> Families:
    """``met`` are the organisations that had a meeting; nobody is in two of them.

    Parents who are only placed together bring up the same children: one family.
    """
    hosts = dict(parents.values_list("pk", "organisation").order_by("pk"))
    links = Parent.together.through.objects.filter(from_parent__organisation__in=met)
    pairs = links.values_list("from_parent", "to_parent").order_by("pk")
    return Families(span, met, hosts, _heads(hosts, pairs), details_of(list(hosts)))


@dataclass(frozen=True, slots=True)
class Families:
    """Of each parent who came: their organisation, the first of their family, what they told."""

    span: Span
    met: Sequence[int]
    hosts: Mapping[int, int]
    heads: Mapping[int, int]
    told: Mapping[int, Details]

    def figures(self, keys: set[str]) -> Counter[Cell]:
        """Of the measures asked for. How many parents there are is not counted here."""
        found: Counter[Cell] = Counter()
        if "parents" in keys:
            self._split(found, "parents", "disability", self.hosts, self._with("parent"))
        if "families" in keys:
            of_them = {self.heads[pk] for pk in self._with("child")}
            heads = {head: self.hosts[head] for head in self.heads.values()}
            self._whole(found, "families", dict.fromkeys(heads, 1))
            self._split(found, "families", "child-disability", heads, of_them)
        if "children" in keys:
            self._whole(found, "children", self._children())
        return found

    def _with(self, who: str) -> set[int]:
        return {pk for pk, details in self.told.items() if who in details.disabilities}

    def _children(self) -> dict[int, int]:
        """How many of each family. Both parents may have told of the same ones."""
        children: dict[int, int] = defaultdict(int)
        for pk, details in self.told.items():
            head = self.heads[pk]
            children[head] = max(children[head], len(details.children_ages))
        return children

    def _whole(self, found: Counter[Cell], measure: str, numbers: Mapping[int, int]) -> None:
        here: Counter[int] = Counter()
        for one, number in numbers.items():
            here[self.hosts[one]] += number
        for host in self.met:
            for unit in ((host,), ()):
                found[Cell(measure, self.span, unit)] += here[host]

    def _split(
        self,
        found: Counter[Cell],
        measure: str,
        split: str,
        hosts: Mapping[int, int],
        of_them: set[int],
    ) -> None:
        """By who told of something; whoever did not may have it as well."""
        here = Counter((host, TOLD if one in of_them else NOT_SAID) for one, host in hosts.items())
        for host in self.met:
            for category in (TOLD, NOT_SAID):
                cell = Cell(measure, self.span, (host,), split, category)
                note(found, cell, here[host, category], whole=False)


def _heads(people: Mapping[int, int], links: Iterable[tuple[int, int]]) -> dict[int, int]:
    """For everybody the first of their family."""
    head = {one: one for one in people}

    def of(one: int) -> int:
        while head[one] != one:
            one = head[one]
        return one

    for one, other in links:
        if one in head and other in head:
            first, second = sorted((of(one), of(other)))
            head[second] = first
    return {one: of(one) for one in people}
