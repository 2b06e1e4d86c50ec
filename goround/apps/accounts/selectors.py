"""What somebody may know of their own account. Of others' accounts: nothing."""

from __future__ import annotations

from datetime import datetime
from random import Random

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from goround.apps.accounts.models import CodeApp, Passkey, RecoveryCode, SignIn, User, WayIn
from goround.domain.privacy.alias import suggest_handle

Viewer = User | AnonymousUser
HANDLE_TRIES = 20


def sign_ins_of(viewer: User, *, at: datetime) -> QuerySet[SignIn]:
    """The viewer's own sessions that are not over, the last used first."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    own = SignIn.objects.filter(user=viewer, session_key__in=alive)
    return own.order_by("-last_used_at", "-pk")


def is_signed_in_still(viewer: Viewer, *, session_key: str | None, at: datetime) -> bool:
    """Whether the session that ``viewer`` was read in goes on: not ended, nor the account shut."""
    if viewer.pk is None:
        return False
    alive = Session.objects.filter(session_key=session_key, expire_date__gt=at)
    unchanged = User.objects.filter(
        pk=viewer.pk, is_active=True, session_stamp=viewer.session_stamp, password=viewer.password
    )
    return alive.exists() and unchanged.exists()


def code_app_of(viewer: User) -> CodeApp | None:
    return CodeApp.objects.filter(user=viewer).first()


def passkeys_of(viewer: User) -> QuerySet[Passkey]:
    return Passkey.objects.filter(user=viewer).order_by("added_at", "pk")


def recovery_codes_left(viewer: User) -> int:
    return RecoveryCode.objects.filter(user=viewer, used_at=None).count()


def has_second_factor(viewer: User) -> bool:
    """A code app or a passkey; recovery codes alone are none."""
    has_app = CodeApp.objects.filter(user=viewer).exists()
    return has_app or Passkey.objects.filter(user=viewer).exists()


def card_of(viewer: User) -> WayIn | None:
    """The recovery card that still opens the account: when it was made, never its words."""
    card = WayIn.Kind.CARD
    return WayIn.objects.filter(user=viewer, kind=card, used_at=None, good_until=None).first()


def codes_untold(viewer: User) -> list[WayIn]:
    """Codes made in a meeting for this account that its owner has not said they know of."""
    codes = WayIn.objects.filter(user=viewer, kind=WayIn.Kind.CODE, told_at=None)
    return list(codes.order_by("made_at", "pk"))


def free_handle(viewer: Viewer, *, rng: Random) -> str:
    """A handle to suggest that nobody has."""
    offered = [suggest_handle(rng) for _ in range(HANDLE_TRIES)]
    taken = set(User.objects.filter(handle__in=offered).values_list("handle", flat=True))
    return next(handle for handle in offered if handle not in taken)
