"""What a member wants to try and to get done: their own, and what they share with the group."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goround.apps.agenda.models import Promise
from goround.apps.agenda.own_services import (
    LONGEST_GOAL,
    LONGEST_PROMISE,
    LONGEST_STEP,
    TooManyGoals,
    TooManySteps,
    add_step,
    answer_promise,
    let_goal_go,
    make_promise,
    set_goal,
    set_goal_done,
    share_goal,
    tick_steps,
)
from goround.apps.agenda.selectors import GoalSeen, goal_of, goals_of, own_promises, shared_goals
from goround.apps.groups.models import Membership
from goround.web.rendering import Request, sent
from goround.web.room.belonging import find_membership

LIST = "room:goals"
ANSWERS = (Promise.Outcome.WORKED, Promise.Outcome.TRIED, Promise.Outcome.NOT_YET)


class WordsForm(forms.Form):
    """One line of a member's own words."""

    def __init__(
        self, data: QueryDict | None = None, *, label: str, longest: int, prefix: str | None = None
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.fields["text"] = forms.CharField(
            label=label,
            max_length=longest,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={"required": _("Write a few words.")},
        )

    def words(self) -> str:
        return " ".join(self.cleaned_data["text"].split())


def promise_form(request: Request, *, is_sent: bool) -> WordsForm:
    return WordsForm(
        sent(request) if is_sent else None,
        label=_("This week I will try to…"),
        longest=LONGEST_PROMISE,
        prefix="promise",
    )


def goal_form(request: Request, *, is_sent: bool) -> WordsForm:
    return WordsForm(
        sent(request) if is_sent else None,
        label=_("What do you want to get done?"),
        longest=LONGEST_GOAL,
        prefix="goal",
    )


def step_form(request: Request, *, is_sent: bool) -> WordsForm:
    return WordsForm(
        sent(request) if is_sent else None, label=_("A next small step"), longest=LONGEST_STEP
    )


@require_http_methods(["GET", "POST"])
def goals(request: Request, group_id: int) -> HttpResponse:
    """Both at a glance; sent in is a new goal."""
    mine = find_membership(request, group_id)
    form = goal_form(request, is_sent=request.method == "POST")
    if request.method == "POST" and form.is_valid():
        try:
            goal = set_goal(membership=mine, text=form.words(), by=request.user, at=timezone.now())
        except TooManyGoals:
            form.add_error(None, _("You have many goals. Finish one or let one go first."))
        else:
            messages.success(request, _("Written down. Only you can read it."))
            return redirect("room:goal", group_id, goal.pk)
    return _overview(request, mine, form, promise_form(request, is_sent=False))


@require_POST
def promise(request: Request, group_id: int) -> HttpResponse:
    """What to try until next time; or how it went."""
    mine = find_membership(request, group_id)
    answer = request.POST.get("answer", "")
    if answer in {each.value for each in ANSWERS}:
        answer_promise(
            membership=mine, outcome=Promise.Outcome(answer), by=request.user, at=timezone.now()
        )
        messages.success(request, _("Noted, for you alone."))
        return redirect(LIST, group_id)
    form = promise_form(request, is_sent=True)
    if not form.is_valid():
        return _overview(request, mine, goal_form(request, is_sent=False), form)
    make_promise(membership=mine, text=form.words(), by=request.user, at=timezone.now())
    messages.success(request, _("Good. Your group asks you about it next time."))
    return redirect(LIST, group_id)


@require_http_methods(["GET", "POST"])
def goal(request: Request, group_id: int, goal_id: int) -> HttpResponse:
    """One of one's own goals with its steps; sent in is a new step."""
    mine, seen = _find(request, group_id, goal_id)
    form = step_form(request, is_sent=request.method == "POST")
    if request.method == "POST" and form.is_valid():
        try:
            add_step(goal=seen.goal, text=form.words(), by=request.user, at=timezone.now())
        except TooManySteps:
            form.add_error(None, _("A goal has room for twelve steps. Make another goal of some."))
        else:
            return redirect("room:goal", group_id, goal_id)
    context = {"mine": mine, "seen": seen, "goal": seen.goal, "form": form}
    return render(request, "room/own/goal.html", context, status=422 if form.errors else 200)


@require_POST
def goal_change(request: Request, group_id: int, goal_id: int) -> HttpResponse:
    """Tick steps, share, finish, take up again, or let go."""
    _mine, seen = _find(request, group_id, goal_id)
    now, act = timezone.now(), request.POST.get("act", "")
    about: dict[str, Any] = {"goal": seen.goal, "by": request.user, "at": now}
    match act:
        case "steps":
            ticked = {int(each) for each in request.POST.getlist("done") if each.isdecimal()}
            tick_steps(done=frozenset(ticked), **about)
        case "share" | "keep":
            share_goal(is_shared=act == "share", **about)
        case "done" | "again":
            set_goal_done(is_done=act == "done", **about)
        case "let-go":
            let_goal_go(**about)
            messages.info(request, _("It is gone."))
            return redirect(LIST, group_id)
        case _:
            raise Http404
    return redirect("room:goal", group_id, goal_id)


def _find(request: Request, group_id: int, goal_id: int) -> tuple[Membership, GoalSeen]:
    mine = find_membership(request, group_id)
    seen = goal_of(request.user, mine, goal_id)
    if seen is None:
        raise Http404
    return mine, seen


def _overview(
    request: Request, mine: Membership, goal_words: WordsForm, promise_words: WordsForm
) -> HttpResponse:
    context = {
        "mine": mine,
        "goals": goals_of(request.user, mine),
        "shared": shared_goals(request.user, mine.group),
        "promises": own_promises(request.user, mine),
        "answers": ANSWERS,
        "goal_form": goal_words,
        "promise_form": promise_words,
    }
    wrong = goal_words.errors or promise_words.errors
    return render(request, "room/own/goals.html", context, status=422 if wrong else 200)
