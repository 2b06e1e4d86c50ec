"""Four children beside the open circle: one with an allergy, one whose aunt collects for a few
days, one whom somebody may not collect; last week's evening, and tonight's as it begins.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db.models import QuerySet

from goround.apps.accounts.models import User
from goround.apps.children.barring import bar
from goround.apps.children.locking import Needs
from goround.apps.children.models import Child, ChildrensSession, Visit
from goround.apps.children.programme import can_begin
from goround.apps.children.running import close_session, open_session
from goround.apps.children.services import add_child, list_adult
from goround.apps.children.signing import sign_in, sign_out
from goround.apps.groups.models import Group
from goround.apps.meetings.models import Meeting
from goround.apps.people.models import Parent

BARRED = "Victor Salas"


class Evenings:
    """``tomas`` leads the children of ``group``; marks are made from what they mark."""

    def __init__(self, group: Group, tomas: User, parent: Parent, *, at: datetime) -> None:
        self.group, self.tomas, self.parent, self.at = group, tomas, parent, at

    def load(self, *, lead: User) -> None:
        day = timedelta(days=1)
        near = self._meetings().filter(starts_at__range=(self.at - day, self.at + day))
        tonight = next((each for each in near if can_begin(each, at=self.at)), None)
        over = self._meetings().filter(ends_at__lte=self.at).order_by("-starts_at")
        last = next((each for each in over if each != tonight), None)
        if last is None:
            return
        children = self._children(at=last.starts_at)
        bar(
            children=[children["Leo"]],
            name=BARRED,
            reason="His mother showed the court's order: he may not fetch the boy.",
            authorised_by="The court, order seen by Ruth in March",
            by=lead,
            at=last.starts_at,
        )
        self._last_time(last, children)
        if tonight:
            self._tonight(tonight, children)

    def _meetings(self) -> QuerySet[Meeting]:
        return self.group.meetings.exclude(status=Meeting.Status.CANCELLED).select_related(
            "group__programme", "group__organisation"
        )

    def _children(self, *, at: datetime) -> dict[str, Child]:
        cedar = self.parent.alias
        told = (
            ("Leo", "3-5", self.parent, cedar, Needs("Peanuts. The pen is in his red bag.", "")),
            ("Mia", "6-12", self.parent, cedar, Needs()),
            ("Little Star", "0-2", None, "Brisa", Needs("", "Falls asleep with a song.")),
            ("Captain", "6-12", None, "Omar", Needs()),
        )
        children = {
            alias: add_child(
                group=self.group,
                parent=parent,
                alias=alias,
                band=band,
                adult=adult,
                needs=needs,
                mark=self._mark(f"child {alias}"),
                by=self.tomas,
                at=at,
            )
            for alias, band, parent, adult, needs in told
        }
        until = self.group.today(at=self.at) + timedelta(days=3)
        child = children["Mia"]
        list_adult(child=child, name="Aunt Rosa", until=until, by=self.tomas, at=at)
        return children

    def _last_time(self, meeting: Meeting, children: dict[str, Child]) -> None:
        session = self._begin(meeting, adults=1, at=meeting.starts_at)
        for number, child in enumerate(children.values()):
            came_at = meeting.starts_at + timedelta(minutes=number)
            self._come(session, child, at=came_at)
        ends = meeting.ends_at
        for number, child in enumerate(children.values()):
            if child.alias == "Leo":
                self._go(session, child, BARRED, at=ends - timedelta(minutes=20))
            self._go(session, child, self._adult(child), at=ends + timedelta(minutes=number))
        close_session(session=session, by=self.tomas, at=ends + timedelta(minutes=10))

    def _tonight(self, meeting: Meeting, children: dict[str, Child]) -> None:
        session = self._begin(meeting, adults=2, at=self.at)
        for alias in ("Leo", "Mia"):
            self._come(session, children[alias], at=self.at)
        for alias in ("Little Star", "Captain"):
            today = self.group.today(at=self.at)
            child, adult = children[alias], self._adult(children[alias])
            list_adult(child=child, name=adult, until=today, by=self.tomas, at=self.at)

    def _begin(self, meeting: Meeting, *, adults: int, at: datetime) -> ChildrensSession:
        return open_session(meeting=meeting, adults=adults, places=12, by=self.tomas, at=at)

    def _come(self, session: ChildrensSession, child: Child, *, at: datetime) -> None:
        sign_in(
            session=session,
            child=child,
            adult=self._adult(child),
            chosen=True,
            mark=self._mark(f"{session.meeting_id} in {child.alias}"),
            by=self.tomas,
            at=at,
        )

    def _go(self, session: ChildrensSession, child: Child, adult: str, *, at: datetime) -> None:
        sign_out(
            session=session,
            child=child,
            adult=adult,
            chosen=adult != BARRED,
            seen=Visit.Seen.KNOWN,
            mark=self._mark(f"{session.meeting_id} out {child.alias} {adult}"),
            by=self.tomas,
            at=at,
        )

    def _adult(self, child: Child) -> str:
        return {"Little Star": "Brisa", "Captain": "Omar"}.get(child.alias, self.parent.alias)

    def _mark(self, what: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"demo {self.group.pk} {what}")
