"""A message as it goes out: plain words, a neutral sender, nothing that tracks or signs in."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formataddr
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from goround.apps.outbox.kinds import Words
from goround.apps.outbox.models import Message
from goround.apps.outbox.recipients import Recipient
from goround.apps.outbox.stopping import stop_word
from goround.domain.privacy.discreet import revealing

STOP_PAGE = "public:stop_messages"


class NotDiscreet(Exception):
    """The words would have told somebody else what this is about. They are not sent."""


class NeutralBackend(EmailBackend):
    """SMTP that greets with the sender's domain: the machine's own name stays here."""

    @property
    def connection_class(self) -> Callable[..., Any]:  # type: ignore[override]
        return partial(_greeting_with_our_domain, super().connection_class)


def _greeting_with_our_domain(
    connection: Callable[..., Any], host: str, port: int, **options: Any
) -> Any:
    return connection(host, port, **options | {"local_hostname": sender_domain()})


def sender_domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2] or "localhost"


def compose(message: Message, words: Words, recipient: Recipient) -> EmailMessage:
    """The e-mail to one person. Raises ``NotDiscreet`` for words that say too much."""
    stop = stop_link(message)
    lines = [*words.lines, *_ending(stop)]
    told = "\n".join((words.subject, settings.MAIL_NAME, *lines)).replace(stop or "\0", "")
    if revealing(told, language=recipient.language):
        raise NotDiscreet(f"the words of {message} are not discreet")
    headers = {
        # The same each time it is tried, so that a mail service can tell a second copy.
        "Message-ID": f"<{_mark_of(message)}@{sender_domain()}>",
        "Auto-Submitted": "auto-generated",
    }
    if stop:
        headers |= {
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return EmailMessage(
        subject=" ".join(words.subject.split()),
        body="\n".join(lines) + "\n",
        from_email=formataddr((settings.MAIL_NAME, settings.DEFAULT_FROM_EMAIL)),
        to=[recipient.address],
        headers=headers,
    )


def stop_link(message: Message) -> str:
    """For parents. People who work here change their address on their own page."""
    if message.parent_id is None:
        return ""
    word = stop_word(organisation_id=message.organisation_id, parent_id=message.parent_id)
    return settings.PUBLIC_URL + reverse(STOP_PAGE, args=[word])


def _ending(stop: str) -> tuple[str, ...]:
    return ("", _("No more of these notes: %(link)s") % {"link": stop}) if stop else ()


def _mark_of(message: Message) -> str:
    mark = salted_hmac("goround.outbox.message", str(message.pk), algorithm="sha256")
    return mark.hexdigest()[:32]
