"""How a session begins, how long it lasts without use, and when somebody proved who they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login, logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from goround.apps.accounts.models import User
from goround.apps.accounts.selectors import has_second_factor
from goround.apps.accounts.sessions import forget_sign_in, note_sign_in, note_use
from goround.apps.accounts.signing_in import user_numbered
from goround.apps.organisations.selectors import works_somewhere
from goround.apps.walls.places import asking_as

IDLE_SHARED, IDLE_STAFF, IDLE_PARENT = 10, 30, 60  # minutes
PROOF_HOLDS = timedelta(minutes=10)
HALF_HOLDS = timedelta(minutes=10)
NOTED_EVERY = timedelta(minutes=1)
SHARED = "goround.is_shared"


def enter(request: HttpRequest, user: User, *, is_shared: bool, next_url: str) -> HttpResponse:
    """Somebody said their words: begin a session, or ask first for their second factor."""
    if has_second_factor(user):
        request.session["half"] = {
            "user": user.pk,
            "proof": user.get_session_auth_hash(),
            "at": timezone.now().isoformat(),
            "is_shared": is_shared,
            "next": next_url,
        }
        return redirect("public:second_step")
    begin(request, user, is_shared=is_shared)
    return redirect(next_url)


def half_entered(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Who said their words here a short while ago and owes the second factor."""
    half = request.session.get("half")
    if not half or timezone.now() - datetime.fromisoformat(half["at"]) > HALF_HOLDS:
        return None
    user = user_numbered(half["user"])
    if user is None or user.get_session_auth_hash() != half["proof"]:
        return None
    return user, half


def begin(request: HttpRequest, user: User, *, is_shared: bool) -> None:
    request.session.pop("half", None)
    request.META[SHARED] = is_shared
    login(request, user)


def begin_anew(request: HttpRequest, user: User) -> None:
    """Go on here after every session of this person was ended, this one included."""
    is_shared = request.session.get("is_shared", False)
    request.session.flush()
    begin(request, user, is_shared=is_shared)


@receiver(user_logged_in, dispatch_uid="goround.sessions.begin")
def _note_beginning(request: HttpRequest, user: User, **signal: object) -> None:
    session, now = request.session, timezone.now()
    with asking_as(user.pk):
        is_staff = works_somewhere(user)
    # In the request: a session of somebody else is thrown away on the way here.
    is_shared = session["is_shared"] = bool(request.META.get(SHARED))
    session["idle_minutes"] = _idle(is_staff=is_staff, is_shared=is_shared)
    session["seen_at"] = session["proved_at"] = now.isoformat()
    owes = settings.SECOND_FACTOR_REQUIRED and is_staff and not has_second_factor(user)
    session["owes_factor"] = owes
    note_sign_in(user=user, session=session, is_shared=is_shared, at=now)


@receiver(user_logged_out, dispatch_uid="goround.sessions.end")
def _note_end(request: HttpRequest, **signal: object) -> None:
    forget_sign_in(session_key=request.session.session_key)


def _idle(*, is_staff: bool, is_shared: bool) -> int:
    if is_shared:
        return IDLE_SHARED
    return IDLE_STAFF if is_staff else IDLE_PARENT


def was_left_alone(request: HttpRequest) -> bool:
    """End a session nobody used for too long; otherwise note, once a minute, that it is used."""
    session, now = request.session, timezone.now()
    if SESSION_KEY not in session:
        return False
    unused = now - datetime.fromisoformat(session.get("seen_at") or now.isoformat())
    if unused > timedelta(minutes=session.get("idle_minutes", IDLE_SHARED)):
        logout(request)
        return True
    if unused > NOTED_EVERY:
        session["seen_at"] = now.isoformat()
        note_use(session_key=session.session_key, at=now)
    return False


def owes_factor(request: HttpRequest) -> bool:
    """Staff without a second factor see nothing before they have one."""
    return bool(request.session.get("owes_factor"))


def has_proved(request: HttpRequest) -> bool:
    """Whether they said who they are within the last minutes, and not only some time ago."""
    proved = request.session.get("proved_at")
    if not proved:
        return False
    return timezone.now() - datetime.fromisoformat(proved) < PROOF_HOLDS


def note_proof(request: HttpRequest) -> None:
    request.session["proved_at"] = timezone.now().isoformat()


def safe_next(request: HttpRequest, asked: str) -> str:
    """Where they wanted to go, if it is a page of ours."""
    if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}):
        return asked
    return "public:home"
