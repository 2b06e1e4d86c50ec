"""One page with every part of the look in a likely place, for those who build pages."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("ar", _("Arabic"))]
MODES = [("in-person", _("in person")), ("online", _("online"))]


class SampleForm(forms.Form):
    alias = forms.CharField(
        label=_("What may we call you?"), help_text=_("Any name you like. It need not be yours.")
    )
    postcode = forms.CharField(
        label=_("Postcode"),
        help_text=_("We keep only the rough area."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )
    language = forms.ChoiceField(label=_("Language of the group"), choices=LANGUAGES)
    modes = forms.MultipleChoiceField(
        label=_("How would you like to meet?"),
        choices=MODES,
        widget=forms.CheckboxSelectMultiple,
    )
    again = forms.ChoiceField(
        label=_("Have you been to a group before?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        required=False,
    )
    children = forms.IntegerField(
        label=_("Children coming along"),
        min_value=0,
        initial=0,
        widget=forms.NumberInput(attrs={"data-stepper": True, "inputmode": "numeric"}),
    )
    more = forms.CharField(
        label=_("Anything else we should know"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    waiting_list = forms.FileField(
        label=_("Waiting list"), help_text=_("A CSV file, at most 12 MB."), required=False
    )
    agreed = forms.BooleanField(label=_("I have read who will see this"))


@require_http_methods(["GET", "POST"])
def styleguide(request: HttpRequest) -> HttpResponse:
    """Only where nobody real is: in the demo and in tests."""
    if settings.ENV not in {"demo", "test"}:
        raise Http404
    paginator = Paginator(range(1, 415), 50)
    context = {
        "form": SampleForm(),
        "wrong": SampleForm({"alias": "", "postcode": "90012", "children": "-1"}),
        "page": paginator.get_page(request.GET.get("page")),
        "names": ["Marigold", "Blue Kite", "Sam", "Rosa", "Juniper", "A quiet man", "Noor", "T."],
    }
    return render(request, "public/styleguide.html", context)
