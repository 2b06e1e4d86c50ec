"""The circle on a parent's own telephone, and on the device that lies on the table.

No account: the code that the leading device shows lets a device in, for this meeting only. The
device keeps one cookie, and the circle a hash of it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.accounts.guessing import guess
from goround.apps.circle.codes import LENGTH, hash_of, new_token, tidy_code
from goround.apps.circle.models import CircleDevice, OpenCircle
from goround.apps.circle.selectors import (
    Snapshot,
    circle_behind,
    device_in,
    snapshot_from,
    snapshot_of,
)
from goround.apps.circle.services import (
    AliasTaken,
    CircleClosed,
    act,
    join_as_table,
    join_with_phone,
)
from goround.apps.groups.names import LONGEST_ALIAS, tidy_alias
from goround.domain.circle.commands import AtTable, Hand, Sitting
from goround.domain.circle.rules import NoRoom, NotAllowed
from goround.domain.privacy.guessing import Secret
from goround.web.rendering import Request, page_or_part, sent
from goround.web.room.shown import own_shown, shown
from goround.web.room.stream import stream
from goround.web.room.taps import Tap

COOKIE = "circle"
COOKIE_PATH = "/circle/"
COOKIE_AGE = 12 * 60 * 60
PHONE, TABLE, PART = "room/phone.html", "room/table.html", "circle"
NOBODY_HERE = gettext_lazy("No circle has this code. Look at it again, or ask for a new one.")


class DoorForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The code"),
        help_text=gettext_lazy("Eight letters and digits. Whoever leads shows it to you."),
        max_length=40,
        error_messages={"required": gettext_lazy("Write the code.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    alias = forms.CharField(
        label=gettext_lazy("What may we call you?"),
        help_text=gettext_lazy("It need not be your name. Only this circle sees it, only today."),
        max_length=LONGEST_ALIAS,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if "table" not in self.data and not tidy_alias(found.get("alias", "")):
            self.add_error("alias", _("Write what we may call you."))
        return found


@dataclass(frozen=True, slots=True)
class Held:
    """A device that was let in: which seat it holds, None for the table."""

    token_hash: str
    seat: int | None
    csrf_token: str

    @property
    def hand(self) -> Hand:
        return AtTable() if self.seat is None else Sitting(self.seat)

    @property
    def template(self) -> str:
        return TABLE if self.seat is None else PHONE


@require_http_methods(["GET", "POST"])
def enter(request: Request) -> HttpResponse:
    """The code, and what to be called: then the telephone is in."""
    form = DoorForm(sent(request))
    if request.method == "POST" and form.is_valid():
        token = new_token()
        if _let_in(request, form, token):
            response = redirect("circle:here")
            keep(request, response, token)
            return response
    status = 422 if form.errors else 200
    return render(request, "room/enter.html", {"form": form, "length": LENGTH}, status=status)


@require_http_methods(["GET", "POST"])
def here(request: Request) -> HttpResponse:
    """The circle as this device shows it, and its taps."""
    device = _device(request)
    if device is None:
        return _gone(request)
    held, found = _held(request, device), device.circle
    if request.method == "POST":
        return _tapped(request, held, found)
    return _shown(request, held, found)


@require_GET
def here_live(request: Request) -> HttpResponseBase:
    device = _device(request)
    if device is None:
        raise Http404
    held = _held(request, device)
    return stream(request, device.circle, lambda snapshot: part_for(held, snapshot))


def keep(request: HttpRequest, response: HttpResponse, token: str) -> None:
    """Let the browser keep the token, out of reach of scripts and of other pages."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_AGE,
        path=COOKIE_PATH,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def _let_in(request: Request, form: DoorForm, token: str) -> bool:
    code, now = tidy_code(form.cleaned_data["code"]), timezone.now()
    found = guess(
        secret=Secret.CIRCLE,
        name=code[:2],
        at=now,
        check=lambda: circle_behind(request.user, code, at=now),
    )
    if found is None:
        form.add_error("code", str(NOBODY_HERE))
        return False
    about: dict[str, Any] = {"circle": found, "token": token, "by": None, "at": now}
    try:
        if "table" in form.data:
            join_as_table(**about)
        else:
            join_with_phone(alias=form.cleaned_data["alias"], **about)
    except AliasTaken:
        form.add_error(
            "alias",
            _("A telephone is in the circle under that name. Choose another one, or ask."),
        )
    except NoRoom:
        form.add_error(None, _("The circle is full. Take part without your telephone."))
    except CircleClosed:
        form.add_error("code", str(NOBODY_HERE))
    return not form.errors


def _device(request: HttpRequest) -> CircleDevice | None:
    token = request.COOKIES.get(COOKIE, "")
    return device_in(request.user, token, at=timezone.now()) if token else None


def _held(request: HttpRequest, device: CircleDevice) -> Held:
    seat = device.seat.number if device.seat else None
    return Held(hash_of(request.COOKIES[COOKIE]), seat, get_token(request))


def _tapped(request: Request, held: Held, found: OpenCircle) -> HttpResponse:
    tap = Tap(request.POST)
    command = tap.command() if tap.is_valid() else None
    if command is not None:
        # Refused, there is nothing to explain: the page shows how things are now.
        with contextlib.suppress(NotAllowed, CircleClosed):
            act(circle=found, command=command, hand=held.hand, by=None, at=timezone.now())
    if request.htmx:
        now = snapshot_of(request.user, found.pk)
        if now is not None:
            return page_or_part(request, held.template, PART, part_context(held, now))
    return redirect("circle:here")


def part_for(held: Held, snapshot: Snapshot) -> str | None:
    """What the stream sends; None once this device was let go."""
    if held.token_hash not in snapshot.devices:
        return None
    return render_to_string(f"{held.template}#{PART}", part_context(held, snapshot))


def part_context(held: Held, snapshot: Snapshot) -> dict[str, Any]:
    context = {
        "csrf_token": held.csrf_token,
        "shown": shown(snapshot, at=timezone.now()),
        "key": f"{held.token_hash[:12]}-{snapshot.version}",
        "seat": held.seat,
        "video_url": snapshot.video_url,
    }
    if held.seat is not None:
        context["own"] = own_shown(snapshot, held.seat)
        context["alias"] = snapshot.name(held.seat)
    return context


def _shown(request: Request, held: Held, found: OpenCircle) -> HttpResponse:
    context = part_context(held, snapshot_from(request.user, found))
    return page_or_part(request, held.template, PART, context)


def _gone(request: Request) -> HttpResponse:
    """The circle is closed, or the device was let go: say so, and keep no cookie."""
    response = render(request, "room/gone.html", status=404)
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")
    return response
