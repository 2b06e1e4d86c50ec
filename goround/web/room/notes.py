"""A few words between a member and those who lead, between two meetings."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goround.apps.groups.models import Group, Membership
from goround.apps.groups.selectors import leads_room, own_membership
from goround.apps.rooms import writing
from goround.apps.rooms.models import Note
from goround.apps.rooms.selectors import board_of, called_in_room, notes_for, readers_of
from goround.web.rendering import Request, sent
from goround.web.room.home import find_room
from goround.web.room.room_forms import AnswerForm, NoteForm

SHOWN = 20


@require_http_methods(["GET", "POST"])
def notes(request: Request, group_id: int) -> HttpResponse:
    """Write to those who lead, and read what they answered; those who lead read here."""
    group = find_room(request, group_id)
    member = own_membership(request.user, group)
    readers = readers_of(request.user, group)
    form = NoteForm.among(sent(request), readers)
    is_sent = request.method == "POST" and bool(readers) and form.is_valid()
    if is_sent and member and _written(request, member, form):
        return redirect("room:notes", group.pk)
    context = {
        "group": group,
        "membership": member,
        "leads": leads_room(request.user, group),
        "readers": readers,
        "reach": board_of(request.user, group).reach,
        "form": form,
        "notes": notes_for(request.user, group)[:SHOWN],
    }
    return render(request, "room/notes.html", context)


def _written(request: Request, member: Membership, form: NoteForm) -> bool:
    found = form.cleaned_data
    try:
        writing.write_note(
            membership=member,
            text=found["text"],
            to_facilitators=form.is_to_facilitators,
            by=request.user,
            at=timezone.now(),
        )
    except writing.TooManyNotes:
        form.add_error(None, _("Some of your notes wait for an answer. Wait for one, or call."))
        return False
    messages.success(request, _("Your words are with them. You see their answer here."))
    return True


@require_http_methods(["GET", "POST"])
def note(request: Request, group_id: int, note_id: int) -> HttpResponse:
    """Answer a note as one who leads; take one's own away."""
    group = find_room(request, group_id)
    found = get_object_or_404(notes_for(request.user, group), pk=note_id)
    member = own_membership(request.user, group)
    is_mine = member is not None and found.membership_id == member.pk
    if is_mine:
        return _own(request, group, found)
    form = AnswerForm(sent(request), initial={"text": found.answer})
    if request.method == "POST" and form.is_valid():
        writing.answer_note(
            note=found,
            text=form.cleaned_data["text"],
            called=called_in_room(request.user, group),
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Your answer is there."))
        return redirect("room:notes", group.pk)
    return render(request, "room/note.html", {"group": group, "note": found, "form": form})


def _own(request: Request, group: Group, found: Note) -> HttpResponse:
    if request.method == "POST" and request.POST.get("do") == "delete":
        writing.delete_note(note=found, by=request.user, at=timezone.now())
        messages.success(request, _("Your words are gone."))
    return redirect("room:notes", group.pk)
