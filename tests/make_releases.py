"""Plain functions that make what tests of releases need."""

from __future__ import annotations

from datetime import date
from itertools import count

from goround.apps.groups.models import Group
from goround.apps.organisations.models import Network, Organisation
from goround.apps.people.models import Parent
from goround.apps.releases.catalogue import SNAPSHOT, Table
from goround.apps.releases.models import Basis, Draft, Release, ReleasedFigure
from goround.apps.releases.services import make_draft, publish
from goround.domain.disclosure import Span
from tests.make import NOON, make_group, make_membership, make_parent, make_programme
from tests.make_months import la, make_held

YEAR = Span.of(2020, 1, 12)
_number = count(1)


def make_year(organisation: Organisation, *, men: int, women: int, children: int = 0) -> Group:
    """A group that met once in 2020, with so many parents."""
    group = make_group(make_programme(organisation))
    genders = [Parent.Gender.MALE] * men + [Parent.Gender.FEMALE] * women
    members = [
        make_membership(group, make_parent(organisation, gender=gender)) for gender in genders
    ]
    make_held(group, la(2020, 3, 3), members, children=children)
    return group


def make_release(network: Network, table: Table = SNAPSHOT, span: Span = YEAR) -> Release:
    draft = make_draft(network=network, table=table, span=span, by=None, at=NOON)
    return publish(draft=draft, by=None, at=NOON)


def make_rows(organisation: Organisation, group: Group, word: str) -> tuple[Release, Draft]:
    """One row of each table, whatever it says."""
    # Numbers begin anew in each network; here no two networks have the same.
    number = 100 + organisation.pk
    first_on = date(1900 + next(_number) % 100, 1, 1)
    release = Release.objects.create(
        network=organisation.network,
        number=number,
        table="groups",
        first_on=first_on,
        months=12,
        names={"network": organisation.network.name, str(organisation.pk): organisation.name},
        threshold=10,
        base=5,
        released_at=NOON,
        link=f"{word}-{number}"[:43],
        seal="0" * 64,
    )
    ReleasedFigure.objects.create(
        release=release, organisation=organisation, group=group, measure="attendances", shown=20
    )
    Basis.objects.create(release=release, organisation=organisation, figures=[])
    draft = Draft.objects.create(
        network=organisation.network,
        table="groups",
        first_on=first_on,
        months=12,
        asked_at=NOON,
        made_at=NOON,
        figures=[[organisation.pk, group.pk, "attendances", "", "", 20, False]],
    )
    return release, draft
