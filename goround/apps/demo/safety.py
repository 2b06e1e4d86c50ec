"""Invented worries, and two people who must not meet: a lead's desk as a visitor finds it.

No lead has made a key yet: whoever is Ruth first makes one, and reads them with it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from goround.apps.accounts.models import User
from goround.apps.apart.services import Told, record
from goround.apps.groups.models import Membership
from goround.apps.organisations.models import Organisation
from goround.apps.people.models import Parent
from goround.apps.safeguarding.models import Concern
from goround.apps.safeguarding.readers import name_reader
from goround.apps.safeguarding.services import (
    choose_duties,
    finish_follow_up,
    plan_follow_up,
    raise_concern,
    take_step,
)
from goround.domain.privacy.apart import Scope
from goround.domain.safeguarding.concern import Act, Way

DUTIES = "us-california"


def load_safety(organisation: Organisation, *, lead: User, facilitator: User, at: datetime) -> None:
    choose_duties(organisation=organisation, key=DUTIES, own_duties="", by=lead, at=at)
    _new(organisation, by=facilitator, at=at - timedelta(hours=5))
    _followed(organisation, lead=lead, by=facilitator, at=at - timedelta(days=9))
    _closed(organisation, lead=lead, at=at - timedelta(days=40))
    _apart(organisation, lead=lead, at=at - timedelta(days=30))


def _raise(
    organisation: Organisation,
    words: dict[str, str],
    *,
    by: User | None,
    at: datetime,
    already: str = "",
) -> Concern:
    return raise_concern(
        organisation=organisation,
        words=words,
        in_danger_now=False,
        already_reported=already,
        by=by,
        at=at,
    )


def _new(organisation: Organisation, *, by: User, at: datetime) -> None:
    words = {
        "about": "child",
        "what": "A mother said her boy is left alone most nights. He is six. She cried.",
        "where": "After the last meeting, by the coats",
        "reach": "In the office on Tuesdays",
    }
    _raise(organisation, words, by=by, at=at)


def _followed(organisation: Organisation, *, lead: User, by: User, at: datetime) -> None:
    words = {
        "about": "child",
        "what": "A father showed a bruise on his daughter's arm and did not know where it is from.",
    }
    concern = _raise(organisation, words, by=by, at=at, already="The county hotline, at once")
    take_step(
        concern=concern,
        act=Act.DECIDE,
        words={"what": "The call was right. We stay beside him.", "why": "It was the second time."},
        is_to_be_reported=True,
        by=lead,
        at=at + timedelta(hours=3),
    )
    name_reader(
        concern=concern,
        user=by,
        what="Somebody may come to fetch the girl. Nobody leaves with her but her father.",
        why="He stands at the door on that evening, and must know this much.",
        by=lead,
        at=at + timedelta(hours=4),
    )
    take_step(
        concern=concern,
        act=Act.REPORT,
        way=Way.JOINT,
        duty="Written report",
        words={"with_whom": "The county, by post", "what": "The form, filled in with him"},
        by=lead,
        at=at + timedelta(hours=20),
    )
    due_on = organisation.local(at + timedelta(days=16)).date()
    plan_follow_up(
        concern=concern,
        due_on=due_on,
        words={"what": "Ask him how the visit went. He keeps his seat in the group."},
        by=lead,
        at=at + timedelta(days=1),
    )


def _closed(organisation: Organisation, *, lead: User, at: datetime) -> None:
    words = {"about": "myself", "what": "I do not sleep any more and shout at my children."}
    concern = _raise(organisation, words, by=None, at=at)
    told = {"words": "Thanked her. She would like somebody to talk to."}
    take_step(concern=concern, act=Act.ACKNOWLEDGE, words=told, by=lead, at=at)
    how = {"how_pressing": "Nobody is in danger. She asks for help herself."}
    take_step(concern=concern, act=Act.TRIAGE, words=how, by=lead, at=at)
    take_step(
        concern=concern,
        act=Act.DECIDE,
        words={"what": "Nothing to report. Help for her.", "why": "She is tired, not unsafe."},
        is_to_be_reported=False,
        by=lead,
        at=at + timedelta(hours=1),
    )
    done = plan_follow_up(
        concern=concern,
        due_on=organisation.local(at + timedelta(days=7)).date(),
        words={"what": "A counsellor's number, and a call on Friday"},
        by=lead,
        at=at + timedelta(hours=1),
    )
    finish_follow_up(follow_up=done, by=lead, at=at + timedelta(days=6))
    over = {"why": "She sees the counsellor and sleeps again."}
    take_step(concern=concern, act=Act.CLOSE, words=over, by=lead, at=at + timedelta(days=14))


def _apart(organisation: Organisation, *, lead: User, at: datetime) -> None:
    """Somebody who comes now, and somebody who came years ago."""
    here = Membership.objects.filter(group__organisation=organisation, left_on=None).order_by("pk")
    member = here.select_related("parent").first()
    before = Parent.objects.filter(organisation=organisation).order_by("pk").first()
    if member is None or before is None or member.parent_id == before.pk:
        return
    told = Told(
        parts={
            str(member.parent_id): "is to be protected",
            str(before.pk): "must not come near her",
        },
        reason="A court forbade him to come near her and the children.",
        authorised_by="The court's order, seen by Ruth",
    )
    record(one=member.parent, other=before, scope=Scope.PLACE, told=told, by=lead, at=at)
