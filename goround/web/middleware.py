from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from goround.apps.accounts.guessing import TooManyTries
from goround.apps.accounts.hashers import HashingBusy
from goround.apps.groups.membership import NotAMember
from goround.apps.organisations.one_look import one_look
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import (
    enter_by_door,
    enter_network,
    enter_organisation,
    enter_own_places,
    permissions_at,
)
from goround.apps.people.selectors import enter_own_record
from goround.apps.walls.places import request_of, roll_back
from goround.web.headers import put_on
from goround.web.policy import ASKS_AGAIN, FRONT_DOORS, LED_ON, POLICY, WITHOUT_FACTOR, Anyone
from goround.web.public.waiting import come_back_soon, wait_for_tries
from goround.web.rendering import Request
from goround.web.sessions import has_proved, owes_factor, was_left_alone


def page_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Nothing from elsewhere runs on a page, and no page stays in a shared device's cache.

    Outermost of all, so that refusals and files carry the same.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        put_on(response.headers, path=request.path)
        return response

    return answer


class WallMiddleware:
    """One transaction for each request that may see an organisation, and at first none is open.

    Only PostgreSQL has such a wall; elsewhere nothing happens here. A response that streams is
    written after the transaction, and a query made then finds nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        with ExitStack() as request.wall:
            if request.user.is_authenticated:
                request.wall.enter_context(request_of(request.user.pk))
            response = self.get_response(request)
            if response.status_code >= 500:
                roll_back()
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A view that broke off, even to say "not there", leaves nothing written."""
        roll_back()


def end_unused_sessions(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Whoever went away from a device is signed out there, and told so on the next page."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if was_left_alone(request):
            messages.info(
                request,
                _("You were away for a while, so you were signed out here. Please sign in again."),
            )
        return get_response(request)

    return answer


def speak_as_chosen(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The language of the account goes before the one that the device was last used in."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        chosen = request.user.language if request.user.is_authenticated else ""
        if chosen in dict(settings.LANGUAGES):
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        return get_response(request)

    return answer


def read_in_one_look(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """What opens to the viewer is asked once for a page that is read, anew for what is sent in."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with one_look():
            return get_response(request)

    return answer


class PolicyMiddleware:
    """Asks the policy table before a view runs; what it does not list is not there.

    Pages below ``/o/<organisation>/`` get ``request.organisation`` and the permissions held
    there, pages below ``/n/<network>/`` get ``request.network``. A stranger gets the answer
    of a page that does not exist.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: Request,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        match = request.resolver_match
        rule = POLICY.get(match.view_name) if match else None
        if rule is None:
            raise Http404
        name = match.view_name if match else ""
        if name in FRONT_DOORS:
            self._come_in(request, kwargs)
        if rule is Anyone.VISITOR and name not in LED_ON:
            return None
        if not request.user.is_authenticated:
            return None if rule is Anyone.VISITOR else redirect_to_login(request.path)
        if owes_factor(request) and name not in WITHOUT_FACTOR:
            return redirect("account:second_factor")
        if isinstance(rule, Permission):
            self._enter(request, rule, kwargs)
        elif rule is Anyone.SIGNED_IN:
            enter_own_places(request.user)
            enter_own_record(request.user)
        if name in ASKS_AGAIN and not has_proved(request):
            return self._ask_again(request)
        return None

    def _ask_again(self, request: HttpRequest) -> HttpResponse:
        """Nothing sent along is kept: the page is opened anew after they said who they are."""
        query = urlencode({"next": request.path})
        return redirect(f"{reverse('account:prove')}?{query}")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What may happen on many pages has the same answer on all."""
        match exception:
            case TooManyTries():
                return wait_for_tries(request, exception)
            case HashingBusy():
                return come_back_soon(request)
            case NotAMember():
                # Put out, or gone, since the page was asked for: as for any stranger.
                roll_back()
                return page_not_found(request, exception)
        return None

    def _come_in(self, request: Request, kwargs: dict[str, Any]) -> None:
        """Somebody from outside, perhaps signed in elsewhere, at a programme's own door."""
        if not request.user.is_authenticated:
            request.wall.enter_context(request_of(None))
        if "door" in kwargs:
            enter_by_door(request.user, kwargs["door"])

    def _enter(self, request: Request, needed: Permission, kwargs: dict[str, Any]) -> None:
        if "network" in kwargs:
            networks = enter_network(request.user)
            request.network = get_object_or_404(networks, slug=kwargs.pop("network"))
            return
        places = enter_organisation(request.user, needs=needed)
        request.organisation = get_object_or_404(places, slug=kwargs.pop("organisation"))
        request.permissions = permissions_at(request.user, request.organisation)
