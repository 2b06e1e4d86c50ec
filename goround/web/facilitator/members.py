"""Helping a member of a group one leads into their account."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from goround.apps.groups.models import Membership
from goround.apps.groups.selectors import members_helped
from goround.web.member_accounts import code_for, sign_up_page
from goround.web.rendering import Request


@require_http_methods(["GET", "POST"])
def member_sign_up(request: Request, membership_id: int) -> HttpResponse:
    member = _member(request, membership_id)
    code_url = reverse("facilitator:member_code", args=[request.organisation.slug, member.pk])
    return sign_up_page(request, member, back_url=_group(request, member), code_url=code_url)


@require_http_methods(["GET", "POST"])
def member_code(request: Request, membership_id: int) -> HttpResponse:
    member = _member(request, membership_id)
    return code_for(request, member, back_url=_group(request, member))


def _member(request: Request, membership_id: int) -> Membership:
    return get_object_or_404(members_helped(request.user, request.organisation), pk=membership_id)


def _group(request: Request, member: Membership) -> str:
    return reverse("facilitator:group", args=[request.organisation.slug, member.group_id])
