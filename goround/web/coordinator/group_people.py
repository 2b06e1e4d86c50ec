"""Who belongs to a group, who leads it, and who was told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goround.apps.groups import services
from goround.apps.groups.models import Group, Leadership
from goround.apps.groups.selectors import (
    invitations_for,
    leaders_of,
    members_of,
    who_waits_for,
)
from goround.apps.joining.selectors import group_decides
from goround.apps.joining.services import TooManyRequests, ask_to_join
from goround.apps.people.models import Parent
from goround.apps.people.selectors import facilitators_for
from goround.web.coordinator.group_forms import AliasForm, LeaderForm
from goround.web.coordinator.groups import find_group, group_page, only_if_it_goes_on, to_group
from goround.web.member_accounts import code_for, sign_up_page
from goround.web.rendering import Request, page_or_part

WAITING_SHOWN = 20


@require_http_methods(["GET", "POST"])
def member_add(request: Request, group_id: int) -> HttpResponse:
    """Somebody from the waiting list, or somebody who says only what to be called."""
    group = find_group(request, group_id)
    only_if_it_goes_on(group)
    by_alias = "alias" in request.POST
    form = AliasForm(request.POST if by_alias else None, members=members_of(request.user, group))
    if by_alias and form.is_valid():
        now = timezone.now()
        services.welcome(
            group=group,
            alias=form.cleaned_data["alias"],
            on=group.today(at=now),
            by=request.user,
            at=now,
        )
        return to_group(request, group)
    if "referral" in request.POST and _add_waiting(request, group):
        return to_group(request, group)
    called = request.GET.get("called", "")
    waiting = who_waits_for(request.user, group, called=called)
    context = {
        "group": group,
        "form": form,
        "called": called,
        "waiting": waiting[:WAITING_SHOWN],
        "more": max(0, waiting.count() - WAITING_SHOWN),
        "at": timezone.now(),
        "group_decides": group_decides(request.user, group),
    }
    return page_or_part(request, "coordinator/group_member_add.html", "waiting", context)


def _add_waiting(request: Request, group: Group) -> bool:
    """Let a waiting parent join and draft the invitation; False when there is no place."""
    asked = request.POST["referral"]
    waiting = who_waits_for(request.user, group, called="")
    referral = get_object_or_404(waiting, pk=asked if asked.isdigit() else 0)
    now = timezone.now()
    if group_decides(request.user, group):
        return _group_asked(request, group, referral.parent)
    try:
        member = services.add_member(
            group=group,
            parent=referral.parent,
            joined_on=group.today(at=now),
            by=request.user,
            at=now,
        )
    except services.NoPlace:
        messages.error(request, _("This group has no place for this parent. Nothing was changed."))
        return False
    services.draft_invitation(membership=member, by=request.user, at=now)
    return True


def _group_asked(request: Request, group: Group, parent: Parent) -> bool:
    """The same words whether or not there is a place: the answer comes from the group."""
    try:
        asked = ask_to_join(
            group=group,
            parent=parent,
            alias=parent.alias,
            words="",
            by=request.user,
            at=timezone.now(),
        )
    except TooManyRequests:
        messages.error(
            request, _("They have asked three groups already. Wait for an answer first.")
        )
        return False
    day = date_format(asked.answer_by.astimezone(group.zone), _("j F"))
    messages.success(
        request,
        _("The group says itself who joins. Its answer is there by %(day)s.") % {"day": day},
    )
    return True


@require_http_methods(["GET", "POST"])
def member_leave(request: Request, group_id: int, membership_id: int) -> HttpResponse:
    group = find_group(request, group_id)
    only_if_it_goes_on(group)
    member = get_object_or_404(members_of(request.user, group), pk=membership_id)
    if request.method == "POST":
        now = timezone.now()
        services.leave(membership=member, on=group.today(at=now), by=request.user, at=now)
        return to_group(request, group)
    context = {
        "question": _("Does %(alias)s leave the group?") % {"alias": member.alias},
        "consequence": _("The meetings they came to are kept."),
        "action": _("They leave"),
        "danger": False,
        "cancel_url": group_page(request, group),
    }
    return render(request, "components/confirm.html", context)


@require_http_methods(["GET", "POST"])
def member_sign_up(request: Request, group_id: int, membership_id: int) -> HttpResponse:
    group = find_group(request, group_id)
    member = get_object_or_404(members_of(request.user, group), pk=membership_id)
    return sign_up_page(
        request,
        member,
        back_url=group_page(request, group),
        code_url=reverse(
            "coordinator:member_code", args=[request.organisation.slug, group.pk, member.pk]
        ),
    )


@require_http_methods(["GET", "POST"])
def member_code(request: Request, group_id: int, membership_id: int) -> HttpResponse:
    group = find_group(request, group_id)
    member = get_object_or_404(members_of(request.user, group), pk=membership_id)
    return code_for(request, member, back_url=group_page(request, group))


@require_http_methods(["GET", "POST"])
def leader_add(request: Request, group_id: int) -> HttpResponse:
    group = find_group(request, group_id)
    only_if_it_goes_on(group)
    facilitators = facilitators_for(request.user, request.organisation)
    form = LeaderForm(
        request.POST or None,
        facilitators=[one for one in facilitators if one.in_service],
        members=members_of(request.user, group),
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            services.give_lead(
                group=group,
                leader=form.leader,
                part=Leadership.Part(form.cleaned_data["part"]),
                from_on=group.today(at=now),
                by=request.user,
                at=now,
            )
        except services.CannotLead:
            words = _("They cannot lead this group. Nothing was changed. Choose somebody else.")
            form.add_error("who", words)
        else:
            return to_group(request, group)
    return render(request, "coordinator/group_leader_add.html", {"group": group, "form": form})


@require_http_methods(["GET", "POST"])
def leader_end(request: Request, group_id: int, leadership_id: int) -> HttpResponse:
    group = find_group(request, group_id)
    only_if_it_goes_on(group)
    lead = get_object_or_404(leaders_of(request.user, group), pk=leadership_id)
    if lead.chosen_by_group:
        messages.info(request, _("The group chose them, and only the group can choose again."))
        return to_group(request, group)
    if request.method == "POST":
        now = timezone.now()
        services.end_lead(leadership=lead, on=group.today(at=now), by=request.user, at=now)
        return to_group(request, group)
    context = {
        "question": _("Does %(name)s stop as %(part)s?")
        % {"name": lead.shown_as, "part": lead.get_part_display()},
        "consequence": _("From then on they do not see this group any more."),
        "action": _("They stop"),
        "danger": False,
        "cancel_url": group_page(request, group),
    }
    return render(request, "components/confirm.html", context)


@require_POST
def invitation_draft(request: Request, group_id: int, membership_id: int) -> HttpResponse:
    group = find_group(request, group_id)
    only_if_it_goes_on(group)
    member = get_object_or_404(members_of(request.user, group), pk=membership_id)
    services.draft_invitation(membership=member, by=request.user, at=timezone.now())
    return to_group(request, group)


@require_POST
def invitation_told(request: Request, group_id: int, invitation_id: int) -> HttpResponse:
    group = find_group(request, group_id)
    invitation = get_object_or_404(invitations_for(request.user, group), pk=invitation_id)
    services.mark_told(invitation=invitation, by=request.user, at=timezone.now())
    return to_group(request, group)
