"""Pages that find two rows: the first is one's own, the second is not. None of them is there.

In ``test_policy`` all ids of an address are of one organisation, so that the first is refused
before the second is looked for. Here whoever asks is at home with the first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goround.apps.accounts.models import User
from goround.apps.circle.services import open_circle
from goround.apps.decisions.models import Decision
from goround.apps.evidence.models import Report
from goround.apps.formation.models import Round
from goround.apps.groups.models import Group
from goround.apps.marks.models import ChildMark
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Organisation
from goround.apps.people.models import Parent
from goround.apps.releases.models import Draft
from goround.apps.rooms.models import Resource
from tests.make import (
    NOON,
    make_coordinator,
    make_group,
    make_meeting,
    make_membership,
    make_network,
    make_parent,
    make_programme,
    make_referral,
)
from tests.make_children import make_childrens_leader
from tests.make_decisions import Room
from tests.make_marks import make_leader
from tests.make_months import make_officer
from tests.make_ours import account_of, make_member
from tests.make_safeguarding import make_lead
from tests.world import make_world

pytestmark = pytest.mark.django_db

Ids = dict[str, Any]


@dataclass
class Asked:
    """What somebody was answered, page by page."""

    here: Organisation
    answers: dict[str, int] = field(default_factory=dict)

    def ask(self, who: User, page: str, sent: Ids | None = None, query: str = "", /, **ids: Any):
        client = Client()
        client.force_login(who)
        place = (
            {"organisation": self.here.slug} if page.split(":", maxsplit=1)[0] in IN_A_PLACE else {}
        )
        address = reverse(page, kwargs=place | ids) + query
        got = client.get(address) if sent is None else client.post(address, sent)
        self.answers[f"{page} {ids} {sent or query}"] = got.status_code

    @property
    def found(self) -> dict[str, int]:
        return {page: status for page, status in self.answers.items() if status != 404}


IN_A_PLACE = {"coordinator", "evidence", "lead", "children"}


@pytest.fixture
def ids() -> tuple[Ids, Ids]:
    """Of one organisation and of another in its network."""
    here = make_world("OWN")
    there = make_world("SIBLING", network=here.organisation.network)
    return here.ids, there.ids


@pytest.fixture
def group(ids) -> Group:
    return Group.objects.get(pk=ids[0]["group_id"])


@pytest.fixture
def asked(group) -> Asked:
    return Asked(group.organisation)


def test_a_coordinator_finds_no_row_that_does_not_belong_to_the_one_before(ids, group, asked):
    mine, theirs = ids
    rosa = make_coordinator(asked.here)
    unmade, empty = unmade_report(mine), round_without_groups(mine, rosa)
    gone = make_referral(make_parent(asked.here, erased_at=NOON), group.programme)
    at_group, at_survey = {"group_id": group.pk}, {"survey_id": mine["survey_id"]}
    member = at_group | {"membership_id": theirs["membership_id"]}

    asked.ask(rosa, "coordinator:check_in", group_id=make_group(group.programme).pk)
    asked.ask(rosa, "coordinator:group_costs", None, "?year=never", **at_group)
    asked.ask(rosa, "coordinator:budget", **at_group, budget_id=theirs["budget_id"])
    asked.ask(rosa, "coordinator:member_sign_up", **member)
    asked.ask(rosa, "coordinator:member_code", {}, **member)
    asked.ask(rosa, "coordinator:instrument_words", **at_survey, language="xx")
    asked.ask(rosa, "coordinator:round_unplaced", round_id=empty.pk)
    asked.ask(
        rosa,
        "coordinator:round_parent",
        round_id=mine["round_id"],
        parent_id=theirs["parent_id"],
    )
    asked.ask(rosa, "coordinator:waiting_parent", referral_id=gone.pk)
    asked.ask(rosa, "evidence:methods", report_id=unmade.pk)

    assert asked.found == {}


def unmade_report(mine: Ids) -> Report:
    made = Report.objects.get(pk=mine["report_id"])
    made.pk, made.made_at, made.figures = None, None, {}
    made.save()
    return made


def round_without_groups(mine: Ids, by: User) -> Round:
    made = Round.objects.get(pk=mine["round_id"])
    made.pk, made.version, made.status = None, 0, Round.Status.PREPARED
    made.save()
    return made


def test_a_lead_and_an_office_find_nothing_of_their_neighbours(ids, asked):
    mine, theirs = ids
    lead, officer = make_lead(asked.here), make_officer(asked.here.network)
    draft = Draft.objects.create(
        network=make_network(),
        table="groups",
        first_on=date(2020, 1, 1),
        months=12,
        asked_at=NOON,
        made_at=NOON,
        figures=[],
    )
    theirs_in_mine = {"concern_id": mine["concern_id"], "reader_id": theirs["reader_id"]}

    asked.ask(lead, "lead:pair", pair_id=theirs["pair_id"])
    asked.ask(lead, "lead:barred_one", barred_id=theirs["barred_id"])
    asked.ask(lead, "lead:concern", concern_id=theirs["concern_id"])
    asked.ask(lead, "lead:reader_new", concern_id=theirs["concern_id"])
    asked.ask(lead, "lead:reader_end", {}, **theirs_in_mine)
    asked.ask(
        lead,
        "lead:follow_up_done",
        {},
        concern_id=mine["concern_id"],
        follow_up_id=theirs["follow_up_id"],
    )
    network = {"network": asked.here.network.slug}
    asked.ask(officer, "network:draft_aside", {}, **network, draft_id=draft.pk)

    assert asked.found == {}


def test_whoever_leads_finds_nothing_of_another_evening(ids, group, asked):
    mine, theirs = ids
    meeting = make_meeting(group, starts_at=timezone.now() - timedelta(minutes=5))
    elsewhere = make_meeting(make_group(group.programme), starts_at=timezone.now())
    tomas, dolores = make_childrens_leader(group), make_leader(meeting)
    mark = ChildMark.objects.get(child=theirs["child_id"]).pk
    here, place = {"meeting_id": meeting.pk}, {"organisation": asked.here.slug}

    asked.ask(tomas, "children:marks", {"mark": mark}, **here)
    evening = {"meeting_id": mine["meeting_id"]}
    asked.ask(tomas, "children:child", **evening, child_id=theirs["child_id"])
    asked.ask(tomas, "children:session", {"do": "close"}, **here)
    asked.ask(dolores, "room:guide", **place, meeting_id=elsewhere.pk)
    asked.ask(dolores, "room:circle", **place, meeting_id=elsewhere.pk)
    asked.ask(dolores, "room:circle_live", **place, **here)
    asked.ask(dolores, "room:circle_person", {"alias": "Ana"}, **place, **here)
    topic = {"topic_id": mine["topic_id"]}
    asked.ask(dolores, "room:guide_topic", {}, **place, meeting_id=elsewhere.pk, **topic)
    asked.ask(dolores, "room:guide_topic", {}, **place, **here, topic_id=theirs["topic_id"])
    at = timezone.now()
    two = ("Ana", "Ben")
    open_circle(meeting=meeting, aliases=two, device="", rng=Random(1), by=dolores, at=at)
    asked.ask(dolores, "room:circle", {"do": "nonsense"}, **place, **here)

    assert asked.found == {}


def test_a_member_finds_nothing_of_another_group(ids, group, asked):
    mine, theirs = ids
    ana = Parent.objects.get(pk=mine["parent_id"]).user
    assert ana
    ben = account_of(make_member(make_group(make_programme(asked.here)), "Ben"))
    here, vote = {"group_id": group.pk}, Decision.objects.get(pk=mine["decision_id"])
    resource = Resource.objects.get(group=theirs["group_id"])
    none = Meeting.Status.CANCELLED
    group.meetings.update(status=none, cancelled_because="No heating", recorded_at=None)

    asked.ask(ana, "parent:ask", **here)
    asked.ask(ana, "parent:child", {"do": "nonsense"}, child_id=mine["child_id"])
    asked.ask(ben, "parent:children")
    asked.ask(ana, "room:agreement_yes", {}, **here)
    asked.ask(ana, "room:offer", {"kind": "food", "words": "Bread"}, **here)
    asked.ask(ana, "room:ours", {"do": "remove", "resource": resource.pk}, **here)
    asked.ask(ana, "room:answer", {}, **here, request_id=theirs["request_id"])
    asked.ask(ana, "decisions:ask_kind", **here, kind="nonsense")
    asked.ask(ana, "decisions:decision", **here, decision_id=theirs["decision_id"])
    # One's own vote in another group is not this group's either.
    beside = make_membership(make_group(group.programme), Parent.objects.get(user=ana))
    elsewhere = Room(beside.group, [beside]).ask(is_secret=False)
    asked.ask(ana, "decisions:decision", **here, decision_id=elsewhere.pk)
    asked.ask(ana, "decisions:begin", {}, **here, decision_id=vote.pk)
    make_meeting(group, starts_at=timezone.now() + timedelta(days=1))
    asked.ask(ana, "room:offer_act", {}, **here, offer_id=theirs["offer_id"])

    assert asked.found == {}


def test_the_page_of_samples_is_nowhere_that_people_use(client, settings):
    settings.ENV = "production"

    assert client.get("/styleguide/").status_code == 404
