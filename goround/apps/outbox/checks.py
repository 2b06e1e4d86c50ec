from collections.abc import Sequence
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from goround.domain.privacy.discreet import revealing


@register()
def the_sender_says_nothing(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """Name, address and link of a message are read by whoever looks at the telephone."""
    if not settings.SENDS_MAIL:
        return []
    shown = {
        "GOROUND_MAIL_NAME": settings.MAIL_NAME,
        "GOROUND_MAIL_FROM": settings.DEFAULT_FROM_EMAIL,
        "GOROUND_PUBLIC_URL": urlsplit(settings.PUBLIC_URL).hostname or "",
    }
    return [
        Warning(
            f"{name} tells what the messages are about: {', '.join(words)}.",
            hint="Choose one that could be anybody's; parents may share their device.",
            id="outbox.W001",
        )
        for name, text in shown.items()
        if (words := _said(text))
    ]


def _said(text: str) -> list[str]:
    return sorted(
        {word for code, _name in settings.LANGUAGES for word in revealing(text, language=code)}
    )
