"""The pages, killed while parents send in a form: what was acknowledged is there, once."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import pytest

from goround.apps.people.receipts import hash_of, receipt_words
from tests.kills.installation import Installation, Web, kills

KILLS = kills(at_least=5)
PARENTS_AT_ONCE = 3
BEGIN = """
from tests.make import make_programme
make_programme(door="door")
"""


@pytest.fixture
def web(tmp_path) -> Iterator[Web]:
    installation = Installation(tmp_path).migrated()
    installation.python(BEGIN)
    with closing(Web(installation)) as web:
        web.wait_until_ready()
        yield web


class Visitor(threading.Thread):
    """A parent who opens the door's page and sends it in until it is answered, over and over."""

    def __init__(self, port: int, enough: threading.Event) -> None:
        super().__init__()
        self.port, self.enough = port, enough
        self.acknowledged: list[str] = []
        self.refused: list[int] = []

    def run(self) -> None:
        while not self.enough.is_set():
            opened = self.ask("GET", "/join/door/")
            if opened is None or opened[0] != 200:
                continue
            _, page, cookie = opened
            self.send(_value(page, "secret"), _value(page, "csrfmiddlewaretoken"), cookie)

    def send(self, secret: str, token: str, cookie: str) -> None:
        form = {"csrfmiddlewaretoken": token, "secret": secret, "alias": "Calm River"}
        while not self.enough.is_set():
            answer = self.ask("POST", "/join/door/", urlencode(form), cookie)
            if answer is None or answer[0] == 503:
                continue
            if answer[0] == 200 and receipt_words(secret) in answer[1]:
                self.acknowledged.append(secret)
            else:
                self.refused.append(answer[0])
            return

    def ask(
        self, method: str, path: str, body: str | None = None, cookie: str = ""
    ) -> tuple[int, str, str] | None:
        """Status, page and cookie; None when the pages died over it."""
        headers = {"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}
        if cookie:
            headers["Cookie"] = cookie
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            return response.status, text, (response.getheader("Set-Cookie") or "").split(";")[0]
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()


def _value(page: str, name: str) -> str:
    tag = next(tag for tag in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in tag)
    found = re.search(r'value="([^"]*)"', tag)
    assert found, f"{name} has no value"
    return found.group(1)


def test_killed_pages_keep_what_they_acknowledged_once(web):
    moments, enough = random.Random(414), threading.Event()
    visitors = [Visitor(web.port, enough) for _ in range(PARENTS_AT_ONCE)]
    for visitor in visitors:
        visitor.start()
    try:
        for _ in range(KILLS):
            enough.wait(moments.uniform(0.05, 1.5))
            web.kill_and_start_again()
    finally:
        enough.wait(1)
        enough.set()
        for visitor in visitors:
            visitor.join(timeout=90)

    acknowledged = [secret for visitor in visitors for secret in visitor.acknowledged]
    kept = [row[0] for row in web.installation.ask("SELECT receipt_hash FROM people_referral")]
    assert [status for visitor in visitors for status in visitor.refused] == []
    assert len(acknowledged) >= KILLS
    assert {hash_of(receipt_words(secret)) for secret in acknowledged} <= set(kept)
    assert len(kept) == len(set(kept))
    assert _numbers(web.installation, "people_parent") == [len(kept)]
    # Neither a parent without a referral nor an act without its entry in the trail.
    for kind in ("parent.added", "referral.made"):
        counted = "SELECT count(*), count(DISTINCT subject_id) FROM audit_event WHERE kind = "
        assert web.installation.ask(f"{counted}'{kind}'") == [(len(kept), len(kept))]
    assert web.installation.ask("PRAGMA integrity_check") == [("ok",)]


def _numbers(installation: Installation, table: str) -> list[int]:
    return [row[0] for row in installation.ask(f"SELECT count(*) FROM {table}")]
