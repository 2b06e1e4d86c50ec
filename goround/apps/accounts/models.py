from datetime import datetime
from secrets import token_hex
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

handle_shape = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9.-]{0,38}[a-z0-9])?$",
    _("A handle has small letters, digits, dots and hyphens, and at most 40 of them."),
)


def new_stamp() -> str:
    return token_hex(8)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(handle=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Somebody who can sign in. A handle is enough; no e-mail and no phone is asked for."""

    handle = models.CharField(max_length=40, unique=True, validators=[handle_shape])
    shown_as = models.CharField(
        max_length=80, blank=True, help_text=_("What colleagues see. A first name is enough.")
    )
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    # One of the demo network's invented people, whom a visitor may choose to be.
    is_demo = models.BooleanField(default=False)
    # Every session carries a hash of it: a new stamp ends them all at once.
    session_stamp = models.CharField(max_length=16, default=new_stamp)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "handle"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_user_handle_is_lower", condition=models.Q(handle=Lower("handle"))
            )
        ]

    def __str__(self) -> str:
        return f"user #{self.pk}"

    def get_short_name(self) -> str:
        return self.shown_as or self.handle

    def has_signed_up(self) -> bool:
        """False for somebody who was invited and has not chosen a passphrase yet."""
        return self.has_usable_password()

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        value = f"{self.password} {self.session_stamp}"
        return salted_hmac("goround.session", value, secret=secret, algorithm="sha256").hexdigest()


class Tries(models.Model):
    """Wrong tries at one secret of one name within one stretch of time.

    ``name_hash`` is keyed, so that the table tells neither handles nor words, and it is there
    for a handle that nobody has just as for one that somebody has. No address is kept.
    """

    secret = models.CharField(max_length=20)
    name_hash = models.CharField(max_length=64)
    tried = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["secret", "name_hash"], name="tries_one_count"),
        ]

    def __str__(self) -> str:
        return f"tries #{self.pk}"


class WayIn(models.Model):
    """Words that open one account once: an invitation, a recovery card, a code from a meeting.

    Only a hash of the words is kept. Rows stay after their time, so that whoever the account
    belongs to can be told of a code that was made for it.
    """

    class Kind(models.TextChoices):
        SIGN_UP = "sign-up", _("invitation")
        CARD = "card", _("recovery card")
        CODE = "code", _("code from a meeting")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="ways_in")
    kind = models.CharField(max_length=7, choices=Kind)
    words_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    good_until = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    # When the account's owner said that they had read of it.
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "kind"], name="way_in_of_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(used_at=None, good_until=None),
                name="way_in_one_card",
            ),
            models.CheckConstraint(
                name="way_in_only_a_card_is_good_for_ever",
                condition=Q(kind="card") | Q(good_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"way in #{self.pk} ({self.kind}) of user #{self.user_id}"

    def is_open(self, *, at: datetime) -> bool:
        return self.used_at is None and (self.good_until is None or self.good_until > at)


class CodeApp(models.Model):
    """An app on somebody's phone that shows a new six-digit code every half minute (TOTP)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="code_app")
    # Encrypted; see ``hiding``.
    hidden_secret = models.BinaryField()
    added_at = models.DateTimeField()
    # The half minute of the last code used: that code, and any before it, is refused.
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"code app of user #{self.user_id}"


class RecoveryCode(models.Model):
    """Words that stand in once for a lost second factor. Only a keyed hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    words_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "words_hash"], name="recovery_code_once")
        ]

    def __str__(self) -> str:
        return f"recovery code #{self.pk} of user #{self.user_id}"


class Passkey(models.Model):
    """A phone, computer or security key that can prove by itself whose it is (WebAuthn)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=40)
    # A hash of the credential's id, which may be too long for an index.
    credential_hash = models.CharField(max_length=64, unique=True)
    # Id and public key, as the standard packs them; nothing in it is secret.
    credential = models.BinaryField()
    counter = models.PositiveBigIntegerField(default=0)
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"passkey #{self.pk} of user #{self.user_id}"


class SignIn(models.Model):
    """One session somebody has: since when, and when last used. No address and no browser."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    is_shared = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"sign-in #{self.pk} of user #{self.user_id}"
