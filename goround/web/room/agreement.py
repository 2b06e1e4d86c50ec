"""The group's agreement on a member's telephone: read, write, say yes, see what changed."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goround.apps.agreements.models import AgreementVersion
from goround.apps.agreements.selectors import last_yes_of, newest_version, standing_of, versions_of
from goround.apps.agreements.services import (
    LONGEST,
    NotTheNewest,
    WrittenMeanwhile,
    affirm,
    affirm_aloud,
    take_yes_back,
    write_version,
)
from goround.apps.groups.membership import NotAMember
from goround.apps.groups.models import Membership
from goround.apps.organisations.playbooks import playbook_of
from goround.apps.reader.words import in_rules
from goround.domain.agreement import Line, differences, put_together
from goround.domain.playbook.beginning import starting_text
from goround.web.rendering import Request, sent
from goround.web.room.belonging import find_membership

READ, WRITE = "room:agreement", "room/own/agreement_write.html"


class TextForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What we promise each other"),
        help_text=gettext_lazy("Leave a line empty between two promises."),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Write at least one promise.")},
        widget=forms.Textarea(attrs={"rows": 18}),
    )
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Somebody else saved while this member wrote: what they changed, and what was typed."""

    newest: AgreementVersion
    changed: tuple[Line, ...]
    typed: str
    goes_together: bool


@require_GET
def agreement(request: Request, group_id: int) -> HttpResponse:
    """The newest version, and what changed since this member last said yes."""
    mine = find_membership(request, group_id)
    standing = standing_of(request.user, mine)
    if standing is None:
        raise Http404
    version, agreed = standing.version, last_yes_of(request.user, mine)
    since = agreed if version and agreed and agreed.number < version.number else None
    context = {
        "mine": mine,
        "standing": standing,
        "version": version,
        "paragraphs": version.text.split("\n\n") if version else (),
        "start": starting_text(playbook_of(mine.group.programme), in_rules).split("\n\n"),
        "since": since,
        "changed": differences(since.text, version.text) if since and version else (),
        "versions": list(versions_of(request.user, mine.group)),
    }
    return render(request, "room/own/agreement.html", context)


@require_GET
def agreement_version(request: Request, group_id: int, number: int) -> HttpResponse:
    """One version, as it differs from the one before it."""
    mine = find_membership(request, group_id)
    version = _numbered(request, mine, number)
    if version is None:
        raise Http404
    before = _numbered(request, mine, number - 1)
    context = {
        "mine": mine,
        "version": version,
        "before": before,
        "changed": differences(before.text if before else "", version.text),
    }
    return render(request, "room/own/agreement_version.html", context)


@require_http_methods(["GET", "POST"])
def agreement_write(request: Request, group_id: int) -> HttpResponse:
    mine = find_membership(request, group_id)
    newest = newest_version(request.user, mine.group)
    form = TextForm(sent(request), initial=_to_begin_with(mine, newest))
    crossing = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            written = write_version(
                membership=mine,
                text=told["text"],
                based_on=told["based_on"],
                by=request.user,
                at=timezone.now(),
            )
        except WrittenMeanwhile as crossed:
            crossing = _crossing(request, mine, told["based_on"], told["text"], crossed.newest)
            form = _form_after(crossing)
        else:
            said = _("Saved as version %(number)s. Everybody is asked again.")
            messages.success(request, said % {"number": written.number})
            return redirect(READ, group_id)
    status = 409 if crossing else 422 if form.is_bound and form.errors else 200
    context = {"mine": mine, "form": form, "newest": newest, "crossing": crossing}
    return render(request, WRITE, context, status=status)


@require_POST
def agreement_yes(request: Request, group_id: int) -> HttpResponse:
    """Say yes to the version that was read, or no longer yes."""
    mine = find_membership(request, group_id)
    version = _sent_version(request, mine)
    if request.POST.get("answer") == "no":
        take_yes_back(version=version, membership=mine, by=request.user, at=timezone.now())
        messages.info(request, _("Your yes is taken back. You can say it again any time."))
        return redirect(READ, group_id)
    try:
        affirm(version=version, membership=mine, by=request.user, at=timezone.now())
    except NotTheNewest:
        messages.warning(request, _changed_meanwhile())
    else:
        messages.success(request, _("You said yes. Thank you."))
    return redirect(READ, group_id)


@require_POST
def agreement_aloud(request: Request, group_id: int) -> HttpResponse:
    """Note that somebody without an account said yes in the circle."""
    mine = find_membership(request, group_id)
    version, standing = _sent_version(request, mine), standing_of(request.user, mine)
    named = request.POST.get("member", "")
    heard = [each for each in (standing.unheard if standing else ()) if str(each.pk) == named]
    if heard:
        try:
            affirm_aloud(
                version=version, speaker=heard[0], noted_by=mine,
                by=request.user, at=timezone.now(),
            )  # fmt: skip
        except (NotTheNewest, NotAMember):
            messages.warning(request, _changed_meanwhile())
    return redirect(READ, group_id)


def _numbered(request: Request, mine: Membership, number: int) -> AgreementVersion | None:
    versions = versions_of(request.user, mine.group)
    return next((each for each in versions if each.number == number), None)


def _sent_version(request: Request, mine: Membership) -> AgreementVersion:
    """The version that the page showed when the button was pressed."""
    number = request.POST.get("number", "")
    version = _numbered(request, mine, int(number)) if number.isdecimal() else None
    if version is None:
        raise Http404
    return version


def _to_begin_with(mine: Membership, newest: AgreementVersion | None) -> dict[str, object]:
    if newest:
        return {"text": newest.text, "based_on": newest.number}
    return {"text": starting_text(playbook_of(mine.group.programme), in_rules), "based_on": 0}


def _crossing(
    request: Request, mine: Membership, based_on: int, typed: str, newest: AgreementVersion
) -> Crossing:
    base = _numbered(request, mine, based_on)
    first = base.text if base else ""
    together = put_together(first, typed, newest.text) if base else None
    return Crossing(newest, differences(first, newest.text), together or typed, bool(together))


def _form_after(crossing: Crossing) -> TextForm:
    """The words that were typed, put together with the others' where they go together."""
    return TextForm(initial={"text": crossing.typed, "based_on": crossing.newest.number})


def _changed_meanwhile() -> str:
    return _("Somebody changed the agreement just now. Please read it again first.")
