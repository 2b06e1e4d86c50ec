"""Who may do what: the one place where roles become permissions.

A role is held at an organisation or, for the network office, at a network. Holding a role
gives nothing outside it. ``tests/apps/organisations/test_roles.py`` prints the whole table,
so that a change of rights shows in review.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    PARENT = "parent", _("parent")
    PARENT_LEADER = "parent-leader", _("parent leader")
    FACILITATOR = "facilitator", _("facilitator")
    CHILDRENS_LEADER = "childrens-leader", _("children's leader")
    SUPERVISOR = "supervisor", _("supervisor")
    COORDINATOR = "coordinator", _("coordinator")
    SAFEGUARDING_LEAD = "safeguarding-lead", _("safeguarding lead")
    NETWORK_OFFICER = "network-officer", _("network officer")


class Permission(StrEnum):
    # At an organisation.
    SEE_WAITING_LIST = "see the waiting list"
    REFER_PARENTS = "add and withdraw parents on the waiting list"
    IMPORT_LISTS = "import lists"
    MANAGE_VENUES = "add and change venues and facilitators"
    MANAGE_PROGRAMMES = "choose programmes and their playbooks"
    FORM_GROUPS = "propose, change and accept groups"
    SEE_ALL_GROUPS = "see every group of the organisation"
    MANAGE_GROUPS = "change a group's series and membership"
    SEE_OWN_GROUPS = "see the groups one leads"
    RECORD_OWN_ATTENDANCE = "record attendance of the groups one leads"
    RECORD_ANY_ATTENDANCE = "record attendance of any group"
    LEAD_CHILDREN = "sign in and out the children one leads"
    SEE_MONTH = "see the organisation's month"
    SEE_TRAINING = "see who is trained"
    KEEP_RECORDS = "open, copy and erase a parent's record"
    SEE_TRAIL = "see whether the trail of who did what is whole"
    OPEN_SEALED = "open sealed records with one's own key"
    MANAGE_PEOPLE = "invite people who work here and end their roles"
    HANDLE_CONCERNS = "handle concerns and keep-apart records"
    BREAK_GLASS = "open a parent's details in an emergency"
    HOLD_SURVEYS = "hold surveys and see their sums"
    KEEP_COSTS = "see and keep what groups cost"
    REVIEW_OPENINGS = "look back at details opened in an emergency"
    # At a network.
    SEE_NETWORK_SUMS = "see what was released of the network"
    SET_TARGET = "set the number of groups the network works towards"
    MAKE_RELEASES = "make releases of the network's figures"


P = Permission

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PARENT: frozenset(),
    Role.PARENT_LEADER: frozenset({P.SEE_OWN_GROUPS, P.RECORD_OWN_ATTENDANCE}),
    Role.FACILITATOR: frozenset({P.SEE_OWN_GROUPS, P.RECORD_OWN_ATTENDANCE, P.LEAD_CHILDREN}),
    Role.CHILDRENS_LEADER: frozenset({P.SEE_OWN_GROUPS, P.LEAD_CHILDREN}),
    Role.SUPERVISOR: frozenset(
        {P.SEE_ALL_GROUPS, P.SEE_MONTH, P.SEE_TRAINING, P.BREAK_GLASS, P.REVIEW_OPENINGS}
    ),
    Role.COORDINATOR: frozenset(
        {
            P.SEE_WAITING_LIST,
            P.REFER_PARENTS,
            P.IMPORT_LISTS,
            P.MANAGE_VENUES,
            P.MANAGE_PROGRAMMES,
            P.FORM_GROUPS,
            P.SEE_ALL_GROUPS,
            P.MANAGE_GROUPS,
            P.RECORD_ANY_ATTENDANCE,
            P.SEE_MONTH,
            P.SEE_TRAINING,
            P.KEEP_RECORDS,
            P.SEE_TRAIL,
            P.MANAGE_PEOPLE,
            P.HOLD_SURVEYS,
            P.KEEP_COSTS,
            P.BREAK_GLASS,
            P.REVIEW_OPENINGS,
        }
    ),
    # Nobody else learns that there is a concern or a keep-apart record.
    Role.SAFEGUARDING_LEAD: frozenset({P.OPEN_SEALED, P.HANDLE_CONCERNS, P.REVIEW_OPENINGS}),
    Role.NETWORK_OFFICER: frozenset({P.SEE_NETWORK_SUMS, P.SET_TARGET, P.MAKE_RELEASES}),
}


def roles_with(permission: Permission) -> list[Role]:
    return [role for role, allowed in PERMISSIONS.items() if permission in allowed]
