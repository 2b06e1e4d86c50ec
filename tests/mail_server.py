"""A real mail server for tests: it takes messages over SMTP on a free port and keeps them."""

from __future__ import annotations

import email
import email.policy
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Letter:
    to: str
    sender: str
    text: bytes
    at: float

    @property
    def read(self) -> EmailMessage:
        read = email.message_from_bytes(self.text, policy=email.policy.default)
        assert isinstance(read, EmailMessage)
        return read


@dataclass
class Post:
    """What the server took, and what it answers: change ``to_recipient`` to have it refuse."""

    letters: list[Letter] = field(default_factory=list)
    greetings: list[str] = field(default_factory=list)
    port: int = 0
    to_recipient: Callable[[str], str] = lambda address: "250 OK"
    when_taken: Callable[[Letter], None] = lambda letter: None

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.greetings.append(str(session.host_name))
        answer = self.to_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        for address in envelope.rcpt_tos:
            letter = Letter(address, envelope.mail_from or "", content, time.time())
            self.letters.append(letter)
            self.when_taken(letter)
        return "250 OK"

    def to(self) -> list[str]:
        return [letter.to for letter in self.letters]


class _Controller(Controller):
    """On any free port; aiosmtpd asks the port it was given, which is none."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(post: Post | None = None) -> Iterator[Post]:
    post = post or Post()
    before = set(threading.enumerate())
    controller = _Controller(post, hostname="127.0.0.1", port=0)
    controller.start()
    post.port = controller.port
    try:
        yield post
    finally:
        controller.stop()
        for thread in set(threading.enumerate()) - before:
            thread.join(timeout=5)
