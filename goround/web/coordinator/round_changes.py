"""Working on a round: moving, locking, dissolving, undoing, one button each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from goround.apps.formation import changes
from goround.apps.formation.changes import NothingToUndo, NotThere
from goround.apps.formation.models import Proposal, Round
from goround.apps.formation.selectors import standing_proposal
from goround.apps.formation.versions import Overtaken, RoundClosed
from goround.web.coordinator.round import find_round, round_context, show, since_words
from goround.web.coordinator.rounds_cards import RoundPage
from goround.web.rendering import Request, page_or_part

Change = Callable[..., Proposal]


@require_POST
def round_change(request: Request, round_id: int) -> HttpResponse:
    """One change, named by the button pressed: what to do and to whom, as in "move 17 g0004"."""
    found = find_round(request, round_id)
    version = version_seen(request.POST)
    change = _asked(request.POST.get("do", ""))
    if change is None:
        raise Http404
    before = standing_proposal(request.user, found)
    try:
        change(round=found, version=version, by=request.user, at=timezone.now())
    except Overtaken:
        return overtaken(request, found, version)
    except (RoundClosed, NotThere, NothingToUndo):
        return refused(request, found)
    if request.htmx:
        return _changed_parts(request, found, before)
    return redirect(_back(request, found))


def _asked(words: str) -> Change | None:
    """The service that the button's words stand for, with everything but who and when."""
    what, *named = words.split() or [""]
    known: dict[tuple[str, int], Callable[..., Change]] = {
        ("move", 2): lambda p, g: partial(changes.move_parent, parent=p, group=g),
        ("swap", 2): lambda p, o: partial(changes.swap_parents, parent=p, other=o),
        ("take-out", 1): lambda p: partial(changes.take_out, parent=p),
        ("dissolve", 1): lambda g: partial(changes.dissolve, group=g),
        ("lock-group", 1): lambda g: partial(changes.lock_group, group=g, locked=True),
        ("unlock-group", 1): lambda g: partial(changes.lock_group, group=g, locked=False),
        ("lock-parent", 1): lambda p: partial(changes.lock_parent, parent=p, locked=True),
        ("unlock-parent", 1): lambda p: partial(changes.lock_parent, parent=p, locked=False),
        ("undo", 0): lambda: changes.undo,
        ("redo", 0): lambda: changes.redo,
    }
    make = known.get((what, len(named)))
    return make(*named) if make else None


def version_seen(data: QueryDict) -> int:
    """The version that the page was made from; what is no number stands for none."""
    said = data.get("version", "")
    return int(said) if said.isdecimal() else -1


def overtaken(request: Request, found: Round, version: int) -> HttpResponse:
    """Nothing was saved; the page shows the present state and what happened since."""
    here = reverse("coordinator:round", args=[request.organisation.slug, found.pk])
    if request.htmx:
        return HttpResponse(status=409, headers={"HX-Redirect": f"{here}?since={version}"})
    fresh = find_round(request, found.pk)
    context = round_context(request, fresh)
    since = since_words(request, context["at"], version)
    return show(request, fresh, status=409, since=since)


def refused(request: Request, found: Round) -> HttpResponse:
    """What was asked for is not there, or nothing may change now."""
    here = reverse("coordinator:round", args=[request.organisation.slug, found.pk])
    if request.htmx:
        return HttpResponse(status=409, headers={"HX-Redirect": f"{here}?refused=1"})
    return show(request, find_round(request, found.pk), status=409, refused=True)


def _back(request: Request, found: Round) -> str:
    """To the group that changed, with the cards filtered as they were."""
    here = reverse("coordinator:round", args=[request.organisation.slug, found.pk])
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    last = request.POST["do"].split()[-1]
    return f"{here}{query}#group-{last}" if last.startswith("g") else f"{here}{query}#last"


def _changed_parts(request: Request, found: Round, before: Proposal | None) -> HttpResponse:
    """The last change and the cards that differ; all of them when a group came or went."""
    found = find_round(request, found.pk)
    context = round_context(request, found)
    after: RoundPage = context["at"]
    earlier = RoundPage(request, found, before) if before else after
    if {g.id for g in earlier.answer.groups} != {g.id for g in after.answer.groups}:
        response = page_or_part(request, "coordinator/round.html", "anew", context)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#work", "outerHTML"
        return response
    context["changed"] = [card for card in after.cards if _differs(earlier, after, card.group.id)]
    return page_or_part(request, "coordinator/round.html", "changed", context)


def _differs(earlier: RoundPage, after: RoundPage, group: str) -> bool:
    return any(
        one != other
        for one, other in (
            (earlier.answer.group(group), after.answer.group(group)),
            (earlier.figures["groups"][group], after.figures["groups"][group]),
            (_locks(earlier, group), _locks(after, group)),
        )
    )


def _locks(page: RoundPage, group: str) -> frozenset[str]:
    return page.answer.locked_members.intersection(page.answer.group(group).members)
