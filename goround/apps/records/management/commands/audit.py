from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from goround.apps.audit.chains import Checkpoint, Finding, chains, check
from goround.apps.organisations.models import Organisation
from goround.domain.privacy.chain import Break, Fault

INSTALLATION = "installation"

SAID = {
    Fault.ALTERED: "entry {n} was changed, or put in another's place",
    Fault.MISSING: "entry {n} is missing",
    Fault.OUT_OF_PLACE: "entry {n} stands where it does not belong",
    Fault.CUT_SHORT: "the chain was cut: entry {n} and all after it are gone",
    Fault.BEYOND_THE_HEAD: "entry {n} was put in behind the end",
    Fault.HEAD_MISSING: "the head is gone, and the entries from {n} on prove nothing",
    Fault.HEAD_FORGED: "the head, at entry {n}, was not written by Goround",
    Fault.NOT_AS_EXPECTED: "entry {n} is not the one that was written down",
}


class Command(BaseCommand):
    help = (
        "Check the audit trail: follow each organisation's chain from its first entry and say "
        "where it breaks. Ends with status 1 if one does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        does = parser.add_subparsers(dest="does", metavar="verify", required=True)
        verify = does.add_parser("verify", help="follow the chains and say where one breaks")
        verify.add_argument(
            "--organisation",
            help=f"only this one, by its short name in addresses, or {INSTALLATION!r} for the "
            "entries that belong to none",
        )
        verify.add_argument(
            "--expect",
            metavar="NUMBER:LINK",
            help="an end that an earlier check printed; the chain must still lead through it",
        )

    def handle(self, *, organisation: str | None, expect: str | None, **options: Any) -> None:
        if expect and not organisation:
            raise CommandError("--expect belongs to one chain: say --organisation too.")
        checkpoint = self.checkpoint(expect) if expect else None
        slugs = dict(Organisation.objects.values_list("pk", "slug"))
        broken = 0
        for one in self.asked(organisation, slugs):
            name = INSTALLATION if one is None else slugs.get(one, f"organisation #{one}, unknown")
            broken += self.say(name, check(one, expect=checkpoint))
        if broken:
            raise CommandError(
                "The trail does not hold. Keep the database as it is, make a copy, and compare "
                "it with a backup."
            )

    def asked(self, slug: str | None, slugs: dict[int, str]) -> list[int | None]:
        if slug is None:
            # An organisation whose chain was taken out whole is asked about too.
            there = {*chains(), *slugs}
            return sorted(there, key=lambda each: (each is not None, each or 0))
        if slug == INSTALLATION:
            return [None]
        for pk, known in slugs.items():
            if known == slug:
                return [pk]
        names = ", ".join(sorted(slugs.values())) or "none yet"
        raise CommandError(f"No organisation is called {slug!r}. There are: {names}.")

    def checkpoint(self, text: str) -> Checkpoint:
        try:
            return Checkpoint.read(text)
        except ValueError:
            raise CommandError(
                "--expect must be a number, a colon and 64 letters and digits, as printed."
            ) from None

    def say(self, name: str, finding: Finding) -> bool:
        if finding.broken:
            self.stdout.write(f"{name}: BROKEN: {sentence(finding.broken)}.")
        elif finding.head is None:
            self.stdout.write(f"{name}: no entries yet.")
        else:
            self.stdout.write(f"{name}: whole, {finding.entries} entries, ends at {finding.head}")
        return finding.broken is not None


def sentence(broken: Break) -> str:
    return SAID[broken.fault].format(n=broken.number)
