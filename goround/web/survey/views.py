"""A sheet is handed out, filled in or turned down, and gone: Back finds an empty one.

A device without an account keeps one signed cookie that says which wave it is in, and nothing of
what anybody answers. On a device that goes round, whoever was signed in there is signed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goround.apps.accounts.guessing import guess
from goround.apps.circle.codes import LENGTH, tidy_code
from goround.apps.people.models import Parent
from goround.apps.surveys.models import Response, Wave
from goround.apps.surveys.selectors import own_waves, wave_behind
from goround.apps.surveys.services import (
    AnsweredAlready,
    LinkUnknown,
    WaveClosed,
    keep_response,
    refuse,
)
from goround.apps.surveys.sheets import new_sheet, read_sheet
from goround.domain.privacy.guessing import Secret
from goround.domain.surveys import WaveKind
from goround.web.rendering import Request, sent
from goround.web.survey.forms import AnswersForm, DoorForm

COOKIE, COOKIE_PATH, SALT = "survey", "/survey/", "goround.survey.device"
COOKIE_AGE = 4 * 60 * 60


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits before the page: a parent who signed in, or somebody on a device."""

    wave: Wave
    parent: Parent | None = None
    is_shared: bool = False

    @property
    def mode(self) -> Response.Mode:
        return Response.Mode.TABLET if self.is_shared else Response.Mode.PHONE


@require_http_methods(["GET", "POST"])
def enter(request: Request) -> HttpResponse:
    """The code of a wave lets a device in; "goes round" makes it forget each answer."""
    form = DoorForm(sent(request))
    if request.method == "POST" and form.is_valid():
        code, now = tidy_code(form.cleaned_data["code"]), timezone.now()
        found = guess(
            secret=Secret.SURVEY,
            name=code[:2],
            at=now,
            check=lambda: wave_behind(request.user, code, at=now),
        )
        if found is not None:
            return _let_in(request, found, is_shared="shared" in request.POST)
        form.add_error("code", _("No questions have this code today. Look at it again, or ask."))
    status = 422 if form.errors else 200
    return render(request, "survey/enter.html", {"form": form, "length": LENGTH}, status=status)


@require_http_methods(["GET", "POST"])
def answer(request: Request) -> HttpResponse:
    """One sheet for whoever holds the device."""
    seat = _seat(request)
    if seat is None:
        return _gone(request)
    return _sheet(request, seat, after=redirect("survey:thanks"))


@require_http_methods(["GET", "POST"])
def thanks(request: Request) -> HttpResponse:
    """What was answered is out of reach; on a device that goes round, the next person begins."""
    seat = _seat(request)
    if request.method == "POST" or seat is None:
        return _gone(request)
    response = render(request, "survey/thanks.html", {"seat": seat})
    return response if seat.is_shared else _forget(response)


@require_http_methods(["GET", "POST"])
def own(request: Request, wave_id: int) -> HttpResponse:
    """The same for a member who signed in: no code, and answered once."""
    found = [one for one in own_waves(request.user, at=timezone.now()) if one.wave.pk == wave_id]
    if not found:
        raise Http404
    wave = found[0].wave
    after = redirect("room:home", wave.group_id)
    return _sheet(request, Seat(wave, found[0].membership.parent), after=after)


def _sheet(request: Request, seat: Seat, *, after: HttpResponse) -> HttpResponse:
    now = timezone.now()
    form = AnswersForm(sent(request), wave=seat.wave, with_link=seat.parent is None)
    context: dict[str, Any] = {"seat": seat, "form": form}
    if request.method == "POST":
        if "refuse" in request.POST:
            return _refused(request, seat, after)
        if form.is_valid() and _kept(request, seat, form, context):
            if seat.parent:
                messages.success(request, _("Thank you. Your answers are kept."))
            return after
    signed = request.POST.get("sheet", "")
    fresh = read_sheet(signed, wave_id=seat.wave.pk) is None
    context["sheet"] = new_sheet(seat.wave.pk, at=now) if fresh else signed
    return render(request, "survey/sheet.html", context, status=422 if form.errors else 200)


def _kept(request: Request, seat: Seat, form: AnswersForm, context: dict[str, Any]) -> bool:
    sheet = read_sheet(request.POST.get("sheet", ""), wave_id=seat.wave.pk)
    if sheet is None:
        form.add_error(None, _("This page was from another time. Please send it once more."))
        return False
    is_first = seat.wave.wave_kind in {WaveKind.PRE, WaveKind.RETROSPECTIVE}
    try:
        keep_response(
            wave=seat.wave,
            sheet=sheet,
            filled=form.filled(),
            mode=seat.mode,
            parent=seat.parent,
            link=form.cleaned_data.get("link", ""),
            link_may_be_new=is_first or "link_is_right" in request.POST,
            by=None,
            at=timezone.now(),
        )
    except AnsweredAlready:
        _answered_already(seat, form)
    except LinkUnknown:
        context["ask_link"] = True
        form.add_error(
            "link",
            _("Nobody here used this code before. Is it spelled right? If so, tick the box below."),
        )
    except WaveClosed:
        form.add_error(None, _("The time for these questions is over. Nothing was kept."))
    return not form.errors


def _answered_already(seat: Seat, form: AnswersForm) -> None:
    if seat.parent:
        form.add_error(None, _("You have answered already. Your first answers stay."))
        return
    form.add_error(
        "link",
        _(
            "Somebody has answered with this code. If that was you, you are done. If not, "
            "add a letter to yours and write it down for the next time."
        ),
    )


def _refused(request: Request, seat: Seat, after: HttpResponse) -> HttpResponse:
    try:
        refuse(wave=seat.wave, parent=seat.parent, by=None, at=timezone.now())
    except WaveClosed:
        return after
    if seat.parent:
        messages.info(request, _("That is fine. Nothing changes for you, and we do not ask again."))
    return after


def _let_in(request: Request, wave: Wave, *, is_shared: bool) -> HttpResponse:
    if is_shared:
        logout(request)
    response = redirect("survey:answer")
    told = signing.dumps({"code": wave.code, "shared": is_shared}, salt=SALT)
    response.set_cookie(
        COOKIE,
        told,
        max_age=COOKIE_AGE,
        path=COOKIE_PATH,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


def _seat(request: Request) -> Seat | None:
    """Where the device is let in, asked afresh each time: the wave may have closed."""
    try:
        told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_AGE)
    except signing.BadSignature:
        return None
    wave = wave_behind(request.user, told["code"], at=timezone.now())
    return Seat(wave, is_shared=told["shared"]) if wave else None


def _gone(request: Request) -> HttpResponse:
    """The device is in no wave, or not any more: say so, and keep no cookie."""
    return _forget(render(request, "survey/gone.html", status=200))


def _forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")
    return response
