"""The whole table of who may do what. A change of rights shows here, in review."""

from __future__ import annotations

import pytest

from goround.apps.organisations.roles import PERMISSIONS, Permission, Role, roles_with
from goround.apps.organisations.selectors import networks_for, organisations_for, permissions_at
from tests.make import make_network, make_organisation, make_user

TABLE = """\
                                                  par lea fac chi sup coo saf net
see the waiting list                               .   .   .   .   .   x   .   .
add and withdraw parents on the waiting list       .   .   .   .   .   x   .   .
import lists                                       .   .   .   .   .   x   .   .
add and change venues and facilitators             .   .   .   .   .   x   .   .
choose programmes and their playbooks              .   .   .   .   .   x   .   .
propose, change and accept groups                  .   .   .   .   .   x   .   .
see every group of the organisation                .   .   .   .   x   x   .   .
change a group's series and membership             .   .   .   .   .   x   .   .
see the groups one leads                           .   x   x   x   .   .   .   .
record attendance of the groups one leads          .   x   x   .   .   .   .   .
record attendance of any group                     .   .   .   .   .   x   .   .
sign in and out the children one leads             .   .   x   x   .   .   .   .
see the organisation's month                       .   .   .   .   x   x   .   .
see who is trained                                 .   .   .   .   x   x   .   .
open, copy and erase a parent's record             .   .   .   .   .   x   .   .
see whether the trail of who did what is whole     .   .   .   .   .   x   .   .
open sealed records with one's own key             .   .   .   .   .   .   x   .
invite people who work here and end their roles    .   .   .   .   .   x   .   .
handle concerns and keep-apart records             .   .   .   .   .   .   x   .
open a parent's details in an emergency            .   .   .   .   x   x   .   .
hold surveys and see their sums                    .   .   .   .   .   x   .   .
see and keep what groups cost                      .   .   .   .   .   x   .   .
look back at details opened in an emergency        .   .   .   .   x   x   x   .
see what was released of the network               .   .   .   .   .   .   .   x
set the number of groups the network works towards .   .   .   .   .   .   .   x
make releases of the network's figures             .   .   .   .   .   .   .   x
"""
SHORT = {Role.PARENT_LEADER: "lea"}


def printed() -> str:
    """The permission table as text: a row a permission, a column a role."""
    names = [SHORT.get(role, role.value[:3]) for role in Role]
    lines = [" " * 50 + " ".join(names)]
    for permission in Permission:
        held = ["x" if permission in PERMISSIONS[role] else "." for role in Role]
        lines.append(f"{permission.value:<50} " + "   ".join(held))
    return "\n".join(lines) + "\n"


def test_permission_table_is_this_one():
    print(printed())  # noqa: T201

    assert printed() == TABLE


def test_every_role_has_a_row():
    assert set(PERMISSIONS) == set(Role)


def test_roles_with_a_permission():
    assert roles_with(Permission.SEE_TRAINING) == [Role.SUPERVISOR, Role.COORDINATOR]


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role != Role.NETWORK_OFFICER])
def test_role_counts_at_its_own_organisation_only(role):
    here, elsewhere = make_organisation(), make_organisation()
    user = make_user(role=role, organisation=here)

    assert list(organisations_for(user)) == [here]
    assert permissions_at(user, here) == PERMISSIONS[role]
    assert permissions_at(user, elsewhere) == frozenset()
    assert list(networks_for(user)) == []


@pytest.mark.django_db
def test_network_officer_enters_no_organisation():
    here = make_organisation()
    user = make_user(role=Role.NETWORK_OFFICER, network=here.network)

    assert list(networks_for(user)) == [here.network]
    assert list(organisations_for(user)) == []
    assert permissions_at(user, here) == frozenset()
    assert list(networks_for(make_user(role=Role.NETWORK_OFFICER, network=make_network()))) != [
        here.network
    ]


@pytest.mark.django_db
def test_organisations_for_a_permission_leave_out_other_roles():
    here = make_organisation()
    supervisor = make_user(role=Role.SUPERVISOR, organisation=here)

    assert list(organisations_for(supervisor, needs=Permission.SEE_TRAINING)) == [here]
    assert list(organisations_for(supervisor, needs=Permission.SEE_WAITING_LIST)) == []
