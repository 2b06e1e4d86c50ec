"""Accepting a round: what will be made, when it meets and what it is called; then made."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goround.apps.formation.acceptance import CannotAccept, accept_round, broken_now
from goround.apps.formation.figures import BrokenFigure
from goround.apps.formation.models import Round
from goround.apps.formation.selectors import group_names, referrals_of
from goround.apps.formation.versions import Overtaken, RoundClosed
from goround.apps.groups.names import LONGEST_NAME, first_free
from goround.apps.groups.services import NameTaken
from goround.web.coordinator import rounds_words
from goround.web.coordinator.round import proposed_page, work_context
from goround.web.coordinator.round_changes import overtaken, refused, version_seen
from goround.web.coordinator.rounds_cards import RoundPage
from goround.web.coordinator.rounds_forms import AcceptForm
from goround.web.rendering import Request


@require_http_methods(["GET", "POST"])
def round_accept(request: Request, round_id: int) -> HttpResponse:
    page = proposed_page(request, round_id)
    if page.round.status == Round.Status.ACCEPTED:
        return redirect("coordinator:round", request.organisation.slug, page.round.pk)
    form = AcceptForm(
        request.POST or None,
        playbook=page.words.playbook,
        names=suggested_names(request, page),
        today=request.organisation.local(timezone.now()).date(),
    )
    if request.method == "POST" and form.is_valid():
        answer = _accept(request, page, form)
        if answer is not None:
            return answer
    broken = broken_now(request.user, page.proposal, at=timezone.now())
    context = work_context(page) | {
        "form": form,
        "obstacles": obstacles(request, page, broken),
        "rows": [(page.card(group), form[f"name_{group.id}"]) for group in ordered(page)],
    }
    return render(request, "coordinator/round_accept.html", context)


def _accept(request: Request, page: RoundPage, form: AcceptForm) -> HttpResponse | None:
    """The answer when it was accepted or overtaken; None to show the page with what is wrong."""
    version = version_seen(request.POST)
    try:
        accept_round(
            round=page.round, version=version, plan=form.plan(), by=request.user, at=timezone.now()
        )
    except Overtaken:
        return overtaken(request, page.round, version)
    except RoundClosed:
        return refused(request, page.round)
    except NameTaken:
        form.add_error(
            None, _("A group of your organisation has one of these names already. Change it.")
        )
        return None
    except CannotAccept:
        return None
    return redirect("coordinator:round", request.organisation.slug, page.round.pk)


def ordered(page: RoundPage) -> list[Any]:
    return sorted(page.answer.groups, key=lambda group: (group.slot, group.venue, group.id))


def suggested_names(request: Request, page: RoundPage) -> dict[str, str]:
    """A free name for each group, such as "Tuesdays at Hall 3, Self-care"."""
    taken = {name.casefold() for name in group_names(request.user, request.organisation)}
    names: dict[str, str] = {}
    for group in ordered(page):
        words = _("%(day)s at %(where)s, %(type)s") % {
            "day": rounds_words.weekday_plural(group.slot.day),
            "where": page.words.venue(group.venue),
            "type": page.words.type(group.type),
        }
        names[group.id] = first_free(words, taken, longest=LONGEST_NAME)
        taken.add(names[group.id].casefold())
    return names


def obstacles(request: Request, page: RoundPage, broken: list[BrokenFigure]) -> list[str]:
    """Why the groups cannot be made as things are now; parents who are gone by name."""
    gone = [name for rule in broken if rule["code"] == "unknown-parent" for name in rule["who"]]
    became = referrals_of(request.user, page.round.programme, gone)
    said = [_gone_words(page, name, became.get(name, "")) for name in dict.fromkeys(gone)]
    others = [rule for rule in broken if rule["code"] != "unknown-parent"]
    return said + [page.words.broken(rule) for rule in others]


def _gone_words(page: RoundPage, parent: str, became: str) -> str:
    words = {
        "withdrawn": _("%(who)s was taken off the waiting list."),
        "placed": _("%(who)s was placed in another group."),
        "waiting": _("What we know of %(who)s has changed, so that they take part no longer."),
    }
    known = words.get(became, _("%(who)s is no longer listed."))
    return known % {"who": page.words.people([parent])}
