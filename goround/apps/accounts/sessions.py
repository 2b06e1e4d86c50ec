"""Who is signed in where, and the end of it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction

from goround.apps.accounts.models import SignIn, User, new_stamp
from goround.apps.audit import services as audit


def note_sign_in(*, user: User, session: SessionBase, is_shared: bool, at: datetime) -> SignIn:
    """Remember that a session began, and forget those of this person that are gone."""
    if session.session_key is None:
        session.create()
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    SignIn.objects.filter(user=user).exclude(session_key__in=alive).delete()
    began = {"user": user, "started_at": at, "last_used_at": at, "is_shared": is_shared}
    # Somebody who signs in once more where they are signed in goes on in the same session.
    key = session.session_key or ""
    return SignIn.objects.update_or_create(session_key=key, defaults=began)[0]


def note_use(*, session_key: str | None, at: datetime) -> None:
    SignIn.objects.filter(session_key=session_key).update(last_used_at=at)


def forget_sign_in(*, session_key: str | None) -> None:
    SignIn.objects.filter(session_key=session_key).delete()


@transaction.atomic
def end_session(*, sign_in: SignIn, by: User, at: datetime) -> None:
    """End one session: its next page is a stranger's."""
    Session.objects.filter(session_key=sign_in.session_key).delete()
    audit.record("session.ended", sign_in, by=by, at=at)
    sign_in.delete()


@transaction.atomic
def end_sessions(*, user: User) -> None:
    """End every session of somebody at once, as part of another act, which the trail names.

    Whoever does it on a page of their own is signed out too, unless the page begins a new
    session for them.
    """
    user.session_stamp = new_stamp()
    user.save(update_fields=["session_stamp"])
    keys = SignIn.objects.filter(user=user).values("session_key")
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(user=user).delete()


@transaction.atomic
def sign_out_everywhere(*, user: User, by: User, at: datetime) -> None:
    end_sessions(user=user)
    audit.record("user.signed_out_everywhere", user, by=by, at=at)
