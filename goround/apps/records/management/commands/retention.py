from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from goround.apps.organisations.models import Network, Organisation
from goround.apps.records.retention import due_now, let_go, rules_of, shipped_text
from goround.apps.records.services import use_rules
from goround.domain.privacy.keeping import RulesWrong, read_rules


class Command(BaseCommand):
    help = (
        "How long things are kept: show the rules, put a network's own in force, and let go "
        "what is over. The worker lets go every day by itself."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        does = parser.add_subparsers(dest="does", metavar="copy, use or run", required=True)
        does.add_parser("copy", help="print the rules that ship, to change them")
        use = does.add_parser("use", help="put a file of rules in force for a network")
        use.add_argument("file", help="the file, or - to read from standard input")
        use.add_argument("--network", required=True, help="its short name in addresses")
        run = does.add_parser("run", help="let go what is over now")
        run.add_argument("--dry-run", action="store_true", help="only count what would go")

    def handle(self, *, does: str, **options: Any) -> None:
        if does == "copy":
            self.stdout.write(shipped_text(), ending="")
        elif does == "use":
            self.use(options["file"], options["network"])
        else:
            self.run(dry=options["dry_run"])

    def use(self, name: str, slug: str) -> None:
        network = Network.objects.filter(slug=slug).first()
        if network is None:
            there = ", ".join(Network.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"No network is called {slug!r}. There are: {there or 'none yet'}.")
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
            read_rules(text)
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
        except RulesWrong as wrong:
            raise CommandError("\n".join([*wrong.problems, "Nothing was changed."])) from wrong
        use_rules(network=network, text=text, by=None, at=timezone.now())
        self.stdout.write(f"{network.slug} keeps things by these rules from now on.")

    def run(self, *, dry: bool) -> None:
        at = timezone.now()
        for here in Organisation.objects.order_by("slug"):
            counts = due_now(here, at=at) if dry else let_go(organisation=here, by=None, at=at)
            rules = rules_of(here)
            for kind, count in counts.items():
                if count:
                    does = "would go" if dry else "went"
                    self.stdout.write(f"{here.slug}: {kind}: {count} {does}. {rules[kind].because}")
            if not any(counts.values()):
                self.stdout.write(f"{here.slug}: nothing is over.")
