"""What a group decides, on its members' own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.decisions.boxes import HasVoted
from goround.apps.decisions.electorate import NotAllowedToEnd
from goround.apps.decisions.models import Decision
from goround.apps.decisions.opening import TooFewForSecret
from goround.apps.decisions.selectors.elections import mandate_of, naming_of
from goround.apps.decisions.selectors.votes import (
    Ballot,
    ballot_for,
    ballots_for,
    decisions_of,
    member_here,
    voters_here,
)
from goround.apps.decisions.services.voting import (
    NotEnoughYet,
    NotOpen,
    cast,
    close,
    drop,
    end_if_over,
    open_vote,
)
from goround.apps.groups.models import Membership
from goround.domain.voting.ballots import NoBallot
from goround.web.rendering import Request
from goround.web.room.decision_forms import AskForm, VoteForm
from goround.web.room.decision_words import (
    KINDS,
    labels,
    lines_of,
    outcome,
    question,
    rounds_of,
    secrecy_in_words,
    so_far,
)

PAST_SHOWN = 20
Status = Decision.Status


@require_GET
def home(request: Request, group_id: int) -> HttpResponse:
    """What waits for a vote, and what was decided."""
    member = find_member(request, group_id)
    found = decisions_of(request.user, group_id)[:PAST_SHOWN]
    shown = ballots_for(request.user, found, at=timezone.now())
    going_on = {Status.OPEN, Status.NAMING}
    context = {
        "member": member,
        "group": member.group,
        "open": [_titled(one) for one in shown if one.decision.status in going_on],
        "past": [_titled(one) for one in shown if one.decision.status not in going_on],
    }
    return render(request, "room/decisions/home.html", context)


@require_GET
def ask(request: Request, group_id: int) -> HttpResponse:
    member = find_member(request, group_id)
    context = {"group": member.group, "kinds": KINDS}
    return render(request, "room/decisions/ask.html", context)


@require_http_methods(["GET", "POST"])
def ask_kind(request: Request, group_id: int, kind: str) -> HttpResponse:
    """Ask the group one question; the vote opens at once."""
    member, now = find_member(request, group_id), timezone.now()
    shown = next((each for each in KINDS if each.kind == kind), None)
    if shown is None:
        raise Http404
    here = voters_here(request.user, member.group)
    form = AskForm(
        request.POST or None,
        kind=shown.kind,
        today=member.group.today(at=now),
        members=here.members,
    )
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_vote(
                group=member.group,
                member=member,
                kind=shown.kind,
                words=form.words(),
                is_secret=form.is_secret(),
                closes_on=form.cleaned_data["closes_on"],
                by=request.user,
                at=now,
            )
        except TooFewForSecret:
            form.add_error(None, _("A secret vote needs three members. Nothing was asked."))
        else:
            messages.success(request, _("The vote is open."))
            return redirect("decisions:decision", group_id, opened.pk)
    context = {"group": member.group, "form": form, "shown": shown, "here": here}
    status = 422 if form.errors else 200
    return render(request, "room/decisions/ask_kind.html", context, status=status)


@require_http_methods(["GET", "POST"])
def decision(request: Request, group_id: int, decision_id: int) -> HttpResponse:
    """One decision: to vote in, to wait for, or what came of it."""
    member, found = find_member(request, group_id), _find(request, group_id, decision_id)
    ballot = _ballot(request, found)
    form = _vote_form(request, ballot)
    if request.method == "POST":
        if form is None:
            return _not_taken(request, group_id, decision_id)
        if form.is_valid():
            return _handed_in(request, member, found, form)
    return _shown(request, member, ballot, form)


@require_http_methods(["GET", "POST"])
def end(request: Request, group_id: int, decision_id: int) -> HttpResponse:
    """Count before all have voted, count what is over, or end it without counting."""
    member, found = find_member(request, group_id), _find(request, group_id, decision_id)
    ballot, now = _ballot(request, found), timezone.now()
    if found.status not in {Status.OPEN, Status.NAMING} or not (ballot.may_end or ballot.is_over):
        return redirect("decisions:decision", group_id, decision_id)
    if request.method == "POST":
        _ended(request, member, ballot)
        return redirect("decisions:decision", group_id, decision_id)
    context = {
        "group": member.group,
        "ballot": ballot,
        "question": question(ballot),
        "enough": ballot.voted >= ballot.needed,
        "now": now,
    }
    return render(request, "room/decisions/end.html", context)


def find_member(request: Request, group_id: int) -> Membership:
    """Whoever does not belong to the group finds no page."""
    member = member_here(request.user, group_id)
    if member is None:
        raise Http404
    return member


def _find(request: Request, group_id: int, decision_id: int) -> Decision:
    return get_object_or_404(decisions_of(request.user, group_id), pk=decision_id)


def _ballot(request: Request, found: Decision) -> Ballot:
    ballot = ballot_for(request.user, found, at=timezone.now())
    if ballot is None:
        raise Http404
    return ballot


def _titled(ballot: Ballot) -> dict[str, Any]:
    return {"ballot": ballot, "question": question(ballot), "outcome": outcome(ballot)}


def _vote_form(request: Request, ballot: Ballot) -> VoteForm | None:
    """The ballot to fill in, unless there is none for the viewer any more."""
    voted_for_good = ballot.has_voted and ballot.decision.is_secret
    if not ballot.takes_votes or not ballot.may_vote or voted_for_good:
        return None
    return VoteForm(
        request.POST if request.method == "POST" else None,
        kind=ballot.decision.kind,
        labels=labels(ballot),
        own=ballot.own_choice,
    )


def _handed_in(
    request: Request, member: Membership, found: Decision, form: VoteForm
) -> HttpResponse:
    try:
        cast(
            decision=found,
            member=member,
            chosen=form.chosen(),
            by=request.user,
            at=timezone.now(),
        )
    except (NotOpen, HasVoted, NoBallot):
        return _not_taken(request, found.group_id, found.pk)
    words = (
        _("Your vote is in the box. Nobody can look at it, and nobody can take it out.")
        if found.is_secret
        else _("Your answer is noted. You can change it until the vote ends.")
    )
    messages.success(request, words)
    return redirect("decisions:decision", found.group_id, found.pk)


def _not_taken(request: Request, group_id: int, decision_id: int) -> HttpResponse:
    messages.info(request, _("This vote takes nothing more from you. Nothing was changed."))
    return redirect("decisions:decision", group_id, decision_id)


def _ended(request: Request, member: Membership, ballot: Ballot) -> None:
    act: dict[str, Any] = {"decision": ballot.decision, "by": request.user, "at": timezone.now()}
    try:
        if ballot.is_over:
            end_if_over(**act)
        elif request.POST.get("do") == "count":
            close(member=member, **act)
        elif request.POST.get("do") == "drop":
            drop(member=member, **act)
    except NotAllowedToEnd:
        words = _("Only whoever asked, or a parent leader, can end it early. The vote goes on.")
        messages.info(request, words)
    except NotEnoughYet:
        messages.info(request, _("Too few have voted to count. The vote goes on."))


def _shown(
    request: Request, member: Membership, ballot: Ballot, form: VoteForm | None
) -> HttpResponse:
    count = ballot.count
    context = {
        "member": member,
        "group": member.group,
        "ballot": ballot,
        "decision": ballot.decision,
        "question": question(ballot),
        "form": form,
        "secrecy": secrecy_in_words(ballot),
        "outcome": outcome(ballot),
        "lines": lines_of(ballot),
        "rounds": rounds_of(ballot),
        "so_far": so_far(ballot) if ballot.decision.status == Status.OPEN else [],
        "reveals": bool(count and count.reveals_everybody and ballot.decision.is_secret),
        "blank": count.blank if count else 0,
        "naming": naming_of(request.user, ballot.decision),
        "mandate": mandate_of(request.user, ballot.decision),
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "room/decisions/decision.html", context, status=status)
