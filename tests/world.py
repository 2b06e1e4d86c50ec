"""One row of everything in one organisation, each text carrying the organisation's canary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from goround.apps.accounts.models import Passkey, SignIn, User
from goround.apps.agenda.models import Topic, Want
from goround.apps.children.barring import bar
from goround.apps.children.locking import lock_beside
from goround.apps.children.models import Child, Visit
from goround.apps.children.running import open_session
from goround.apps.children.signing import sign_in, sign_out
from goround.apps.circle.models import CircleSeat, OpenCircle
from goround.apps.decisions.models import Decision
from goround.apps.groups.invited import tell_place
from goround.apps.groups.models import Group, Invitation
from goround.apps.jobs.models import Job
from goround.apps.marks.children_back import TABLE
from goround.apps.marks.models import ChildMark, Mark, Taken, Tally
from goround.apps.meetings.models import Meeting
from goround.apps.organisations.models import Network, Organisation, Programme
from goround.apps.organisations.playbooks import shipped_rules
from goround.apps.organisations.roles import Role
from goround.apps.outbox.models import Message, StaffAddress
from goround.apps.people.consents.models import Consent
from goround.apps.people.models import ListImport, Parent, Postcode, RejectedRow
from goround.apps.proofs.models import Proof
from goround.apps.records.erasing import ask_erasure
from goround.domain.matching.reading import RowProblem
from tests.canaries import fill, newest_rows
from tests.make import (
    NOON,
    make_coordinator,
    make_facilitator,
    make_group,
    make_keep_apart,
    make_leadership,
    make_meeting,
    make_membership,
    make_network,
    make_organisation,
    make_parent,
    make_programme,
    make_referral,
    make_user,
    make_venue,
)
from tests.make_children import make_child
from tests.make_costs import make_costs
from tests.make_decisions import make_decisions
from tests.make_evidence import COUNTED, make_kept_report, picture_with
from tests.make_formation import make_small_round
from tests.make_messages import agree
from tests.make_ours import make_goal, make_member, make_own_promise, make_topic, make_version
from tests.make_releases import make_rows
from tests.make_rooms import make_room
from tests.make_safeguarding import make_concern, make_follow_up, make_opening, make_reader
from tests.make_surveys import answer, make_survey, make_wave


@dataclass(frozen=True)
class World:
    organisation: Organisation
    # Keyword arguments of addresses and the rows they name.
    ids: dict[str, int | str]


def make_world(word: str, *, network: Network | None = None) -> World:
    """An organisation where every text contains ``CANARY-<word>``, of its own network or this."""
    canary, slug, before = f"CANARY-{word}", word.lower(), newest_rows()
    network = network or make_network(name=f"{canary} network", slug=f"net-{slug}")
    host = make_organisation(name=f"{canary} host", slug=f"host-{slug}", network=network)
    programme = make_programme(
        host, "circle-of-parents", name=f"{canary} programme", door=f"door-{slug}"
    )
    coordinator = make_coordinator(host, shown_as=f"{canary} coordinator")
    passkey = Passkey.objects.create(
        user=coordinator,
        name=f"{canary} phone",
        credential_hash=canary,
        credential=canary.encode(),
        added_at=NOON,
    )
    sign_in = SignIn.objects.create(
        user=coordinator, session_key=canary, started_at=NOON, last_used_at=NOON
    )
    venue = make_venue(host, name=f"{canary} hall", address=f"{canary} street")
    parent = make_parent(
        host,
        user=make_user(role=Role.PARENT, organisation=host, shown_as=f"{canary} account"),
        alias=f"{canary} ana",
        safe_contact=f"{canary} call me",
        safe_email=f"{canary}@example.org",
    )
    agree(parent)
    referral = make_referral(parent, programme, agency=f"{canary} agency")
    Consent.objects.create(
        organisation=host,
        parent=parent,
        purpose=Consent.Purpose.SHARING,
        recipient=f"{canary} clinic",
        notice_version=1,
        how=Consent.How.ON_PAPER,
        given_at=NOON,
        expires_at=NOON + timedelta(days=36_500),
    )
    ask_erasure(parent=parent, by=None, at=NOON, grace=timedelta(days=36_500))
    helper = make_facilitator(host, shown_as=f"{canary} facilitator")
    group = make_group(programme, name=f"{canary} group", venue=venue)
    membership = make_membership(group, parent, alias=f"{canary} in group")
    leadership = make_leadership(group, helper)
    invitation = Invitation.objects.create(
        membership=membership, text=f"{canary} welcome", drafted_at=NOON
    )
    meeting = make_meeting(
        group, occurrence=NOON - timedelta(days=1), moved_because=f"{canary} moved"
    )
    tell_place(membership, group, by=coordinator, at=NOON)
    message = Message.objects.get(parent=parent)
    listed = ListImport.objects.create(
        organisation=host,
        programme=programme,
        kind=ListImport.Kind.PARENTS,
        uploaded_by=coordinator,
        uploaded_at=NOON,
        status=ListImport.Status.READ,
    )
    concern = make_concern(host, f"{canary} worry")
    follow_up = make_follow_up(concern, f"{canary} to do")
    reader = make_reader(concern, coordinator, f"{canary} to know")
    kept = make_keep_apart(
        parent, make_parent(host, alias=f"{canary} ben"), reason=f"{canary} reason"
    )
    opening = make_opening(parent, coordinator, reason=f"{canary} in an emergency")
    wave = make_wave(group, survey=make_survey(host, name=f"{canary} survey"))
    answer(wave, parent=parent, link="", at=NOON)
    picture = picture_with(COUNTED, name=f"{canary} strength")
    report = make_kept_report(wave.version.survey, group, by=coordinator, picture=picture)
    listed.lock(f"{canary} text")
    listed.save()
    formation_round = make_small_round(
        programme, parent, venue, coordinator, name=f"{canary} round"
    )
    child = _make_children(group, meeting, parent, coordinator, canary)
    topic_id, goal_id = _make_what_the_group_owns(group, canary)
    _make_the_rest(host, programme, group, coordinator, listed, canary)
    room = make_room(group, membership, canary)
    taken = _make_taken(meeting, child, coordinator, canary)
    _make_proof(parent, canary)
    release, draft = make_rows(host, group, canary)
    cost_line = make_costs(group, about=f"{canary} bus")
    fill(word, since=before)
    return World(
        host,
        {
            "assignment_id": coordinator.roles.get().pk,
            "passkey_id": passkey.pk,
            "sign_in_id": sign_in.pk,
            "decision_id": Decision.objects.get(group=group, kind="consent").pk,
            "door": programme.door,
            "group_id": group.pk,
            "draft_id": draft.pk,
            "release_number": release.number,
            "line_id": cost_line.pk,
            "budget_id": cost_line.group.budgets.get().pk,
            "import_id": listed.pk,
            "formed": "g0001",
            "child_id": child.pk,
            "adult_id": child.adults.get().pk,
            "barred_id": child.barred.get().pk,
            "concern_id": concern.pk,
            "facilitator_id": helper.pk,
            "follow_up_id": follow_up.pk,
            "opening_id": opening.pk,
            "number": 1,
            "topic_id": topic_id,
            "goal_id": goal_id,
            "pair_id": kept.pk,
            "invitation_id": invitation.pk,
            "leadership_id": leadership.pk,
            "meeting_id": meeting.pk,
            "membership_id": membership.pk,
            "message_id": message.pk,
            "note_id": room.note.pk,
            "offer_id": room.offer.pk,
            "parent_id": parent.pk,
            "request_id": room.request.pk,
            "programme_id": programme.pk,
            "referral_id": referral.pk,
            "round_id": formation_round.pk,
            "language": "en",
            "reader_id": reader.pk,
            "report_id": report.pk,
            "survey_id": wave.version.survey_id,
            "wave_id": wave.pk,
            "taken_number": str(taken.number),
            "venue_id": venue.pk,
        },
    )


def _make_children(group: Group, meeting: Meeting, parent: Parent, by: User, canary: str) -> Child:
    """A session that is open, with one child in it and somebody who came in vain."""
    told = {"adult": f"{canary} adult", "allergies": f"{canary} nuts", "needs": f"{canary} light"}
    child = make_child(group, f"{canary} leo", parent, by=by, **told)
    session = open_session(meeting=meeting, adults=1, places=None, by=by, at=meeting.starts_at)
    mark = {"mark": uuid4(), "by": by, "at": NOON}
    sign_in(session=session, child=child, adult=f"{canary} adult", **mark)
    words = {"name": f"{canary} rick", "reason": f"{canary} court", "authorised_by": "A court"}
    bar(children=[child], by=by, at=NOON, **words)
    mark["mark"] = uuid4()
    known = Visit.Seen.KNOWN
    sign_out(session=session, child=child, adult=f"{canary} rick", seen=known, **mark)
    return child


def _make_proof(parent: Parent, canary: str) -> None:
    Proof.objects.create(
        parent=parent,
        code_hash=canary,
        issuer=f"{canary} issuer",
        programme=f"{canary} on paper",
        dates=[NOON.date().isoformat()],
        issued_on=NOON.date(),
        until_on=NOON.date() + timedelta(days=36_500),
    )


def _make_taken(meeting: Meeting, child: Child, by: User, canary: str) -> Taken:
    taken = Taken.objects.create(
        meeting=meeting, by=by, number=uuid4(), key="0" * 64, taken_at=NOON, until=meeting.ends_at
    )
    Mark.objects.create(
        taken=taken,
        number=uuid4(),
        place=1,
        about=Mark.About.NEWCOMER,
        newcomer=uuid4(),
        alias=f"{canary} newcomer",
        is_here=True,
        tapped_at=NOON,
        came_at=NOON,
    )
    Tally.objects.create(meeting=meeting, by_hand={"nothing": True}, asked=1)
    waits = ChildMark.objects.create(
        taken=taken,
        number=uuid4(),
        place=2,
        about=ChildMark.About.WENT,
        child=child,
        tapped_at=NOON,
        came_at=NOON,
        why=ChildMark.Why.NOT_LISTED,
    )
    waits.locked = lock_beside(child, f"{canary} aunt", table=TABLE, row=waits.pk)
    waits.save(update_fields=["locked"])
    return taken


def _make_the_rest(
    host: Organisation,
    programme: Programme,
    group: Group,
    coordinator: User,
    listed: ListImport,
    canary: str,
) -> None:
    """Rows that no address names and a page may show."""
    Programme.objects.filter(pk=programme.pk).update(
        own_rules=f"{shipped_rules(programme.playbook_key)}\n# {canary} rules\n"
    )
    circle = OpenCircle.objects.create(
        meeting=group.meetings.get(),
        state={},
        video_url=f"{canary} video",
        opened_at=NOON,
        until=NOON + timedelta(hours=1),
    )
    CircleSeat.objects.create(circle=circle, number=1, alias=f"{canary} on a seat")
    make_meeting(group, status=Meeting.Status.CANCELLED, cancelled_because=f"{canary} cancelled")
    wrong = RowProblem("list.csv", 2, "alias", f"{canary} rejected", id=f"{canary} row")
    RejectedRow.objects.bulk_create(RejectedRow.all_of(listed, [wrong]))
    Postcode.objects.create(network=host.network, code=canary[:12], cell="")
    Job.objects.create(
        organisation=host,
        kind="read-list",
        subject_id=listed.pk,
        status=Job.Status.FAILED,
        asked_by=coordinator,
        asked_at=NOON,
        ended_at=NOON,
        failure=f"{canary} failure",
    )
    make_decisions(group, canary)
    StaffAddress.objects.create(user=coordinator, email=f"{canary}@example.org")


def _make_what_the_group_owns(group: Group, canary: str) -> tuple[int, int]:
    """What no page may show to anybody outside the group: a topic's number and a goal's."""
    member = make_member(group, f"{canary} member")
    make_version(member, f"{canary} agreement")
    make_own_promise(member, f"{canary} promise")
    make_topic(member, f"{canary} unsigned", is_signed=False)
    topic = make_topic(member, f"{canary} topic")
    Want.objects.create(topic=topic, membership=member)
    Topic.objects.filter(pk=topic.pk).update(chosen_for=group.meetings.first())
    return topic.pk, make_goal(member, f"{canary} goal", is_shared=True).pk
