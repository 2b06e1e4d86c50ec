"""The demo network, all of it or nothing."""

from __future__ import annotations

from datetime import date, datetime
from importlib import resources

from django.db import connection, transaction

from goround.apps.accounts.models import User
from goround.apps.audit import services as audit
from goround.apps.demo.answers import load_answers, load_open_circle
from goround.apps.demo.cast import CAST, PRACTICE, make_cast
from goround.apps.demo.children import Evenings
from goround.apps.demo.costs import load_costs
from goround.apps.demo.deciding import load_deciding
from goround.apps.demo.history import load_history
from goround.apps.demo.owned import load_owned
from goround.apps.demo.places import EAST_LA, HOSTS, METRO, NETWORK, PACOIMA, POSTCODES, TIME_ZONE
from goround.apps.demo.records import load_records
from goround.apps.demo.releasing import load_releases
from goround.apps.demo.rooms import load_rooms
from goround.apps.demo.safety import load_safety
from goround.apps.demo.signal import load_child_mark, load_marks
from goround.apps.demo.surveys import load_surveys
from goround.apps.demo.today import GROUPS, load_today
from goround.apps.demo.waiting import load_waiting
from goround.apps.groups.models import Group
from goround.apps.organisations.models import Network, Organisation, Programme
from goround.apps.organisations.playbooks import shipped_playbooks
from goround.apps.organisations.roles import Role
from goround.apps.people.models import Postcode
from goround.apps.walls.places import let_in
from goround.domain.playbook import FrontDoor
from goround.domain.privacy import coarse_cell

CIRCLES = "parent-support-circles"
STATISTICS_DAY = 10


@transaction.atomic
def load_demo(*, by: User | None, at: datetime, times: int = 1) -> bool:
    """Load the demo network, or leave everything as it is and answer False when it is there.

    One transaction: whoever breaks it off finds nothing half loaded. The same ``at`` makes the
    same network. ``times`` multiplies 2015 and the waiting list, for measuring.
    """
    if Network.objects.filter(slug=NETWORK).exists():
        return False
    network = Network.objects.create(
        name="Parent Support Circles, Los Angeles (demo)",
        slug=NETWORK,
        target_groups=100,
        target_by=date(2016, 6, 30),
    )
    hosts = {host.slug: _organisation(network, host.slug, host.name) for host in HOSTS}
    circles = [_circles(hosts[host.slug]) for host in HOSTS]
    others = {
        (plan.host.slug, plan.playbook): _programme(hosts[plan.host.slug], plan.playbook)
        for plan in GROUPS
        if plan.playbook != CIRCLES
    }
    practice = _practice_house()
    people = make_cast(network, hosts | {PRACTICE: practice}, at=at)
    coordinators = {
        place: people[part.handle]
        for part in CAST
        if part.role == Role.COORDINATOR
        for place in part.places
    }
    _postcodes(network, practice.network)
    load_history(circles, at=at, times=times)
    load_waiting(circles[0], by=coordinators[METRO.slug], at=at, times=times)
    programmes = others | {(METRO.slug, CIRCLES): circles[0]}
    load_today(programmes, coordinators, people, at=at)
    load_owned(people, at=at)
    load_rooms(people, at=at)
    pacoima = Group.objects.get(organisation=hosts[PACOIMA.slug], name="Pacoima open circle")
    tomas, cedar = people["childrens-leader"], people["parent-pacoima"].parent
    Evenings(pacoima, tomas, cedar, at=at).load(lead=people["safeguarding-lead"])
    load_deciding(people, coordinators, at=at)
    load_surveys(hosts[METRO.slug], by=coordinators[METRO.slug], at=at)
    load_marks(people["parent"], people["facilitator"], at=at)
    load_child_mark(people["childrens-leader"], at=at)
    load_records(network, people["parent"].parent, by=coordinators[METRO.slug], at=at)
    load_answers(hosts[METRO.slug], by=coordinators[METRO.slug], at=at)
    load_open_circle(hosts[PACOIMA.slug], by=coordinators[PACOIMA.slug], at=at)
    lead, practitioner = people["safeguarding-lead"], people["practitioner"]
    load_safety(hosts[EAST_LA.slug], lead=lead, facilitator=practitioner, at=at)
    load_costs([hosts[host.slug] for host in HOSTS], by=coordinators[METRO.slug], at=at)
    _count_rows()
    load_releases(network, by=people["network"], at=at)
    audit.record("demo.loaded", network, by=by, at=at, times=times)
    return True


def _count_rows() -> None:
    """Tell PostgreSQL how much there is now; it would plan its first answers for empty tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _organisation(network: Network, slug: str, name: str) -> Organisation:
    organisation = Organisation.objects.create(
        network=network, slug=slug, name=name, time_zone=TIME_ZONE
    )
    let_in(organisation.pk)
    return organisation


def _programme(organisation: Organisation, playbook: str, own_rules: str = "") -> Programme:
    rules = shipped_playbooks()[playbook]
    return Programme.objects.create(
        organisation=organisation,
        playbook_key=playbook,
        name=rules.name,
        own_rules=own_rules,
        door=f"{organisation.slug}-{playbook}"[:60],
        takes_self_referrals=FrontDoor.MATCHED in rules.front_doors,
    )


def _circles(organisation: Organisation) -> Programme:
    """The circles by the network's own copy of the playbook, which adds a day for statistics."""
    file = resources.files("goround.playbooks") / f"{CIRCLES}.toml"
    general, tables = file.read_text(encoding="utf-8").split("\n[", 1)
    ours = f"# Our network's choice.\nstatistics_day = {STATISTICS_DAY}\n"
    return _programme(organisation, CIRCLES, own_rules=f"{general}\n{ours}\n[{tables}")


def _practice_house() -> Organisation:
    """An organisation with nothing in it yet, to try an import on."""
    network = Network.objects.create(name="Practice network (demo)", slug="practice-demo")
    house = _organisation(network, PRACTICE, "Practice House (demo)")
    _programme(house, CIRCLES)
    return house


def _postcodes(*networks: Network) -> None:
    Postcode.objects.bulk_create(
        Postcode(network=network, code=code, cell=coarse_cell(*place))
        for network in networks
        for code, place in POSTCODES.items()
    )
