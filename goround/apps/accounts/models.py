from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

handle_shape = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9.-]{0,38}[a-z0-9])?$",
    _("A handle has small letters, digits, dots and hyphens, and at most 40 of them."),
)


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
