"""Rounds, their proposals and who is in them. The viewer comes first; strangers find nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from goround.apps.formation.changes import history
from goround.apps.formation.facts import taken_in
from goround.apps.formation.history import Steps, steps_of
from goround.apps.formation.models import Proposal, Round
from goround.apps.formation.settings import RoundSettings
from goround.apps.formation.versions import SEARCH_JOB
from goround.apps.jobs.models import Job
from goround.apps.jobs.selectors import jobs_for
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.people.models import Facilitator, Parent
from goround.apps.people.selectors import waiting_list


def rounds_for(viewer: Viewer, organisation: Organisation) -> QuerySet[Round]:
    """Rounds of one organisation, newest first, each with ``placed`` and ``unplaced``."""
    may = organisations_for(viewer, needs=Permission.FORM_GROUPS)
    stands = Proposal.objects.filter(round=OuterRef("pk"), version=OuterRef("version"))
    return (
        Round.objects.filter(organisation=organisation, organisation__in=may)
        .select_related("programme__organisation", "created_by", "organisation")
        .annotate(
            placed=Subquery(stands.values("placed")[:1]),
            unplaced=Subquery(stands.values("unplaced")[:1]),
        )
        .order_by("-created_at", "-pk")
    )


def proposals_for(viewer: Viewer, round: Round) -> QuerySet[Proposal]:
    """Every version of a round's groups, newest first, with ``search`` but not its facts."""
    may = organisations_for(viewer, needs=Permission.FORM_GROUPS)
    return (
        Proposal.objects.filter(round=round, round__organisation__in=may)
        .select_related("by", "search")
        .defer("search__problem")
        .order_by("-version")
    )


def standing_proposal(viewer: Viewer, round: Round) -> Proposal | None:
    return proposals_for(viewer, round).filter(version=round.version).first()


def steps_for(viewer: Viewer, round: Round) -> Steps:
    """Where undo and redo lead."""
    return steps_of(history(round))


def search_job(viewer: Viewer, round: Round) -> Job | None:
    """The latest search of the round as background work, going on or ended."""
    jobs = jobs_for(viewer, round.organisation)
    return jobs.filter(kind=SEARCH_JOB, subject_id=round.pk).first()


def waiting_count(
    viewer: Viewer, programme: Programme, settings: RoundSettings, *, at: datetime
) -> int:
    """How many who wait the settings take in."""
    keep = taken_in(programme, settings, at=at)
    return waiting_list(viewer, programme.organisation, keep=keep).count()


@dataclass(frozen=True, slots=True)
class Names:
    """Aliases of parents and names of facilitators, by the ids the engine uses."""

    parents: dict[str, str]
    facilitators: dict[str, str]


def names_in(
    viewer: Viewer,
    organisation: Organisation,
    *,
    parents: Iterable[str] = (),
    facilitators: Iterable[str] = (),
) -> Names:
    """What the people with these ids are called, as far as they are of the organisation."""
    may = organisations_for(viewer, needs=Permission.FORM_GROUPS)
    here = {"organisation": organisation, "organisation__in": may}
    aliases = Parent.objects.filter(pk__in=set(parents), **here).values_list("pk", "alias")
    leaders = Facilitator.objects.filter(pk__in=set(facilitators), **here)
    return Names(
        parents={str(pk): alias for pk, alias in aliases},
        facilitators={str(pk): name for pk, name in leaders.values_list("pk", "shown_as")},
    )
