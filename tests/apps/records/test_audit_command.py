from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from goround.apps.audit.chains import check
from goround.apps.audit.models import Chain, Event
from goround.apps.audit.services import record
from goround.apps.jobs.daily import Clock
from tests.make import NOON, make_organisation, make_user, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    here = make_organisation(slug="family-house")
    for _ in range(3):
        record("venue.changed", make_venue(here), by=None, at=NOON)
    return here


def verify(*options: str) -> tuple[str, str]:
    """What the command printed, and its complaint."""
    printed = StringIO()
    try:
        call_command("audit", "verify", *options, stdout=printed)
    except CommandError as complaint:
        return printed.getvalue(), str(complaint)
    return printed.getvalue(), ""


def test_verify_prints_the_end_of_each_chain(here):
    make_organisation(slug="new-house")
    record("user.created", make_user(), by=None, at=NOON)

    printed, complaint = verify()

    assert complaint == ""
    assert printed.splitlines() == [
        f"installation: whole, 1 entries, ends at {check(None).head}",
        f"family-house: whole, 3 entries, ends at {check(here.pk).head}",
        "new-house: no entries yet.",
    ]


def test_verify_names_the_organisation_and_the_first_broken_entry(here):
    Event.objects.filter(organisation_id=here.pk, number=2).update(by_id=99)

    printed, complaint = verify("--organisation", "family-house")

    assert printed == ("family-house: BROKEN: entry 2 was changed, or put in another's place.\n")
    assert complaint.startswith("The trail does not hold.")


def test_verify_expects_an_end_printed_before(here):
    kept = str(check(here.pk).head)

    assert verify("--organisation", "family-house", "--expect", kept)[1] == ""
    other = kept[:-1] + ("0" if kept[-1] != "0" else "1")
    printed, complaint = verify("--organisation", "family-house", "--expect", other)
    assert "entry 3 is not the one that was written down" in printed
    assert complaint


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--expect", "3:" + "a" * 64], "belongs to one chain"),
        (["--organisation", "family-house", "--expect", "3"], "must be a number"),
        (["--organisation", "no-house"], "No organisation is called 'no-house'"),
    ],
)
def test_verify_says_what_it_cannot_do(here, options, says):
    assert says in verify(*options)[1]


def test_worker_checks_every_day_and_keeps_what_it_found(here, caplog):
    Event.objects.filter(organisation_id=here.pk, number=2).delete()

    Clock().tick(at=NOON)

    chain = Chain.objects.get(organisation_id=here.pk)
    assert (chain.checked_at, chain.fault, chain.fault_number) == (NOON, "missing", 2)
    assert f"the trail of organisation #{here.pk} is missing at entry 2" in caplog.text


def test_worker_logs_where_each_chain_ends(here, caplog):
    caplog.set_level("INFO", "goround.trail")

    Clock().tick(at=NOON)

    assert Chain.objects.get(organisation_id=here.pk).fault == ""
    assert f"is whole and ends at {check(here.pk).head}" in caplog.text
