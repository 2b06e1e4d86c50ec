from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from goround.apps.accounts.closing import close_user, reopen_user
from goround.apps.accounts.models import User


class Command(BaseCommand):
    help = (
        "Shut somebody out at once, wherever they hold a role: signed out everywhere, and nobody "
        "signs in to the account until it is opened again. Nothing else changes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("handle", help="what they sign in with")
        parser.add_argument("--open", action="store_true", help="open the account again")

    def handle(self, *, handle: str, **options: Any) -> None:
        name = handle.strip().lower()
        user = User.objects.filter(handle=name).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {name!r}. Nothing was changed.")
        if options["open"]:
            reopen_user(user=user, by=None, at=timezone.now())
            self.stdout.write(f"{name} can sign in again.")
        else:
            close_user(user=user, by=None, at=timezone.now())
            self.stdout.write(
                f"{name} is shut out. Open again: goround close_account {name} --open"
            )
