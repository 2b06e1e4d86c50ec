from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def nobody_chooses_who_to_be_in_production(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """The demo's page of people to be is a way in for anybody; it must not be reachable."""
    if settings.PRODUCTION and settings.CHOOSE_WHO_TO_BE:
        return [
            Error(
                "GOROUND_CHOOSE_WHO_TO_BE is on while GOROUND_ENV is production.",
                hint="Leave GOROUND_CHOOSE_WHO_TO_BE unset; anybody could sign in as anybody.",
                id="accounts.E001",
            )
        ]
    return []


@register()
def staff_have_a_second_factor_in_production(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """Whoever sees parents' records needs more than words that can be overheard."""
    if settings.PRODUCTION and not settings.SECOND_FACTOR_REQUIRED:
        return [
            Error(
                "GOROUND_SECOND_FACTOR_REQUIRED is off while GOROUND_ENV is production.",
                hint="Leave GOROUND_SECOND_FACTOR_REQUIRED unset.",
                id="accounts.E002",
            )
        ]
    return []
