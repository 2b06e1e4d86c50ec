from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mail_server import Post, mail_server


@pytest.fixture
def post(settings) -> Iterator[Post]:
    """A mail server that the worker of this test sends to."""
    with mail_server() as post:
        settings.SENDS_MAIL = True
        # Tests get Django's backend in memory; these send for real.
        settings.EMAIL_BACKEND = "goround.apps.outbox.post.NeutralBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post.port
        settings.MAIL_NAME = "Notes"
        settings.DEFAULT_FROM_EMAIL = "notes@mail.example.net"
        settings.PUBLIC_URL = "https://calm.example.net"
        yield post
