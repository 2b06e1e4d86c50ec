from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goround.apps.accounts.signing_in import user_by_passphrase
from goround.apps.organisations.selectors import demo_people
from goround.web.public.forms import BeSomebodyForm, SignInForm
from goround.web.public.helplines import helplines
from goround.web.public.places import places_of


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Ready to answer. Says nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What this is for a visitor; for somebody signed in, the places open to them."""
    if not request.user.is_authenticated:
        return render(request, "public/welcome.html", {"people": _people_to_be(request)})
    places = places_of(request.user)
    if len(places) == 1 and places[0].links:
        return redirect(places[0].links[0].url)
    return render(request, "public/home.html", {"places": places})


@require_GET
def crisis(request: HttpRequest) -> HttpResponse:
    return render(request, "public/crisis.html", {"countries": helplines()})


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Who sees what, in plain words."""
    return render(request, "public/privacy.html")


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = user_by_passphrase(**form.credentials(), at=timezone.now())
        if user is not None:
            login(request, user)
            return redirect(_safe_next(request))
        # The same words for a wrong passphrase and for nobody of that handle.
        form.add_error(None, _("That handle and passphrase do not go together. Try again."))
    context = {"form": form, "next": request.GET.get("next", ""), "people": _people_to_be(request)}
    return render(request, "public/sign_in.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("public:home")


@require_POST
def be_somebody(request: HttpRequest) -> HttpResponse:
    """The demo's way in: be one of its invented people. Not there in production."""
    if not settings.CHOOSE_WHO_TO_BE:
        raise Http404
    form = BeSomebodyForm(request.POST, people=demo_people(request.user))
    if not form.is_valid():
        raise Http404
    login(request, form.cleaned_data["person"])
    return redirect(_safe_next(request))


def _people_to_be(request: HttpRequest) -> object:
    return demo_people(request.user) if settings.CHOOSE_WHO_TO_BE else []


def _safe_next(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}):
        return asked
    return "public:home"
