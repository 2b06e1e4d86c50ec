"""Asking to join, and the group's answer by its own rule."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from goround.apps.accounts.models import User
from goround.apps.apart import asking
from goround.apps.audit import services as audit
from goround.apps.audit.services import Actor
from goround.apps.groups.company import has_a_place
from goround.apps.groups.invited import tell_place
from goround.apps.groups.models import Group, Membership
from goround.apps.groups.names import tidy_alias
from goround.apps.groups.one_writer import GroupEnded, hold
from goround.apps.groups.services import NoPlace, add_member, draft_invitation
from goround.apps.joining.models import JoinRequest, JoinRule, Objection, Way
from goround.apps.joining.notices import tell_asked, tell_no_place, tell_overdue
from goround.apps.people.models import Parent

Status = JoinRequest.Status
MOST_OPEN = 3


class TooManyRequests(Exception):
    """The parent has asked as many groups as may be asked at once."""


class NotOpen(Exception):
    """The request was answered or taken back before."""


class NotThisWay(Exception):
    """By the group's rule nobody alone says yes."""


@transaction.atomic
def set_rule(
    *, group: Group, way: Way, days: int, can_be_found: bool, by: User, at: datetime
) -> JoinRule:
    """How the group lets people in from now on; who asked before is answered by the old rule."""
    group = hold(group)
    rule = JoinRule.objects.filter(group=group).first()
    if rule and (rule.way, rule.days, rule.can_be_found) == (way, days, can_be_found):
        return rule
    rule = rule or JoinRule(group=group)
    rule.way, rule.days, rule.can_be_found = way, days, can_be_found
    rule.save()
    _record("join_rule.set", rule, group, by=by, at=at, way=str(way), days=days)
    return rule


@transaction.atomic
def ask_to_join(
    *, group: Group, parent: Parent, alias: str, words: str, by: User, at: datetime
) -> JoinRequest:
    """Ask the group to let this parent in; ``by`` the parent, or who asks for them.

    Where there is no place, whatever the reason, the group is not asked and never learns of it,
    and the answer comes at the day on which any other no would come. Asking twice is once.
    Raises ``TooManyRequests``.
    """
    group = hold(group)
    asking.hold(group.organisation_id)
    opened = JoinRequest.objects.filter(parent=parent, status=Status.OPEN)
    there = opened.filter(group=group).first()
    if there:
        return there
    if opened.count() >= MOST_OPEN:
        raise TooManyRequests(f"{parent} has asked {MOST_OPEN} groups")
    rule = JoinRule.objects.filter(group=group).first() or JoinRule(group=group)
    request = JoinRequest.objects.create(
        group=group,
        parent=parent,
        alias=tidy_alias(alias) or parent.alias,
        way=rule.way,
        is_put=_may_be_put(group, parent, at=at),
        asked_at=at,
        answer_by=at + timedelta(days=rule.days),
    )
    if words:
        request.say(words)
        request.save(update_fields=["locked"])
    if request.is_put:
        tell_asked(request, group, by=by, at=at)
    _record("join_request.made", request, group, by=by, at=at)
    return request


@transaction.atomic
def say_yes(*, request: JoinRequest, by: User, at: datetime) -> Membership:
    """Somebody who leads lets them in. Saying yes twice is once.

    Raises ``NotThisWay`` where everybody is asked, ``NotOpen``, and ``NoPlace`` in the words of
    a full group; then the request stays open until its day and is no longer the group's to see.
    """
    if request.way != Way.ANY_LEADER:
        raise NotThisWay(f"{request} is answered by everybody")
    found = _let_in(request, by=by, at=at)
    if found is None:
        raise NoPlace(f"group #{request.group_id} has no place")
    return found


@transaction.atomic
def object_to(*, request: JoinRequest, by: User, at: datetime) -> None:
    """``by`` would rather not. It is in no trail and no notice, and goes with the answer.

    Objecting twice is once. Raises ``NotOpen``.
    """
    hold(request.group)
    Objection.objects.get_or_create(request=_open(request), user=by)


@transaction.atomic
def object_no_more(*, request: JoinRequest, by: User, at: datetime) -> None:
    """``by`` has thought better of it; as quiet as the objection. Raises ``NotOpen``."""
    hold(request.group)
    Objection.objects.filter(request=_open(request), user=by).delete()


@transaction.atomic
def take_request_back(*, request: JoinRequest, by: User, at: datetime) -> None:
    """The parent asks no more. Twice is once; an answer that came before stays."""
    group = hold(request.group, ended_too=True)
    there = JoinRequest.objects.get(pk=request.pk)
    if there.status == Status.OPEN:
        _end(there, Status.TAKEN_BACK, group, by=by, at=at)


def answer_due(*, by: User | None, at: datetime) -> int:
    """Answer every request whose day has come, each by itself; how many. Safe to repeat.

    One that waits for a leader who said nothing stays open: silence is no answer, and the leaders
    are reminded.
    """
    due = JoinRequest.objects.filter(status=Status.OPEN, answer_by__lte=at).order_by("pk")
    return sum(_answer(request, by=by, at=at) for request in due.select_related("group"))


@transaction.atomic
def _answer(request: JoinRequest, *, by: User | None, at: datetime) -> bool:
    try:
        group = hold(request.group)
    except GroupEnded:
        group = hold(request.group, ended_too=True)
        JoinRequest.objects.filter(pk=request.pk).update(is_put=False)
    there = JoinRequest.objects.select_related("parent", "group").get(pk=request.pk)
    if there.status != Status.OPEN:
        return False
    wanted = there.is_put and not there.objections.exists()
    if wanted and _may_be_put(group, there.parent, at=at):
        if there.way == Way.ANY_LEADER:
            tell_overdue(there, group, at=at)
            return False
        if _let_in(there, by=by, at=at) is not None:
            return True
    _end(there, Status.NO_PLACE, group, by=by, at=at)
    tell_no_place(there, group, by=by, at=at)
    return True


def _let_in(request: JoinRequest, *, by: Actor | None, at: datetime) -> Membership | None:
    """The membership, or None where there is no place; the group then sees no request any more."""
    group = hold(request.group)
    request = _open(request, or_welcomed=True)
    if request.status == Status.WELCOMED:
        return Membership.objects.get(group=group, parent=request.parent_id, left_on=None)
    try:
        membership = add_member(
            group=group,
            parent=request.parent,
            joined_on=group.today(at=at),
            alias=request.alias,
            by=by,
            at=at,
        )
    except NoPlace:
        request.is_put = False
        request.save(update_fields=["is_put"])
        return None
    _end(request, Status.WELCOMED, group, by=by, at=at)
    draft_invitation(membership=membership, by=by, at=at)
    tell_place(membership, group, by=by, at=at)
    return membership


def _may_be_put(group: Group, parent: Parent, *, at: datetime) -> bool:
    belongs = Membership.objects.filter(group=group, parent=parent, left_on=None).exists()
    return has_a_place(group, parent.pk, at=at) and not belongs


def _open(request: JoinRequest, *, or_welcomed: bool = False) -> JoinRequest:
    there = JoinRequest.objects.select_related("parent").get(pk=request.pk)
    good = {Status.OPEN, Status.WELCOMED} if or_welcomed else {Status.OPEN}
    if there.status not in good:
        raise NotOpen(f"{there} is {there.status}")
    return there


def _end(
    request: JoinRequest,
    status: JoinRequest.Status,
    group: Group,
    *,
    by: Actor | None,
    at: datetime,
) -> None:
    """The answer; objections and words to the group are of no use any more and go."""
    request.status, request.ended_at, request.locked = status, at, None
    request.save(update_fields=["status", "ended_at", "locked"])
    request.objections.all().delete()
    _record("join_request.ended", request, group, by=by, at=at, status=str(status))


def _record(
    kind: str,
    subject: JoinRule | JoinRequest,
    group: Group,
    *,
    by: Actor | None,
    at: datetime,
    **facts: object,
) -> None:
    organisation_id = group.organisation_id
    audit.record(
        kind, subject, by=by, at=at, organisation_id=organisation_id, group=group.pk, **facts
    )
