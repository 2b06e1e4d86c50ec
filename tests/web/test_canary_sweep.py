"""Words that are known to nobody else are brought in by every door; then all is searched for them.

What is locked or sealed, and every secret, is found nowhere. What an organisation keeps in the
open stands in its own columns and nowhere else: no log, mail, address, session or trail has it.
"""

from __future__ import annotations

import logging
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.exception import response_for_exception
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test import Client, RequestFactory
from django.utils import timezone

from goround.apps.accounts.services import create_user
from goround.apps.accounts.ways_in import make_way_in
from goround.apps.audit.services import record
from goround.apps.jobs.models import Job
from goround.apps.jobs.services import ask_for
from goround.apps.jobs.work import _handlers, handles, run_next
from goround.apps.organisations.models import RoleAssignment
from goround.apps.organisations.roles import Role
from goround.apps.outbox.models import Message
from goround.apps.outbox.sending import send_some
from goround.apps.people.models import Parent
from goround.apps.safeguarding.models import Concern, Opening
from tests.mail_server import Post, mail_server
from tests.make import (
    make_group,
    make_meeting,
    make_membership,
    make_organisation,
    make_parent,
    make_programme,
    make_user,
)
from tests.make_lists import as_csv, row
from tests.make_safeguarding import make_lead_with_key, open_sealed

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.77"
# Locked, sealed, or a secret: nowhere at all.
HIDDEN = {
    name: f"kanarie{name}"
    for name in (
        "contact", "reach", "worry", "where", "reason", "part", "allowed", "emergency",
        "passphrase", "wrong", "typed", "badrow", "agent", "crash", "job",
    )
} | {"mailbox": "kanariemailbox@example.org", "address": ADDRESS}  # fmt: skip
# Kept in the open inside one organisation.
OPEN = {name: f"kanarie{name}" for name in ("alias", "elsewhere", "goodrow", "because", "hall")}
KIND = "tests.fails"


class Watched(Client):
    """A browser at a known address, of which every address asked for and every header is kept."""

    def __init__(self, seen: list[str]) -> None:
        super().__init__(
            REMOTE_ADDR=ADDRESS,
            HTTP_X_FORWARDED_FOR=ADDRESS,
            HTTP_USER_AGENT=HIDDEN["agent"],
            raise_request_exception=False,
        )
        self.seen = seen

    def request(self, **sent: Any) -> Any:
        answer = super().request(**sent)
        assert answer.status_code < 500
        address = f"{sent.get('PATH_INFO')}?{sent.get('QUERY_STRING')}"
        self.seen.append(f"{address}\n{answer.headers}\n{answer.cookies}")
        return answer


@dataclass
class Place:
    """Everything that stays behind after a day's work, by where it lies."""

    folder: Path
    log: StringIO
    post: Post
    printed: Callable[[], Any]
    addresses: list[str] = field(default_factory=list)
    # What was not to be found when the day began, and what came up during it.
    hidden: dict[str, str] = field(default_factory=HIDDEN.copy)

    def left(self) -> dict[str, bytes]:
        mails = [re.sub(rb"(?m)^To: .*$", b"", letter.text) for letter in self.post.letters]
        return {
            "database": _database(),
            "sessions": _sessions(),
            "trail": _rows("audit_event"),
            "jobs": _rows("jobs_job"),
            "tries": _rows("accounts_tries"),
            "cache": repr(vars(cache._connections[cache._alias])).encode(),  # type: ignore[attr-defined]
            "log": self.log.getvalue().encode(),
            "printed": repr(self.printed()).encode(),
            "mail": b"\n".join(mails),
            "addresses": "\n".join(self.addresses).encode(),
            **{each.name: each.read_bytes() for each in self.folder.rglob("*") if each.is_file()},
        }

    def hits(self) -> set[tuple[str, str]]:
        """Where something was found that must not be there."""
        found = set()
        for place, text in self.left().items():
            wanted = self.hidden if place == "database" else self.hidden | OPEN
            low = text.lower()
            for name, word in wanted.items():
                if word.encode() in low or word.encode().hex().encode() in low:
                    found.add((place, name))
        return found


def _rows(table: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return b"\n".join(_bytes(cell) for row in cursor.fetchall() for cell in row)


def _bytes(cell: object) -> bytes:
    return bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()


def _database() -> bytes:
    """Every cell of every table; on SQLite the file itself, with whatever its free places hold."""
    if connection.vendor == "sqlite":
        return bytes(connection.connection.serialize())
    return b"\n".join(_rows(table) for table in connection.introspection.table_names())


def _sessions() -> bytes:
    from django.contrib.sessions.models import Session

    return repr([each.get_decoded() for each in Session.objects.all()]).encode()


@pytest.fixture
def place(settings, tmp_path, monkeypatch, capfd) -> Iterator[Place]:
    """Mail goes to a real server, uploads through the disk, and the log is the product's own."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = "goround.apps.outbox.post.NeutralBackend"
    settings.MAIL_NAME, settings.DEFAULT_FROM_EMAIL = "Notes", "notes@mail.example.net"
    settings.PUBLIC_URL = "https://calm.example.net"
    [console] = [each for each in logging.getLogger().handlers if each.name == "console"]
    log = StringIO()
    before = console.setStream(log)  # type: ignore[attr-defined]
    with mail_server() as post:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post.port
        yield Place(tmp_path, log, post, capfd.readouterr)
    console.setStream(before)  # type: ignore[attr-defined]
    cache.clear()


def drive(place: Place) -> None:
    """A day's work of everybody, with a canary in every box."""
    host = make_organisation(name="House")
    programme = make_programme(host)
    make_parent(make_organisation(), alias=OPEN["elsewhere"])
    rosa = _signed_in(place, host, Role.COORDINATOR, "rosa")
    _parents_come(place, rosa, host, programme)
    parent = Parent.objects.get(alias=OPEN["alias"])
    lead, _private, phrase = make_lead_with_key(host)
    place.hidden["phrase"] = phrase
    ruth = Watched(place.addresses)
    ruth.force_login(lead)
    open_sealed(ruth, host, phrase)
    _worry_and_keep_apart(place, ruth, host, parent)
    _break_the_glass(rosa, host, parent, lead)
    _write_to(rosa, host, parent)
    _guess(place)
    _fail(host, lead)
    call_command("backup", str(place.folder / "backups"))


def _signed_in(place: Place, host: Any, role: Role, handle: str) -> Watched:
    words = f"{HIDDEN['passphrase']} stone candle window moss"
    user = create_user(handle=handle, passphrase=words, by=None, at=timezone.now())
    RoleAssignment.objects.create(user=user, role=role, organisation=host)
    client = Watched(place.addresses)
    client.post("/sign-in/", {"handle": handle, "passphrase": words})
    assert client.get("/me/").status_code == 200
    return client


def _parents_come(place: Place, rosa: Watched, host: Any, programme: Any) -> None:
    told = {
        "secret": "0123456789abcdef" * 2,
        "alias": OPEN["alias"],
        "agreed_on": host.local(timezone.now()).date().isoformat(),
        "source": "hospitals",
        "agency": "Welcome Baby",
        "safe_contact": HIDDEN["contact"],
        "safe_email": HIDDEN["mailbox"],
    }
    here = f"/o/{host.slug}/"
    rosa.post(f"{here}waiting/refer/", told | {"agreed_on": "never"})
    rosa.post(f"{here}waiting/refer/", told)
    data = as_csv([row(OPEN["goodrow"]), row(HIDDEN["badrow"], lat="95")])
    sent = {"kind": "parents", "programme": programme.pk}
    shown = rosa.post(
        f"{here}imports/", sent | {"file": SimpleUploadedFile("list.csv", data, "text/csv")}
    )
    at = shown.headers["Location"]
    assert HIDDEN["badrow"] in rosa.get(at).text
    rosa.get(f"{at}rejected.csv")
    rosa.post(f"{at}save/")
    run_next("worker")
    assert Parent.objects.filter(reference=OPEN["goodrow"]).exists()
    for page in ("", "waiting/", "imports/", "groups/", "people/", "month/", "trail/", "outbox/"):
        assert rosa.get(f"{here}{page}").status_code == 200


def _worry_and_keep_apart(place: Place, ruth: Watched, host: Any, parent: Parent) -> None:
    here, other = f"/o/{host.slug}/lead/", make_parent(host, alias="Brave Maple")
    said = {"about": "child", "what": HIDDEN["worry"], "where": HIDDEN["where"]}
    _signed_in(place, host, Role.PARENT, "ida").post(
        "/worried/", said | {"at": host.slug, "reach": HIDDEN["reach"]}
    )
    concern = Concern.objects.get()
    assert HIDDEN["worry"] in ruth.get(f"{here}concerns/{concern.pk}/").text
    ruth.post(
        f"{here}apart/new/",
        {
            "find-one": OPEN["alias"],
            "find-other": "maple",
            "do": "record",
            "one": parent.pk,
            "other": other.pk,
            "part_of_one": HIDDEN["part"],
            "part_of_other": HIDDEN["part"],
            "scope": "place",
            "reason": HIDDEN["reason"],
            "authorised_by": HIDDEN["allowed"],
        },
    )
    assert OPEN["alias"] in ruth.get(f"{here}apart/").text


def _break_the_glass(rosa: Watched, host: Any, parent: Parent, second: Any) -> None:
    page = f"/o/{host.slug}/emergency/"
    rosa.post(
        page,
        {
            "find-called": OPEN["alias"],
            "do": "record",
            "parent": parent.pk,
            "scope": "contact",
            "minutes": "15",
            "reason": HIDDEN["emergency"],
            "second": second.pk,
        },
    )
    assert HIDDEN["contact"] in rosa.get(f"{page}{Opening.objects.get().pk}/").text


def _write_to(rosa: Watched, host: Any, parent: Parent) -> None:
    """They agreed to be written to, and a meeting of theirs is called off."""
    record_of = f"/o/{host.slug}/parents/{parent.pk}/"
    yes = {"purpose": "messages", "recipient": "", "answer": "yes", "how": "in-words"}
    rosa.post(f"{record_of}agreed/", yes)
    for page in ("", "copy/", "copy/file/", "reach/"):
        assert rosa.get(f"{record_of}{page}").status_code == 200
    group = make_group(parent.referrals.get().programme, name=OPEN["hall"])
    make_membership(group, parent, alias=OPEN["alias"])
    meeting = make_meeting(group, starts_at=timezone.now() + timedelta(days=3))
    rosa.post(
        f"/o/{host.slug}/groups/{group.pk}/meetings/{meeting.pk}/",
        {"do": "cancel", "cancel-because": OPEN["because"]},
    )
    send_some("worker")


def _guess(place: Place) -> None:
    somebody = create_user(
        handle="invited", passphrase=None, by=None, at=timezone.now(), shown_as="Invited"
    )
    words = make_way_in(user=somebody, kind="sign-up", by=None, at=timezone.now())
    place.hidden["invitation"] = words
    browser = Watched(place.addresses)
    browser.post("/sign-in/", {"handle": HIDDEN["typed"], "passphrase": HIDDEN["wrong"]})
    for page in ("/hello/", "/sign-in/card/", "/sign-in/code/", "/join/receipt/"):
        asked = browser.post(page, {"words": f"{HIDDEN['wrong']} and more words"})
        assert asked.status_code == 200
    browser.post("/hello/", {"words": words})


def _fail(host: Any, by: Any) -> None:
    """A page and a job break off, with what somebody typed in the error's own words."""

    @handles(KIND)
    def fails(work: Any) -> None:
        raise ValueError(HIDDEN["job"])

    ask_for(kind=KIND, subject_id=1, organisation=host, by=by, at=timezone.now())
    run_next("worker")
    _handlers.pop(KIND)
    try:
        raise IntegrityError(f"DETAIL: Key (alias)=({HIDDEN['crash']}) already exists.")
    except IntegrityError as error:
        response_for_exception(RequestFactory().get("/"), error)


def test_what_is_hidden_is_nowhere_and_what_is_open_stays_in_its_place(place):
    drive(place)

    told = Message.objects.get(parent__alias=OPEN["alias"])
    assert told.status == Message.Status.SENT
    assert len(place.post.letters) == 1
    assert Job.objects.get(kind=KIND).status == Job.Status.FAILED
    left = place.left()
    assert [
        name for name, word in OPEN.items() if word.encode() not in left["database"].lower()
    ] == []
    assert {"log", "sessions", "trail", "addresses"} <= {name for name in left if left[name]}
    assert [path.name for path in (place.folder / "temporary").iterdir()] == []
    assert any(name.endswith(".backup") for name in left)
    assert place.hits() == set()


LEAKS: dict[str, Callable[[Place, str], object]] = {
    "database": lambda place, word: make_parent(make_organisation(), alias=word),
    "trail": lambda place, word: record(
        "x.done", make_organisation(), by=None, at=timezone.now(), name=word
    ),
    "log": lambda place, word: logging.getLogger("goround").warning(word),
    "printed": lambda place, word: sys.stdout.write(word),
    "cache": lambda place, word: cache.set("k", word),
    "addresses": lambda place, word: Watched(place.addresses).get("/crisis/", {"q": word}),
    "note.txt": lambda place, word: (place.folder / "temporary/note.txt").write_text(word),
    "sessions": lambda place, word: _in_session(word),
    "jobs": lambda place, word: Job.objects.create(
        kind=word,
        subject_id=1,
        organisation=make_organisation(),
        asked_by=make_user(),
        asked_at=timezone.now(),
    ),
}


def _in_session(word: str) -> None:
    session = Client().session
    session["kept"] = word
    session.save()


@pytest.mark.parametrize("where", LEAKS)
def test_the_sweep_finds_a_leak(place, where):
    assert place.hits() == set()

    LEAKS[where](place, HIDDEN["worry"])

    assert (where, "worry") in place.hits()
