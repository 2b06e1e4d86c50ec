"""The programmes an organisation runs: their rules, their door and the poster for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goround.apps.organisations.models import Programme
from goround.apps.organisations.playbooks import (
    playbook_as_written,
    playbook_of,
    rules_of,
    shipped_playbook,
    shipped_playbooks,
)
from goround.apps.organisations.programmes import (
    DoorTaken,
    RunsAlready,
    change_programme,
    free_door,
    playbooks_to_start,
    read_copy,
    start_programme,
    use_own_rules,
    use_shipped_rules,
)
from goround.apps.organisations.selectors import programmes_for
from goround.domain.playbook.lines import line_of
from goround.domain.playbook.read import PlaybookError
from goround.domain.playbook.schema import FrontDoor, Playbook
from goround.web.coordinator.programme_forms import CopyForm, ProgrammeForm
from goround.web.coordinator.programme_words import differences, keys_gone, sections
from goround.web.qr import qr_code
from goround.web.rendering import Request

TOML_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to correct. ``line`` is None and ``found`` empty where no line can be shown."""

    words: str
    line: int | None
    found: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where parents find a programme: for a camera, and for a person to read and type."""

    full: str

    @property
    def short(self) -> str:
        return self.full.partition("://")[2].rstrip("/")

    @property
    def pieces(self) -> list[str]:
        """Between them a line may break."""
        return re.split(r"(?<=/)", self.short)


@require_GET
def programmes(request: Request) -> HttpResponse:
    rows = [
        {"programme": one, "playbook": playbook_of(one), "address": _address(request, one)}
        for one in programmes_for(request.user, request.organisation)
    ]
    return render(request, "coordinator/programmes.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def programme_new(request: Request) -> HttpResponse:
    """First the playbook is chosen, then the name and the door."""
    choices = playbooks_to_start(request.user, request.organisation)
    asked = request.GET.get("playbook", "")
    chosen = next((playbook for playbook in choices if playbook.key == asked), None)
    if chosen is None:
        return render(request, "coordinator/programme_new.html", {"choices": choices})
    form = ProgrammeForm(request.POST or None, initial=_proposed(request, chosen))
    if request.method == "POST" and form.is_valid():
        started = _start(request, form, chosen)
        if started:
            messages.success(request, _("%(name)s is there.") % {"name": started.name})
            return _to(request, started)
    context = {"form": form, "playbook": chosen, "join": _join(request)}
    return render(request, "coordinator/programme_edit.html", context)


def _proposed(request: Request, playbook: Playbook) -> dict[str, Any]:
    return {
        "name": playbook.name,
        "door": free_door(request.user, request.organisation),
        "takes_self_referrals": FrontDoor.MATCHED in playbook.front_doors,
    }


def _start(request: Request, form: ProgrammeForm, playbook: Playbook) -> Programme | None:
    try:
        return start_programme(
            organisation=request.organisation,
            playbook_key=playbook.key,
            by=request.user,
            at=timezone.now(),
            **form.cleaned_data,
        )
    except DoorTaken:
        _door_taken(form)
    except RunsAlready:
        form.add_error(None, _("This programme was started a moment ago. Nothing was added."))
    return None


def _door_taken(form: ProgrammeForm) -> None:
    form.add_error("door", _("Another programme has this address. Choose another one."))


@require_GET
def programme(request: Request, programme_id: int) -> HttpResponse:
    found = _find(request, programme_id)
    playbook, shipped = playbook_of(found), shipped_playbook(found.playbook_key)
    context = {
        "programme": found,
        "playbook": playbook,
        "sections": sections(playbook, shipped),
        "has_choices": bool(playbook.network_chooses),
        "address": _address(request, found),
    }
    return render(request, "coordinator/programme.html", context)


@require_http_methods(["GET", "POST"])
def programme_edit(request: Request, programme_id: int) -> HttpResponse:
    found = _find(request, programme_id)
    stored = {
        "name": found.name,
        "door": found.door,
        "takes_self_referrals": found.takes_self_referrals,
    }
    form = ProgrammeForm(request.POST or None, initial=stored)
    if request.method == "POST" and form.is_valid():
        try:
            change_programme(
                programme=found, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except DoorTaken:
            _door_taken(form)
        else:
            messages.success(request, _("The changes are saved."))
            return _to(request, found)
    context = {
        "form": form,
        "programme": found,
        "playbook": playbook_of(found),
        "join": _join(request),
    }
    return render(request, "coordinator/programme_edit.html", context)


@require_http_methods(["GET", "POST"])
def programme_rules(request: Request, programme_id: int) -> HttpResponse:
    """The network's own copy: its mistakes, or what it would change; then it is put in force."""
    found = _find(request, programme_id)
    form = CopyForm(request.POST or None, request.FILES or None, initial={"text": rules_of(found)})
    context: dict[str, Any] = {"programme": found, "form": form}
    if request.method == "POST" and form.is_valid():
        rules = form.rules.replace("\r\n", "\n")
        context["form"] = CopyForm(initial={"text": rules})
        try:
            if "use" in request.POST:
                return _put_in_force(request, found, rules, form.source)
            context |= _checked(found, rules, form.source)
        except PlaybookError as error:
            context["mistakes"] = _mistakes(error, rules, form.source)
    return render(request, "coordinator/programme_rules.html", context)


def _put_in_force(request: Request, found: Programme, rules: str, source: str) -> HttpResponse:
    use_own_rules(programme=found, text=rules, source=source, by=request.user, at=timezone.now())
    messages.success(
        request,
        _("These rules are in force now. Groups that no longer fit them go on, and say so."),
    )
    return _to(request, found)


def _checked(found: Programme, rules: str, source: str) -> dict[str, Any]:
    before, after = playbook_as_written(found), read_copy(found, rules, source=source)
    return {
        "checked": rules,
        "differences": differences(before, after),
        "gone": keys_gone(before, after),
    }


def _mistakes(error: PlaybookError, rules: str, source: str) -> list[Mistake]:
    lines = rules.split("\n")
    found = []
    for problem in error.problems:
        words = problem.removeprefix(f"{source}: ")
        told = TOML_LINE.search(words)
        line = int(told[1]) if told else line_of(rules, words.split(" ", maxsplit=1)[0])
        found.append(Mistake(words, line, lines[line - 1].strip()[:120] if line else ""))
    return sorted(found, key=lambda mistake: (mistake.line is None, mistake.line or 0))


@require_GET
def programme_rules_file(request: Request, programme_id: int) -> HttpResponse:
    found = _find(request, programme_id)
    return HttpResponse(
        rules_of(found),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{found.playbook_key}.toml"'},
    )


@require_http_methods(["GET", "POST"])
def programme_shipped(request: Request, programme_id: int) -> HttpResponse:
    """Asks before the network's own copy is thrown away."""
    found = _find(request, programme_id)
    if request.method == "POST":
        use_shipped_rules(programme=found, by=request.user, at=timezone.now())
        messages.success(request, _("The rules that come with Goround are in force now."))
        return _to(request, found)
    written, shipped = playbook_as_written(found), shipped_playbooks()[found.playbook_key]
    context = {
        "question": _("Use Goround's rules again?"),
        "consequence": _("Your own copy is not kept. Groups that meet already go on as they are."),
        "action": _("Use them"),
        "danger": True,
        "cancel_url": reverse(
            "coordinator:programme", args=[request.organisation.slug, programme_id]
        ),
        "programme": found,
        "differences": differences(written, shipped),
        "gone": keys_gone(written, shipped),
    }
    return render(request, "coordinator/programme_shipped.html", context)


@require_GET
def programme_poster(request: Request, programme_id: int) -> HttpResponse:
    found = _find(request, programme_id)
    address = _address(request, found)
    label = _("QR code for %(address)s") % {"address": address.short}
    context = {"programme": found, "address": address, "code": qr_code(address.full, label)}
    return render(request, "coordinator/programme_poster.html", context)


def _address(request: Request, found: Programme) -> Address:
    return Address(request.build_absolute_uri(reverse("public:join", args=[found.door])))


def _join(request: Request) -> str:
    """What stands before every door, as on a poster."""
    return Address(request.build_absolute_uri(reverse("public:join", args=["x"]))).short[:-1]


def _find(request: Request, programme_id: int) -> Programme:
    found = programmes_for(request.user, request.organisation)
    return get_object_or_404(found, pk=programme_id)


def _to(request: Request, found: Programme) -> HttpResponse:
    return redirect("coordinator:programme", request.organisation.slug, found.pk)
