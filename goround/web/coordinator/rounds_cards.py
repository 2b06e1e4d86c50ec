"""What the page of a round shows: cards, summary, last change, map; read, not worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goround.apps.formation.figures import Figures, GroupFigure
from goround.apps.formation.models import Proposal, Round
from goround.apps.formation.selectors import Names, names_in
from goround.apps.organisations.models import Venue
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.organisations.selectors import venues_for
from goround.domain.matching.answer import Answer, FormedGroup, from_json
from goround.web.coordinator import rounds_map, rounds_reasons, rounds_words
from goround.web.coordinator.rounds_words import Wording
from goround.web.people_words import language_name
from goround.web.rendering import Request

CARDS_ON_A_PAGE = 12


class CardFilter(forms.Form):
    """Which cards to show and in what order."""

    venue = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    day = forms.ChoiceField(label=gettext_lazy("Day"), required=False)
    sort = forms.ChoiceField(
        label=gettext_lazy("First"),
        required=False,
        choices=[
            ("", gettext_lazy("by day and hour")),
            ("broken", gettext_lazy("those that break a rule")),
            ("far", gettext_lazy("the farthest way")),
            ("small", gettext_lazy("the smallest")),
            ("ages", gettext_lazy("the widest ages of children")),
        ],
    )

    def __init__(self, data: Any, *, venues: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["venue"].choices = [("", _("everywhere")), *venues]  # type: ignore[attr-defined]
        days = [(str(day), rounds_words.day_name(day)) for day in range(7)]
        self.fields["day"].choices = [("", _("every day")), *days]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """What was asked for; an unknown value asks for nothing."""
        self.full_clean()
        return self.cleaned_data


@dataclass(frozen=True, slots=True)
class Member:
    id: str
    alias: str
    locked: bool


@dataclass(frozen=True, slots=True)
class Card:
    group: FormedGroup
    when: str
    where: str
    language: str
    type: str
    leaders: str
    members: list[Member]
    ages: str
    way: str
    wishes: str
    why: list[str]
    broken: list[str]
    size_max: int


class RoundPage:
    """One state of a round, made ready for the templates; asks only for what is looked at."""

    def __init__(self, request: Request, round: Round, proposal: Proposal) -> None:
        self.request, self.round, self.proposal = request, round, proposal
        self.answer: Answer = from_json(proposal.answer)
        self.figures: Figures = proposal.figures
        self.size_max: int = proposal.search.settings["size_max"]

    @cached_property
    def venues(self) -> list[Venue]:
        return list(venues_for(self.request.user, self.request.organisation))

    @cached_property
    def names(self) -> Names:
        placed = [name for group in self.answer.groups for name in group.members]
        waiting = self.answer.unplaced
        partners = [name for row in waiting if row.change for name in row.change.people]
        return names_in(
            self.request.user,
            self.request.organisation,
            parents=[*placed, *(row.parent for row in waiting), *partners],
            facilitators={name for group in self.answer.groups for name in group.facilitators},
        )

    @cached_property
    def words(self) -> Wording:
        words = Wording(
            names=self.names,
            venues={str(venue.pk): venue for venue in self.venues},
            playbook=playbook_of(self.round.programme),
        )
        titles = {group.id: words.title(group) for group in self.answer.groups}
        return replace(words, titles=titles)

    @cached_property
    def filter(self) -> CardFilter:
        used = {group.venue for group in self.answer.groups}
        venues = [(str(v.pk), v.name) for v in self.venues if str(v.pk) in used]
        return CardFilter(self.request.GET, venues=venues)

    @cached_property
    def groups(self) -> list[FormedGroup]:
        """Those asked for, in the order asked for."""
        asked = self.filter.chosen()
        kept = [
            group
            for group in self.answer.groups
            if asked.get("venue") in {None, "", group.venue}
            and asked.get("day") in {None, "", str(group.slot.day)}
        ]
        return sorted(kept, key=lambda group: self._order(asked.get("sort", ""), group))

    def _order(self, sort: str, group: FormedGroup) -> tuple[Any, ...]:
        figure = self.figures["groups"][group.id]
        ages = figure["ages"] or [0, 0]
        first: float = {
            "broken": -len(figure["broken"]),
            "far": -figure["furthest_km"],
            "small": len(group.members),
            "ages": ages[0] - ages[1],
        }.get(sort, 0)
        return first, group.slot, group.venue, group.id

    @cached_property
    def page(self) -> Page[FormedGroup]:
        return Paginator(self.groups, CARDS_ON_A_PAGE).get_page(self.request.GET.get("page"))

    @cached_property
    def cards(self) -> list[Card]:
        return [self.card(group, why=True) for group in self.page]

    def card(self, group: FormedGroup, *, why: bool = False) -> Card:
        """What is shown of one group; the reasons are worded only where they are asked for."""
        figure, words = self.figures["groups"][group.id], self.words
        locked = self.answer.locked_members
        return Card(
            group=group,
            when=rounds_words.slot_words(group.slot),
            where=words.venue(group.venue),
            language=language_name(group.language),
            type=words.type(group.type),
            leaders=words.leaders(group.facilitators),
            members=[Member(m, words.people([m]), m in locked) for m in group.members],
            ages=rounds_words.ages_words(figure["ages"]),
            way=way_words(figure, len(group.members)),
            wishes=wishes_words(figure),
            why=words.why(group, figure) if why else [],
            broken=[words.broken(rule, here=group.id) for rule in figure["broken"]],
            size_max=self._most(group),
        )

    def _most(self, group: FormedGroup) -> int:
        """Parents the group can have: the round's size, or fewer where the room is small."""
        venue = self.words.venues.get(group.venue)
        if venue is None or venue.capacity is None:
            return self.size_max
        return min(self.size_max, venue.capacity - len(group.facilitators))

    def title_of(self, group_id: str | None) -> str:
        """Where and when the group meets, while it is part of the proposal."""
        return self.words.titles.get(group_id or "") or _("a group that is no longer there")

    @cached_property
    def shown(self) -> FormedGroup | None:
        """The group whose ways the map draws."""
        asked = self.request.GET.get("group")
        return next((group for group in self.answer.groups if group.id == asked), None)

    @property
    def shown_title(self) -> str:
        return self.words.title(self.shown) if self.shown else ""

    @cached_property
    def map(self) -> rounds_map.RoundMap | None:
        shown = self.shown
        chosen = set(self.proposal.search.settings["venues"])
        placed = {name for group in self.answer.groups for name in group.members}
        here = placed.union(row.parent for row in self.answer.unplaced)
        groups_at = Counter(group.venue for group in self.answer.groups)
        return rounds_map.draw(
            homes={name: cell for name, cell in self.names.homes.items() if name in here},
            venues=[v for v in self.venues if v.pk in chosen or groups_at[str(v.pk)]],
            placed=placed,
            groups_at=groups_at,
            members=shown.members if shown else (),
            meets_at=shown.venue if shown else None,
        )

    @property
    def map_svg(self) -> SafeString:
        drawn = self.map
        if drawn is None:
            return SafeString("")
        label = _("Map of the venues and, roughly, of where parents live. The table says the same.")
        return rounds_map.svg(drawn, label=label, km=_("%(km)s km") % {"km": f"{drawn.scale.km:g}"})

    @cached_property
    def map_in_words(self) -> list[tuple[str, int, int, str]]:
        """Each venue with its groups, parents and average way: the map for who cannot see it."""
        rows: dict[str, list[FormedGroup]] = {}
        for group in self.answer.groups:
            rows.setdefault(group.venue, []).append(group)
        listed = [
            (self.words.venue(venue), len(groups), *self._at_venue(groups))
            for venue, groups in rows.items()
        ]
        return sorted(listed)

    @cached_property
    def base(self) -> str:
        """The address of the round; those of its parts begin with it."""
        return reverse("coordinator:round", args=[self.request.organisation.slug, self.round.pk])

    @cached_property
    def query(self) -> str:
        """How the cards are filtered, to keep in the addresses of buttons and links."""
        kept = self.request.GET.copy()
        for key in set(kept) - {"venue", "day", "sort", "page"}:
            del kept[key]
        return kept.urlencode()

    def _at_venue(self, groups: Sequence[FormedGroup]) -> tuple[int, str]:
        parents = sum(len(group.members) for group in groups)
        km = sum(self.figures["groups"][group.id]["km"] for group in groups)
        return parents, rounds_words.kilometres(km / max(parents, 1))

    @property
    def average_way(self) -> str:
        return rounds_words.kilometres(self.figures["km"] / max(self.figures["placed"], 1))

    @property
    def cost(self) -> str:
        figures = self.figures
        return _(
            "Weighs as much as %(all)s of way: %(way)s for the ways, %(ages)s for children's "
            "ages that differ, %(wishes)s for wishes not met."
        ) % {
            "all": rounds_words.kilometres(figures["groups_cost"]),
            "way": rounds_words.kilometres(figures["way"]),
            "ages": rounds_words.kilometres(max(figures["ages"], 0)),
            "wishes": rounds_words.kilometres(figures["wishes"]),
        }

    @property
    def gap(self) -> str:
        """How far from the best possible; empty when unknown, or while a rule is broken."""
        if self.figures["broken"]:
            return ""
        return rounds_words.gap_words(self.proposal.cost, self.answer.lower_bound)

    @property
    def gap_explained(self) -> str:
        """Where that share comes from."""
        said = _(
            "We add up what a round asks of parents, in kilometres: their ways, children's ages "
            "that differ, wishes not met, and %(alone)s or more for each parent without a group. "
            "Here that is %(now)s. It is proven that no groups that keep the rules come below "
            "%(least)s, however long anybody looks."
        )
        weight = self.words.playbook.formation.unplaced_weight
        return said % {
            "alone": rounds_words.kilometres(weight),
            "now": rounds_words.kilometres(self.proposal.cost),
            "least": rounds_words.kilometres(self.answer.lower_bound or 0),
        }

    @cached_property
    def reasons(self) -> list[tuple[str, str, int]]:
        """Reason, its words, and how many; the most first."""
        counted: Counter[str] = Counter()
        for reason, count in self.figures["reasons"].items():
            counted[rounds_reasons.shown_reason(reason)] += count
        return [(key, rounds_reasons.reason_words(key), n) for key, n in counted.most_common()]


def way_words(figure: GroupFigure, size: int) -> str:
    if figure["furthest_km"] == 0:
        return _("no way to go")
    return _("%(mean)s on average, %(most)s at most") % {
        "mean": rounds_words.kilometres(figure["km"] / max(size, 1)),
        "most": rounds_words.kilometres(figure["furthest_km"]),
    }


def wishes_words(figure: GroupFigure) -> str:
    if not figure["wishes"]:
        return ""
    return _("%(met)s of %(all)s wishes met") % {
        "met": figure["wishes_met"],
        "all": figure["wishes"],
    }
