from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from goround.apps.accounts.models import User
from goround.apps.accounts.services import create_user
from goround.apps.organisations.models import Network, Organisation
from goround.apps.organisations.roles import Role
from goround.apps.organisations.services import give_role


class Command(BaseCommand):
    help = (
        "Let somebody sign in, with a role. Asks for a passphrase, or reads it from standard "
        "input. Somebody who can sign in already keeps their passphrase and gets the role as well."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("handle", help="what they sign in with")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument(
            "--at", required=True, help="the short name of the organisation, or of the network"
        )
        parser.add_argument("--shown-as", default="", help="what colleagues see")

    def handle(self, *, handle: str, role: str, **options: Any) -> None:
        place = self.place(Role(role), options["at"])
        try:
            self.add(handle.strip().lower(), Role(role), place, options["shown_as"])
        except ValidationError as error:
            raise CommandError("\n".join([*error.messages, "Nothing was changed."])) from error
        self.stdout.write(f"{handle.strip().lower()} is {role} at {place.name}.")

    def place(self, role: Role, slug: str) -> Organisation | Network:
        kind = Network if role is Role.NETWORK_OFFICER else Organisation
        place = kind.objects.filter(slug=slug).first()
        if place is None:
            there = ", ".join(kind.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(
                f"No {kind.__name__.lower()} is called {slug!r}. There are: {there or 'none yet'}."
            )
        return place

    @transaction.atomic
    def add(self, handle: str, role: Role, place: Organisation | Network, shown_as: str) -> None:
        at = timezone.now()
        user = User.objects.filter(handle=handle).first() or create_user(
            handle=handle, passphrase=self.passphrase(), shown_as=shown_as, by=None, at=at
        )
        if isinstance(place, Network):
            give_role(user=user, role=role, network=place, by=None, at=at)
        else:
            give_role(user=user, role=role, organisation=place, by=None, at=at)

    def passphrase(self) -> str:
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        first, again = getpass("Passphrase: "), getpass("Once more: ")
        if first != again:
            raise CommandError("The two were not the same. Nothing was changed.")
        return first
