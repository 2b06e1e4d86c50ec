"""Which rows the database shows to whom: one wall for every table, and a few narrow doors.

A table with a column ``organisation_id`` gets its wall without being named here. What is named
here has another column, or must be read before an organisation is known; each with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

# The organisations of this transaction, "3,7". Unset, it is no list, and nothing is in it.
# In a subquery of its own, so that it is worked out once and not for every row.
HERE = (
    "ANY ((SELECT string_to_array("
    "nullif(current_setting('goround.organisations', true), ''), ',')::bigint[])::bigint[])"
)
WALL = f"organisation_id = {HERE}"
ME = "nullif(current_setting('goround.user', true), '')::bigint"
ERRAND = "current_setting('goround.errand', true)"
OPERATOR = f"{ERRAND} = 'operator'"

_AN_ORGANISATION = "EXISTS (SELECT 1 FROM organisations_organisation o"

# Walls of tables that lead to an organisation by another column.
OTHER_WALLS: Mapping[str, str] = {
    "organisations_organisation": f"id = {HERE}",
    # A network has no personal data of its own; its postcodes serve its organisations.
    "organisations_network": (
        f"{_AN_ORGANISATION} WHERE o.network_id = organisations_network.id AND o.id = {HERE})"
    ),
    "people_postcode": (
        f"{_AN_ORGANISATION} WHERE o.network_id = people_postcode.network_id AND o.id = {HERE})"
    ),
    "records_keepingrules": (
        f"{_AN_ORGANISATION} WHERE o.network_id = records_keepingrules.network_id"
        f" AND o.id = {HERE})"
    ),
    # A release belongs to a network, and its figures to it, those of the whole network too.
    "releases_release": (
        f"{_AN_ORGANISATION} WHERE o.network_id = releases_release.network_id AND o.id = {HERE})"
    ),
    "releases_releasedfigure": "EXISTS (SELECT 1 FROM releases_release r WHERE r.id = release_id)",
    "releases_draft": (
        f"{_AN_ORGANISATION} WHERE o.network_id = releases_draft.network_id AND o.id = {HERE})"
    ),
    # Jobs of a network hold ids and counts, as its drafts do.
    "jobs_job": (
        f"{WALL} OR {_AN_ORGANISATION} WHERE o.network_id = jobs_job.network_id AND o.id = {HERE})"
    ),
    # Links between rows that have a wall themselves: whoever sees both sees the link.
    "people_parent_together": (
        "EXISTS (SELECT 1 FROM people_parent p WHERE p.id = from_parent_id)"
        " AND EXISTS (SELECT 1 FROM people_parent p WHERE p.id = to_parent_id)"
    ),
    "formation_round_groups": (
        "EXISTS (SELECT 1 FROM formation_round r WHERE r.id = round_id)"
        " AND EXISTS (SELECT 1 FROM groups_group g WHERE g.id = group_id)"
    ),
}


@dataclass(frozen=True, slots=True)
class Door:
    """A way through one table's wall, and why there must be one."""

    table: str
    name: str
    command: str
    condition: str
    because: str


DOORS: tuple[Door, ...] = (
    Door(
        "organisations_roleassignment",
        "own",
        "SELECT",
        f"user_id = {ME}",
        "what somebody may do is looked up before it is known where",
    ),
    Door(
        "organisations_roleassignment",
        "demo",
        "SELECT",
        "EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = user_id AND u.is_demo)",
        "the demo shows its invented people to choose from; real networks have none",
    ),
    Door(
        "organisations_roleassignment",
        "operator",
        "ALL",
        OPERATOR,
        "roles at a network's office belong to no organisation; a command gives them",
    ),
    Door(
        "organisations_organisation",
        "role",
        "SELECT",
        "EXISTS (SELECT 1 FROM organisations_roleassignment r"
        " WHERE r.organisation_id = organisations_organisation.id"
        " OR r.network_id = organisations_organisation.network_id)",
        "names and addresses of the places where one has a role, to choose from",
    ),
    Door(
        "organisations_organisation",
        "errand",
        "SELECT",
        f"{ERRAND} IN ('worker', 'operator')",
        "the worker and commands go through the organisations one by one: ids and names",
    ),
    Door(
        "organisations_organisation",
        "operator",
        "ALL",
        OPERATOR,
        "a command adds organisations; a new one is in no list yet",
    ),
    Door(
        "organisations_network",
        "role",
        "SELECT",
        "EXISTS (SELECT 1 FROM organisations_roleassignment r"
        " WHERE r.network_id = organisations_network.id)"
        " OR EXISTS (SELECT 1 FROM organisations_organisation o"
        " WHERE o.network_id = organisations_network.id)",
        "the name of the network of each place where one has a role",
    ),
    Door("organisations_network", "operator", "ALL", OPERATOR, "a command adds networks"),
    Door(
        "organisations_programme",
        "poster",
        "SELECT",
        "takes_self_referrals",
        "a parent comes to it by an address from a poster, signed in nowhere",
    ),
    Door(
        "people_referral",
        "receipt",
        "SELECT",
        "receipt_hash = nullif(current_setting('goround.receipt', true), '')",
        "whoever has the words of a receipt finds the one entry they belong to",
    ),
    Door(
        "circle_opencircle",
        "code",
        "SELECT",
        "code = nullif(current_setting('goround.circle', true), '')",
        "a telephone comes in by the code of one circle, signed in nowhere",
    ),
    Door(
        "circle_circledevice",
        "token",
        "SELECT",
        "token_hash = nullif(current_setting('goround.circle', true), '')",
        "a telephone that is in a circle says which one by what it keeps",
    ),
    Door(
        "surveys_wave",
        "code",
        "SELECT",
        "code = nullif(current_setting('goround.survey', true), '')",
        "a telephone or the tablet in a meeting comes in by the code of one wave of a survey",
    ),
    Door(
        "proofs_proof",
        "code",
        "SELECT",
        "code_hash = nullif(current_setting('goround.proof', true), '')",
        "whoever holds a paper finds by its code what stands on it, signed in nowhere",
    ),
    Door(
        "releases_release",
        "link",
        "SELECT",
        "link = nullif(current_setting('goround.release', true), '')",
        "whoever was given the address of a release reads it, signed in nowhere",
    ),
    Door(
        "jobs_job",
        "worker",
        "ALL",
        f"{ERRAND} = 'worker'",
        "the worker looks for the oldest job of any organisation; jobs hold ids and counts",
    ),
    Door(
        "outbox_message",
        "worker",
        "ALL",
        f"{ERRAND} = 'worker'",
        "the worker looks for the message that is due; messages hold ids and times",
    ),
    Door(
        "audit_event",
        "installation",
        "ALL",
        "organisation_id IS NULL",
        "acts that belong to no organisation, such as adding one, have a trail too",
    ),
    Door(
        "audit_chain",
        "installation",
        "ALL",
        "organisation_id IS NULL",
        "the head of the installation's own trail",
    ),
    Door(
        "people_parent",
        "own",
        "SELECT",
        f"user_id = {ME}",
        "a parent with an account finds the record about themselves, and so where it is kept",
    ),
)


@dataclass(frozen=True, slots=True)
class Policy:
    table: str
    name: str
    command: str
    condition: str

    @property
    def stamp(self) -> str:
        """Tells two wordings apart: PostgreSQL stores neither as it was written."""
        return sha256(f"{self.command} {self.condition}".encode()).hexdigest()[:16]


def policies(tables: Mapping[str, frozenset[str]]) -> Iterator[Policy]:
    """Every policy that must be there, for tables given with their columns."""
    for table, columns in sorted(tables.items()):
        wall = OTHER_WALLS.get(table) or (WALL if "organisation_id" in columns else "")
        if wall:
            yield Policy(table, "wall", "ALL", wall)
            for door in DOORS:
                if door.table == table:
                    yield Policy(table, f"door_{door.name}", door.command, door.condition)
