from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.text import slugify

from goround.apps.organisations.hosts import OrganisationThere, add_organisation


class Command(BaseCommand):
    help = "Add a host organisation, and its network when that is new."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help='as people read it: "Family House"')
        parser.add_argument("--network", required=True, help="the network's name")
        parser.add_argument("--time-zone", required=True, help="such as America/Los_Angeles")
        parser.add_argument("--short", help="its name in addresses; made from the name if left out")
        parser.add_argument("--network-short", help="the same for the network")

    def handle(self, *, name: str, network: str, time_zone: str, **options: Any) -> None:
        try:
            added = add_organisation(
                name=name,
                slug=options["short"] or slugify(name),
                time_zone=time_zone,
                network_name=network,
                network_slug=options["network_short"] or slugify(network),
                by=None,
                at=timezone.now(),
            )
        except OrganisationThere as error:
            raise CommandError(f"{str(error).capitalize()}. Nothing was changed.") from error
        except ValidationError as error:
            raise CommandError("\n".join([*error.messages, "Nothing was changed."])) from error
        self.stdout.write(
            f"{added.name} is added. Its short name is {added.slug}, "
            f"its network's is {added.network.slug}."
        )
