"""A proposal's codes, ids and figures in the words of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from django.utils import dates
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from goround.apps.formation.figures import BrokenFigure, EffectFigure, GroupFigure
from goround.apps.formation.selectors import Names
from goround.apps.organisations.models import Venue
from goround.apps.reader.words import enumerated
from goround.domain.matching.answer import FormedGroup
from goround.domain.matching.gap import gap
from goround.domain.matching.problem import ANY_TYPE, ONLINE, Span
from goround.domain.playbook import Playbook
from goround.domain.playbook.schema import label_of
from goround.web.people_words import (
    CRITERIA,
    MODES,
    NEEDS,
    age_in_words,
    language_name,
    word_for,
)


def together(words: Iterable[str]) -> str:
    """Several words as one enumeration."""
    return enumerated(words)


def kilometres(km: float) -> str:
    """One decimal below ten kilometres, none above."""
    digits = 1 if km < 9.95 else 0
    # number_format cuts off what it does not show; rounding comes first.
    return _("%(km)s km") % {"km": number_format(round(km, digits), digits, force_grouping=True)}


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


_PLURALS = (
    gettext_lazy("Mondays"),
    gettext_lazy("Tuesdays"),
    gettext_lazy("Wednesdays"),
    gettext_lazy("Thursdays"),
    gettext_lazy("Fridays"),
    gettext_lazy("Saturdays"),
    gettext_lazy("Sundays"),
)


def weekday_plural(day: int) -> str:
    return str(_PLURALS[day])


def slot_words(slot: Span) -> str:
    """A weekly hour, such as Tuesdays from 18:00 to 20:00."""
    return f"{weekday_plural(slot.day)} {clock(slot.start)}–{clock(slot.end)}"


def day_name(day: int) -> str:
    return str(dates.WEEKDAYS[day])


def ages_words(ages: Sequence[float] | None) -> str:
    """The window that holds a child of everyone; empty when nobody told an age."""
    if ages is None:
        return ""
    low, high = age_in_words(round(ages[0], 1)), age_in_words(round(ages[1], 1))
    if low == high:
        return _("children of %(age)s") % {"age": low}
    if ages[0] < 1:
        return _("children up to %(high)s") % {"high": high}
    return _("children %(low)s–%(high)s") % {"low": low, "high": high}


def needs_words(needs: Iterable[str]) -> str:
    """Features of a venue, or the way of meeting, that somebody needs."""
    return together(word_for(need, NEEDS | MODES) for need in needs)


def cost_words(effect: EffectFigure | Mapping[str, Any]) -> str:
    """What a change costs or saves, and how many more or fewer are placed."""
    km = effect["cost"]
    if abs(km) < 0.05:
        said = [_("Costs the same.")]
    elif km > 0:
        said = [_("Costs %(km)s more.") % {"km": kilometres(km)}]
    else:
        said = [_("Saves %(km)s.") % {"km": kilometres(-km)}]
    placed = effect["placed"]
    if placed > 0:
        more = ngettext(
            "%(n)s parent more has a group.", "%(n)s parents more have a group.", placed
        )
        said.append(more % {"n": placed})
    if placed < 0:
        fewer = ngettext(
            "%(n)s parent fewer has a group.", "%(n)s parents fewer have a group.", -placed
        )
        said.append(fewer % {"n": -placed})
    return " ".join(said)


def gap_words(cost: float, bound: float | None) -> str:
    """How far from the best possible, rounded up; empty when nothing is proven.

    >>> gap_words(1000.0, 948.9)
    'At most 5.2 % from the best possible.'
    """
    share = gap(cost, bound)
    if share is None:
        return ""
    if share == 0:
        return _("No better groups are possible by these rules.")
    # Less a hair, so that 5 % is not rounded up for what floats make of it.
    percent = ceil(share * 1000 - 1e-9) / 10
    return _("At most %(percent)s %% from the best possible.") % {
        "percent": number_format(percent, 1)
    }


@dataclass(frozen=True)
class Wording:
    """Puts names and words to what the engine says in ids and codes."""

    names: Names
    venues: Mapping[str, Venue]
    playbook: Playbook
    # Titles of groups by id, to name a group that is not the one being looked at.
    titles: Mapping[str, str] = field(default_factory=dict)

    def title(self, group: FormedGroup) -> str:
        return self.hour_at(group.slot, group.venue)

    def hour_at(self, slot: Span, venue_id: str) -> str:
        said = {"when": slot_words(slot), "where": self.venue(venue_id)}
        return _("%(when)s, %(where)s") % said

    def venue(self, venue_id: str | None) -> str:
        found = self.venues.get(venue_id or "")
        return found.name if found else _("a venue no longer listed")

    def type(self, key: str | None) -> str:
        if not key or key == ANY_TYPE:
            return _("any type")
        return label_of(self.playbook.types, key) or key

    def people(self, ids: Iterable[str]) -> str:
        known = {**self.names.facilitators, **self.names.parents}
        return together(known.get(name, _("somebody no longer listed")) for name in ids)

    def leaders(self, ids: Sequence[str]) -> str:
        listed = self.names.facilitators
        return together(listed.get(name, _("somebody no longer listed")) for name in ids)

    def broken(self, rule: BrokenFigure, *, here: str | None = None) -> str:
        """One broken rule as a sentence, naming its group unless that is the one ``here``.

        Every way in which a group can have no place is said in the same words: that two people
        must be kept apart is nobody's to read here.
        """
        title = self.titles.get(rule["group"] or "")
        words = self._broken(rule)
        if title is None or rule["group"] == here:
            return words
        return _("%(group)s: %(words)s") % {"group": title, "words": words}

    def _broken(self, rule: BrokenFigure) -> str:
        said, who = rule["detail"], self._who(rule)
        known = {
            "too-small": _("The group has %(size)s parents and needs %(least)s."),
            "no-such-slot": _("%(where)s cannot be used at this hour."),
            "unknown-venue": _("The venue is no longer listed."),
            "no-room": _("Every room of %(where)s is taken at this hour."),
            "not-free": _("%(who)s is not free %(when)s."),
            "too-far": _("%(who)s lives %(km)s km away and comes %(most)s km at most."),
            "other-mode": _("%(who)s does not want to meet %(mode)s."),
            "other-language": _("%(who)s does not speak %(language)s."),
            "other-type": _("%(who)s did not ask for %(type)s."),
            "type-unasked": _("Nobody here asked for %(type)s."),
            "need-unmet": _("%(where)s lacks what %(who)s needs: %(missing)s."),
            "not-together": _("%(who)s asked to be in one group."),
            "unknown-facilitator": _("A facilitator is no longer listed."),
            "facilitators-missing": _("The group has %(have)s of %(wanted)s facilitators."),
            "too-many-groups": _("%(who)s would lead %(groups)s groups and offers %(most)s."),
            "two-groups-at-once": _("%(who)s would lead two groups at once."),
            "unknown-parent": _("Somebody here no longer waits."),
            "placed-twice": _("%(who)s is in two groups."),
        }
        words = known.get(rule["code"], _("There is no place for everybody in this group."))
        return words % {
            **said,
            "who": who,
            "where": self.venue(said.get("venue")),
            "when": slot_words(Span.parse(said["slot"])) if "slot" in said else "",
            "language": language_name(said.get("language", "")),
            "type": self.type(said.get("type")),
            "mode": _("online") if said.get("mode") == ONLINE else _("in person"),
            "missing": needs_words(said.get("missing", "").split(";")),
        }

    def _who(self, rule: BrokenFigure) -> str:
        leader = rule["rule"] == "H11"
        return self.leaders(rule["who"]) if leader else self.people(rule["who"])

    def why(self, group: FormedGroup, figure: GroupFigure) -> list[str]:
        """Why these people sit together, in plain sentences, what binds them most first."""
        language, venue = language_name(group.language), self.venues.get(group.venue)
        said = [
            _("Everyone speaks %(language)s and is free %(when)s.")
            % {"language": language, "when": slot_words(group.slot)}
        ]
        if venue is not None and venue.mode == ONLINE:
            said.append(_("They meet online, so nobody has a way to go."))
        else:
            said.append(
                _("Nobody comes further than %(km)s.") % {"km": kilometres(figure["furthest_km"])}
            )
        if group.type != ANY_TYPE:
            said.append(
                _("%(type)s suits everyone who said what they look for.")
                % {"type": self.type(group.type)}
            )
        said += self._why_ages(figure) + self._why_wishes(figure) + self._why_together(figure)
        return said

    def _why_ages(self, figure: GroupFigure) -> list[str]:
        ages, told = figure["ages"], sum(bool(member["ages"]) for member in figure["members"])
        if ages is None or told < 2:
            return []
        low, high = age_in_words(round(ages[0], 1)), age_in_words(round(ages[1], 1))
        if low == high:
            words = _("%(n)s of them have a child of %(low)s.")
        else:
            words = _("%(n)s of them have a child between %(low)s and %(high)s.")
        return [words % {"n": told, "low": low, "high": high}]

    def _why_wishes(self, figure: GroupFigure) -> list[str]:
        shared = _("%(n)s share this: %(tag)s.")
        hoped = _("%(who)s hoped for somebody with: %(wishes)s.")
        tags = figure["shared_tags"].items()
        met = [member for member in figure["members"] if member["wishes_met"]]
        return [shared % {"n": n, "tag": word_for(tag, CRITERIA)} for tag, n in tags] + [
            hoped
            % {
                "who": self.people([member["id"]]),
                "wishes": together(word_for(wish, CRITERIA) for wish in member["wishes_met"]),
            }
            for member in met
        ]

    def _why_together(self, figure: GroupFigure) -> list[str]:
        pairs = {
            tuple(sorted((member["id"], other)))
            for member in figure["members"]
            for other in member["together"]
        }
        return [
            _("%(people)s asked to be together.") % {"people": self.people(pair)}
            for pair in sorted(pairs)
        ]
