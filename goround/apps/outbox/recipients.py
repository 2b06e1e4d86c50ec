"""Who a message goes to, looked up when it is sent: where, and in which language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from goround.apps.accounts.models import User
from goround.apps.organisations.models import Organisation, RoleAssignment
from goround.apps.organisations.roles import Permission, roles_with
from goround.apps.outbox.models import Message, StaffAddress
from goround.apps.people.models import Parent
from goround.apps.people.reach import address_of


@dataclass(frozen=True, slots=True)
class Recipient:
    """``address`` is empty where the person may not, or no longer, be written to."""

    # Not shown where the object is: neither a log nor an exception may hold it.
    address: str
    language: str

    def __repr__(self) -> str:
        return f"Recipient(language={self.language!r})"


def recipient_of(message: Message, *, at: datetime) -> Recipient:
    """Asked afresh each time: nothing about the person is kept with the message."""
    if message.parent_id is not None:
        address = address_of(message.parent_id, at=at)
    else:
        address = _address_while_they_work_here(message)
    return Recipient(address, language_of(message))


def language_of(message: Message) -> str:
    if message.parent_id is not None:
        return spoken(Parent.objects.only("languages").get(pk=message.parent_id).languages)
    told = User.objects.filter(pk=message.user_id or 0).values_list("language", flat=True)
    return spoken(tuple(told))


def spoken(languages: tuple[str, ...]) -> str:
    """The first of the languages that Goround speaks; else the installation's own."""
    known = [code for code, _name in settings.LANGUAGES]
    both = [part for tag in languages if tag for part in (tag.lower(), tag.split("-")[0].lower())]
    return next((tag for tag in both if tag in known), settings.LANGUAGE_CODE)


def who_holds(organisation: Organisation, permission: Permission) -> list[User]:
    """Everybody whose role at the organisation gives this permission, to tell them something."""
    held = RoleAssignment.objects.filter(
        organisation=organisation, role__in=roles_with(permission), user__is_active=True
    )
    return list(User.objects.filter(pk__in=held.values("user")).order_by("pk"))


def _address_while_they_work_here(message: Message) -> str:
    works_here = RoleAssignment.objects.filter(
        user=message.user_id, organisation=message.organisation_id, user__is_active=True
    )
    if not works_here.exists():
        return ""
    told = StaffAddress.objects.filter(user=message.user_id).first()
    return told.email if told else ""
