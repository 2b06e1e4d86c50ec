"""Where a parent may be reached: what they called safe, written down for them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from goround.apps.people.consents.models import Consent
from goround.apps.people.reach import set_reach
from goround.apps.records.openings import Why
from goround.web.coordinator.parents import find_record, opens
from goround.web.parent_forms import line, safe_email_field
from goround.web.rendering import Request, sent


class ReachForm(forms.Form):
    safe_contact = line(
        gettext_lazy("A safe way to reach them"),
        200,
        help_text=gettext_lazy("In their own words, such as “text me after 8 in the evening”."),
    )
    safe_email = safe_email_field(gettext_lazy("An e-mail address they called safe"))
    how = forms.ChoiceField(
        label=gettext_lazy("How they said it"),
        choices=[each for each in Consent.How.choices if each[0] != Consent.How.OWN_PAGE],
    )


@require_http_methods(["GET", "POST"])
def reach(request: Request, parent_id: int) -> HttpResponse:
    parent, now = find_record(request, parent_id), timezone.now()
    told = {"safe_contact": parent.safe_contact, "safe_email": parent.safe_email}
    form = ReachForm(sent(request), initial=told)
    if request.method == "POST" and form.is_valid():
        set_reach(
            parent=parent,
            safe_contact=form.cleaned_data["safe_contact"],
            safe_email=form.cleaned_data["safe_email"],
            how=Consent.How(form.cleaned_data["how"]),
            by=request.user,
            at=now,
        )
        messages.success(request, _("This is kept from now on."))
        return redirect("coordinator:record", request.organisation.slug, parent.pk)
    opens(request, parent.pk, why=Why.RECORD, at=now)
    return render(request, "coordinator/reach.html", {"parent": parent, "form": form})
