"""The language somebody reads in: chosen in the menu, kept on the device and with the account."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from goround.apps.accounts.services import choose_language


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Back where they came from, in the language chosen; one we do not speak changes nothing."""
    code = request.POST.get("language", "")
    if request.user.is_authenticated and code in dict(settings.LANGUAGES):
        choose_language(user=request.user, language=code, by=request.user, at=timezone.now())
    return set_language(request)
