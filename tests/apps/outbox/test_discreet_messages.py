"""Every kind of message in every language over every channel: not one revealing word.

Channels: the e-mail with all its headers, the words drafted for somebody to read out or copy, and
the calendar file.
"""

from __future__ import annotations

import re

import pytest
from django.conf import settings as configured
from django.utils import timezone
from django.utils.translation import override

from goround.apps.groups.invited import tell_place
from goround.apps.groups.words import invitation_for
from goround.apps.meetings.calendar import calendar_of
from goround.apps.meetings.notices import remind_all
from goround.apps.meetings.services import move_meeting, restore_meeting
from goround.apps.organisations.roles import Permission
from goround.apps.outbox.kinds import all_kinds
from goround.apps.outbox.models import Message, StaffAddress
from goround.apps.outbox.recipients import who_holds
from goround.apps.outbox.sending import send_some
from goround.apps.outbox.services import tell_staff
from goround.apps.outbox.staff import ACCESS_ALERT, CHECK_ENDS, REVIEW_OWED
from goround.domain.privacy.discreet import revealing
from tests.make import (
    make_coordinator,
    make_group,
    make_network,
    make_organisation,
    make_programme,
    make_venue,
)
from tests.make_children import PLAYBOOK
from tests.make_every_message import cause_at_the_children, cause_in_the_room
from tests.make_messages import cancel, in_days, make_member, make_planned
from tests.make_safeguarding import make_concern, make_lead

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in configured.LANGUAGES]
# Every text that somebody here writes, and that must never leave.
SECRET = "CANARY support for parents"


def make_secretive_member(language: str):
    network = make_network(name=SECRET)
    host = make_organisation(name=SECRET, network=network)
    venue = make_venue(host, name=SECRET, address=SECRET)
    group = make_group(make_programme(host, PLAYBOOK, name=SECRET), name=SECRET, venue=venue)
    return make_member(group, alias=SECRET, languages=(language,))


def cause_everything(member) -> None:
    """One message of each kind there is."""
    group, now = member.group, timezone.now()
    ana = make_coordinator(group.organisation, language=member.parent.languages[0])
    StaffAddress.objects.create(user=ana, email="staff@example.org")
    tell_place(member, group, by=ana, at=now)
    cancel(make_planned(member))
    restored = cancel(make_planned(member, starts_at=in_days(4)))
    restore_meeting(meeting=restored, by=ana, at=now)
    moved = make_planned(member, starts_at=in_days(5))
    move_meeting(meeting=moved, starts_at=in_days(6), because=SECRET, by=ana, at=now)
    make_planned(member, starts_at=in_days(1))
    remind_all(at=now)
    for kind in (CHECK_ENDS, ACCESS_ALERT, REVIEW_OWED):
        tell_staff(
            organisation=group.organisation,
            users=who_holds(group.organisation, Permission.MANAGE_GROUPS)[:1],
            kind=kind,
            event="one",
            about_id=1,
            facts={"on": "2026-05-01"},
            best_before=in_days(9),
            by=ana,
            at=now,
        )
    lead = make_lead(group.organisation, language=ana.language)
    StaffAddress.objects.create(user=lead, email="lead@example.org")
    make_concern(group.organisation, SECRET, at=now)
    cause_at_the_children(member, SECRET, by=ana, at=now)
    cause_in_the_room(member, SECRET, by=ana, at=now)
    Message.objects.update(due_at=now)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_tells_what_it_is_about(post, language):
    cause_everything(make_secretive_member(language))
    caused = {message.kind for message in Message.objects.all()}

    send_some("one", most=99)

    assert caused == {kind.key for kind in all_kinds()}
    sent = Message.objects.filter(status="sent")
    assert {message.kind for message in sent} == caused
    for letter in post.letters:
        assert_discreet(letter, language)


def assert_discreet(letter, language: str) -> None:
    read = letter.read
    body = read.get_content()
    headers = "\n".join(f"{name}: {value}" for name, value in read.items())
    headers = headers.replace(str(read["To"]), "")
    shown = re.sub(r"https://calm\.example\.net/stop/\S+", "", f"{headers}\n{body}")

    assert revealing(shown, language=language) == []
    assert "CANARY" not in letter.text.decode()
    assert read["From"] == "Notes <notes@mail.example.net>"
    assert str(read["Subject"]).strip()
    # What a telephone shows beside the subject.
    assert body.splitlines()[0].strip()
    assert (read.get_content_type(), read.is_multipart()) == ("text/plain", False)
    links = re.findall(r"https?://\S+", body)
    assert all(link.startswith("https://calm.example.net/stop/") for link in links)
    known = {
        "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To",
        "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post",
        "X-Peer", "X-MailFrom", "X-RcptTo",
    }  # fmt: skip
    assert set(read.keys()) <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_drafted_words_tell_nothing_of_their_own(language):
    """Place and alias are the group's own words, which a person looks at before they copy them."""
    member = make_member(make_group(language=language), alias="Calm River")

    with override(language):
        words = invitation_for(member, group=member.group)

    assert revealing(words, language=language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_calendar_files_tell_nothing_of_their_own(language):
    group = make_secretive_member(language).group
    group.venue = None
    group.save()
    ana = make_coordinator(group.organisation)

    with override(language):
        calendar = calendar_of(ana, group).decode()

    # The name of the programme that made a file stands in it, and no telephone shows it.
    shown = [line for line in calendar.splitlines() if not line.startswith(("PRODID", "UID"))]
    assert "CANARY" not in calendar
    assert revealing("\n".join(shown), language=language) == []


def test_the_mail_service_is_greeted_with_our_domain_and_not_the_machine(post):
    cause_everything(make_secretive_member("en"))

    send_some("one")

    assert set(post.greetings) == {"mail.example.net"}
