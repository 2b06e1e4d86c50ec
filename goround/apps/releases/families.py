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
from goround.domain.disclosure import Cell, Past, Span

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


def as_once_told(
    figures: Mapping[Cell, int], past: Sequence[Past], span: Span, erased: Mapping[int, int]
) -> dict[Cell, int]:
    """What was counted once stays counted, whoever had everything about them erased since.

    ``erased``: of each organisation how many of those who came. They still count as parents;
    what they told of their family is gone, and so is who belonged to them. There the larger of
    what is still known and what the last release went by; otherwise the difference of two
    releases would be that family.
    """
    found = dict(figures)
    before = next(
        (one.figures for one in reversed(past) if Cell("children", span) in one.figures), {}
    )
    for host, gone in erased.items():
        whole = Cell("families", span, (host,))
        if whole in before:
            _keep(found, before, whole, gone)
    return _with_network(found, span)


def _keep(found: dict[Cell, int], before: Mapping[Cell, int], families: Cell, gone: int) -> None:
    """At one organisation. Each erased parent had become a family by themselves."""
    parents, children = families.of("parents"), families.of("children")
    found[families] = min(max(before[families], found[families] - gone), found[parents])
    found[children] = max(before[children], found[children])
    for whole, split in ((parents, "disability"), (families, "child-disability")):
        told, rest = (
            Cell(whole.measure, whole.span, whole.unit, split, category)
            for category in (TOLD, NOT_SAID)
        )
        found[told] = min(max(before[told], found[told]), found[whole])
        found[rest] = found[whole] - found[told]


def _with_network(figures: Mapping[Cell, int], span: Span) -> dict[Cell, int]:
    """The network's sums of these tables, added up anew."""
    mine = {"families", "children"}
    own = [
        cell
        for cell in figures
        if cell.span == span
        and len(cell.unit) == 1
        and (cell.measure in mine or cell.split == "disability")
    ]
    found = dict(figures) | {cell.above: 0 for cell in own}
    for cell in own:
        found[cell.above] += figures[cell]
    return found
