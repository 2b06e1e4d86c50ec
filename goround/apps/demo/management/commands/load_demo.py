from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from goround.apps.demo.cast import CAST, PASSPHRASE
from goround.apps.demo.services import load_demo
from goround.apps.organisations.models import Organisation


class Command(BaseCommand):
    help = "Load the demo network with its invented people. Does nothing when it is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--times", type=int, default=1, help="so many times 2015 and the waiting list"
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="only into a database without organisations"
        )

    def handle(self, *, times: int, if_empty: bool, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo network belongs into a demo. Nothing was loaded.")
        if times < 1:
            raise CommandError(f"--times is {times}; it must be 1 or more.")
        if if_empty and Organisation.objects.exists():
            return
        if not load_demo(by=None, at=timezone.now(), times=times):
            self.stdout.write("The demo network is there already. Nothing was changed.")
            return
        self.stdout.write(
            f"The demo network is loaded. Its {len(CAST)} people, {CAST[0].handle} the first of "
            f"them, all have the passphrase: {PASSPHRASE}"
        )
