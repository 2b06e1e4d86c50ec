"""What somebody who works here was told, and where they want to be told by e-mail."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from goround.apps.outbox.kinds import kind_of
from goround.apps.outbox.selectors import notices_for, own_address
from goround.apps.outbox.services import set_own_address
from goround.web.rendering import Request, sent

SHOWN = 50


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy(
            "A note says that something waits for you, and never what. Leave it empty to read "
            "them here only."
        ),
        error_messages={
            "invalid": gettext_lazy("This is not a whole e-mail address, such as name@example.org.")
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@require_http_methods(["GET", "POST"])
def notices(request: Request) -> HttpResponse:
    form = AddressForm(sent(request), initial={"email": own_address(request.user)})
    if request.method == "POST" and form.is_valid():
        set_own_address(email=form.cleaned_data["email"], by=request.user, at=timezone.now())
        messages.success(request, _("This is kept from now on."))
        return redirect("public:notices")
    told = [(notice, kind_of(notice).label) for notice in notices_for(request.user)[:SHOWN]]
    return render(request, "public/notices.html", {"form": form, "told": told})
