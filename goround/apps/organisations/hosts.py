"""A network's first rows on a new server, before anybody can sign in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goround.apps.audit import services as audit
from goround.apps.audit.services import Actor
from goround.apps.organisations.models import Network, Organisation
from goround.apps.walls.places import let_in


class OrganisationThere(Exception):
    """An organisation of that short name is there already."""


@transaction.atomic
def add_organisation(
    *,
    name: str,
    slug: str,
    time_zone: str,
    network_name: str,
    network_slug: str,
    by: Actor | None,
    at: datetime,
) -> Organisation:
    """A host organisation in a network, which is made when its short name is new.

    A network that is there keeps its name. Raises ``OrganisationThere``, and
    ``ValidationError`` for a name or time zone that will not do.
    """
    if Organisation.objects.filter(slug=slug).exists():
        raise OrganisationThere(f"an organisation is called {slug!r} already")
    network = Network.objects.filter(slug=network_slug).first()
    if network is None:
        network = Network(name=network_name, slug=network_slug)
        network.full_clean()
        network.save()
        audit.record("network.added", network, by=by, at=at)
    organisation = Organisation(network=network, name=name, slug=slug, time_zone=time_zone)
    organisation.full_clean()
    organisation.save()
    let_in(organisation.pk)
    audit.record("organisation.added", organisation, by=by, at=at, organisation_id=organisation.pk)
    return organisation
