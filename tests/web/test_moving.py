"""People come, move and go between one request and the next; what they lost is shut at once.

A machine gives and ends roles, moves an organisation to another network, lets somebody join a
group and leave it, lead it and stop, sign in and out, and locks their account. After every step
pages of all kinds are asked, those first that the step took away; what they should answer is
worked out from the policy's own table and from what the machine itself remembers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from zlib import crc32

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from goround.apps.accounts.models import User
from goround.apps.accounts.sessions import sign_out_everywhere
from goround.apps.groups.models import Leadership, Membership
from goround.apps.groups.services import add_member, end_lead, give_lead
from goround.apps.joining.leaving import leave_group, return_to_group
from goround.apps.organisations.models import Organisation, RoleAssignment
from goround.apps.organisations.roles import Permission, Role
from goround.apps.organisations.services import give_role
from goround.apps.organisations.staff import end_role
from goround.web.policy import POLICY, Answer, Anyone, answer_to
from tests.canaries import canary
from tests.make import make_facilitator, make_network, make_parent, make_user
from tests.web.test_policy import (
    FAR,
    OPENED,
    OWN,
    PAGES,
    PLACES,
    SIBLING,
    Cell,
    Worlds,
    ask,
)
from tests.world import make_world

pytestmark = pytest.mark.django_db

WHERE = (OWN, SIBLING, FAR)
# How many lives are lived, how long each is, and how many pages are asked after a step.
LIVES, STEPS = int(os.environ.get("MOVING_LIVES", "2")), int(os.environ.get("MOVING_STEPS", "10"))
LOST, OTHERS = int(os.environ.get("MOVING_PAGES", "5")), 2
AT_PLACES = [role for role in Role if role is not Role.NETWORK_OFFICER]
# Pages of one group, or of somebody in it, that belong to whoever leads that very group.
OF_THE_LEADER = {
    Permission.SEE_OWN_GROUPS,
    Permission.RECORD_OWN_ATTENDANCE,
    Permission.LEAD_CHILDREN,
}
OF_A_GROUP = {"group_id", "meeting_id", "membership_id", "child_id", "taken_number"}
# Pages of the group's own room: for who belongs to it or leads it.
ROOMS = ("room:", "decisions:")
ANY_GROUP = ("coordinator:groups", "coordinator:roll")


def asked_for() -> Iterator[tuple[str, str]]:
    """Every page that asks who somebody is, at every place it can be asked at."""
    for page, keys in sorted(PAGES.items()):
        if POLICY[page] is not Anyone.VISITOR:
            yield from ((page, place) for place in (WHERE if keys else (OWN,)))


class Moving(RuleBasedStateMachine):
    """One person's life, what of it the machine knows, and what the pages show of it."""

    worlds: Worlds
    asked = 0

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        own = self.worlds.by_name[OWN].organisation
        self.client, self.user, self.chief = Client(), make_user(), make_user()
        self.parent = make_parent(own, user=self.user, alias="moving")
        self.helper = make_facilitator(own, user=self.user)
        self.group = own.group_set.get(pk=self.worlds.by_name[OWN].ids["group_id"])
        self.roles: set[tuple[Role, str]] = set()
        self.offices: set[int] = set()
        self.networks = {place: self._here(place).network for place in WHERE}
        self.first = dict(self.networks)
        self.belongs = self.leads = self.has_session = self.locked = False
        self.before: set[tuple[str, str]] = set()
        self.turn = 0

    def teardown(self) -> None:
        for place in WHERE:
            self._here(place).network = self.first[place]
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # What happens to somebody.

    @rule()
    def sign_in(self) -> None:
        self.client.force_login(self._user())
        self.has_session = True

    @precondition(lambda self: self.signed_in)
    @rule()
    def sign_out(self) -> None:
        self.client.post("/sign-out/")
        self.has_session = False

    @precondition(lambda self: self.signed_in)
    @rule()
    def sign_out_everywhere(self) -> None:
        sign_out_everywhere(user=self._user(), by=self.user, at=timezone.now())
        self.has_session = False

    @rule(locked=st.booleans())
    def lock(self, locked: bool) -> None:
        User.objects.filter(pk=self.user.pk).update(is_active=not locked)
        self.locked = locked

    @rule(role=st.sampled_from(AT_PLACES), place=st.sampled_from(WHERE), back=st.booleans())
    def give(self, role: Role, place: str, back: bool) -> None:
        here = self._here(place)
        give_role(user=self._user(), role=role, organisation=here, by=self.chief, at=timezone.now())
        if (role, place) not in self.roles:
            self._begin_anew(back)
        self.roles.add((role, place))

    @precondition(lambda self: self.roles)
    @rule(data=st.data(), back=st.booleans())
    def end(self, data: st.DataObject, back: bool) -> None:
        role, place = data.draw(st.sampled_from(sorted(self.roles)))
        held = RoleAssignment.objects.get(user=self.user, role=role, organisation=self._here(place))
        end_role(assignment=held, by=self.chief, at=timezone.now())
        self.roles.remove((role, place))
        self._begin_anew(back)

    @rule(place=st.sampled_from(WHERE), back=st.booleans())
    def come_to_the_office(self, place: str, back: bool) -> None:
        network = self.networks[place]
        office = {"role": Role.NETWORK_OFFICER, "network": network}
        give_role(user=self._user(), by=self.chief, at=timezone.now(), **office)
        if network.pk not in self.offices:
            self._begin_anew(back)
        self.offices.add(network.pk)

    @rule(place=st.sampled_from(WHERE))
    def organisation_moves(self, place: str) -> None:
        here, self.networks[place] = self._here(place), make_network()
        here.network = self.networks[place]
        Organisation.objects.filter(pk=here.pk).update(network=here.network)

    @precondition(lambda self: not self.belongs)
    @rule()
    def join(self) -> None:
        at = timezone.now()
        add_member(group=self.group, parent=self.parent, joined_on=at.date(), by=self.chief, at=at)
        self.belongs = True

    @precondition(lambda self: self.belongs)
    @rule(thinks_again=st.booleans())
    def leave(self, thinks_again: bool) -> None:
        member = Membership.objects.get(parent=self.parent, left_on=None)
        leave_group(membership=member, by=self.user, at=timezone.now())
        if thinks_again:
            return_to_group(leaving=member.leaving, by=self.user, at=timezone.now())
        self.belongs = thinks_again

    @precondition(lambda self: not self.leads)
    @rule()
    def lead(self) -> None:
        part, at = Leadership.Part.FACILITATOR, timezone.now()
        give_lead(
            group=self.group, leader=self.helper, part=part, from_on=at.date(), by=self.chief, at=at
        )
        self.leads = True

    @precondition(lambda self: self.leads)
    @rule()
    def stop_leading(self) -> None:
        at = timezone.now()
        led = Leadership.objects.get(facilitator=self.helper, to_on=None)
        end_lead(leadership=led, on=at.date(), by=self.chief, at=at)
        self.leads = False

    # What they see of it.

    @invariant()
    def what_was_lost_is_shut(self) -> None:
        self.turn += 1
        now = {(page, place) for page, place in asked_for() if self._opens(page, place)}
        lost, others = self.before - now, set(asked_for()) - (self.before - now)
        for page, place in [*self._some(lost, LOST), *self._some(others, OTHERS)]:
            self._ask(page, place)
        self._ask_home()
        self.before = now

    def _some(self, cells: set[tuple[str, str]], most: int) -> list[tuple[str, str]]:
        by_turns = sorted(cells, key=lambda cell: crc32(f"{self.turn} {cell}".encode()))
        return by_turns[:most]

    def _ask(self, page: str, place: str) -> None:
        Moving.asked += 1
        method = "post" if crc32(f"{page} {self.turn}".encode()) % 3 == 0 else "get"
        status, body = ask(self.client, Cell(page, place, place, method), self.worlds)
        said = f"{method} {page} at {place} got {status}"
        shown = {name for name in WHERE if canary(name) in body}
        if not self.signed_in:
            assert status == 302, said
            assert shown == set(), f"{said} and shows {shown}"
        elif not self._opens(page, place):
            # A page that only takes, or takes nothing, says so whatever number its address has.
            missing = Cell(page, place, "MISSING", method)
            assert status == 404 or ask(self.client, missing, self.worlds)[0] == status == 405, said
            assert shown == set(), f"{said} and shows {shown}"
        else:
            assert status in OPENED | {404}, said
            assert shown <= self._known(page, place), f"{said} and shows {shown}"

    def _ask_home(self) -> None:
        with transaction.atomic():
            page = self.client.get("/", follow=True).text
            transaction.set_rollback(True)
        shown = {name for name in WHERE if canary(name) in page}
        assert shown <= (self._own_places() if self.signed_in else set()), f"home shows {shown}"

    def _opens(self, page: str, place: str) -> bool:
        """Whether the page is there for somebody signed in, by the policy and this life."""
        rule, keys = POLICY[page], set(PAGES[page])
        if not self.signed_in:
            return False
        if isinstance(rule, Permission):
            held = self._held(page, place)
            opens = any(
                answer_to(page, role, signed_in=True, own=True) is Answer.OPEN for role in held
            )
            is_the_leaders = rule in OF_THE_LEADER and keys & OF_A_GROUP
            return opens and (not is_the_leaders or self._has_group(held, place))
        if page.startswith(ROOMS) and "group_id" in keys:
            in_person = self.belongs or (self.leads and self._may_lead(place))
            # Whoever left today may think again.
            return place == OWN and (in_person or page == "room:come_back")
        return True

    def _held(self, page: str, place: str) -> set[Role]:
        if "network" in PAGES[page]:
            return {Role.NETWORK_OFFICER} if self.networks[place].pk in self.offices else set()
        return {role for role, where in self.roles if where == place}

    def _has_group(self, held: set[Role], place: str) -> bool:
        sees_all = any(
            answer_to(page, role, signed_in=True, own=True) is Answer.OPEN
            for role in held
            for page in ANY_GROUP
        )
        return sees_all or (place == OWN and self.leads)

    def _may_lead(self, place: str) -> bool:
        held = {role for role, where in self.roles if where == place}
        return any(
            answer_to("facilitator:group", role, signed_in=True, own=True) is Answer.OPEN
            for role in held
        )

    def _known(self, page: str, place: str) -> set[str]:
        keys = set(PAGES[page])
        if not keys & PLACES:
            return self._own_places()
        if "network" not in keys:
            return {place}
        network = self.networks[place]
        there = {name for name in WHERE if self.networks[name] == network}
        return there | {name for name in WHERE if self.first[name] == network}

    def _own_places(self) -> set[str]:
        """Where they hold a role or are known as a parent, and what their office is called."""
        places = {place for _, place in self.roles} | {OWN}
        for name in WHERE:
            if {self.networks[name].pk, self.first[name].pk} & self.offices:
                places.add(name)
        return places

    def _begin_anew(self, back: bool) -> None:
        """A role given or ended ends every session; most people sign in again at once."""
        self.has_session = False
        if back:
            self.sign_in()

    @property
    def signed_in(self) -> bool:
        return self.has_session and not self.locked

    def _user(self) -> User:
        return User.objects.get(pk=self.user.pk)

    def _here(self, place: str) -> Organisation:
        return self.worlds.by_name[place].organisation


def test_whoever_lost_a_right_has_lost_it_at_the_next_request():
    own = make_world(OWN)
    sibling = make_world(SIBLING, network=own.organisation.network)
    Moving.worlds = Worlds({OWN: own, SIBLING: sibling, FAR: make_world(FAR)})

    run_state_machine_as_test(
        Moving,
        settings=settings(
            max_examples=LIVES, stateful_step_count=STEPS, deadline=None, phases=[Phase.generate]
        ),
    )

    assert Moving.asked > LIVES * STEPS
