"""For somebody who is no lead: the one text that a lead wrote for them."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.safeguarding.readers import read
from goround.apps.safeguarding.selectors import readings_for
from goround.web.rendering import Request, sent

WORDS = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class WordsForm(forms.Form):
    phrase = forms.CharField(
        label=gettext_lazy("The six words you were told"),
        max_length=200,
        widget=forms.PasswordInput(attrs=WORDS),
    )


@require_GET
def readings(request: Request) -> HttpResponse:
    context = {"readings": readings_for(request.user)}
    return render(request, "reading/readings.html", context)


@require_http_methods(["GET", "POST"])
def reading(request: Request, reader_id: int) -> HttpResponse:
    """Shown in the answer to the words, each time anew; nothing of it stays open."""
    reader = get_object_or_404(readings_for(request.user), pk=reader_id)
    form, text = WordsForm(sent(request)), None
    if form.is_valid():
        phrase = form.cleaned_data["phrase"]
        text = read(reader=reader, phrase=phrase, by=request.user, at=timezone.now())
        if text is None:
            form.add_error("phrase", _("These words do not open it. Ask the lead who told them."))
    return render(request, "reading/reading.html", {"reader": reader, "form": form, "text": text})


app_name = "reading"
urlpatterns = [
    path("", readings, name="readings"),
    path("<int:reader_id>/", reading, name="reading"),
]
