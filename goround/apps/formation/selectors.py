"""Rounds, their proposals and who is in them. The viewer comes first; strangers find nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery

from goround.apps.formation.changes import history
from goround.apps.formation.facts import taken_in
from goround.apps.formation.history import Steps, steps_of
from goround.apps.formation.models import Advice, Proposal, Round, Search
from goround.apps.formation.settings import RoundSettings
from goround.apps.formation.stored import problem_of
from goround.apps.formation.versions import ADVICE_JOB, SEARCH_JOB
from goround.apps.groups.models import Membership
from goround.apps.groups.selectors import groups_for
from goround.apps.jobs.models import Job
from goround.apps.jobs.selectors import jobs_for
from goround.apps.organisations.models import Organisation, Programme
from goround.apps.organisations.roles import Permission
from goround.apps.organisations.selectors import Viewer, organisations_for
from goround.apps.people.models import Facilitator, Parent
from goround.apps.people.opening import open_details
from goround.apps.people.selectors import WaitingFilter, referrals_for, waiting_list
from goround.domain.matching.problem import Problem


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


def open_rounds(viewer: Viewer, organisation: Organisation) -> QuerySet[Round]:
    """Rounds that were neither accepted nor put aside."""
    ended = [Round.Status.ACCEPTED, Round.Status.PUT_ASIDE]
    return rounds_for(viewer, organisation).exclude(status__in=ended)


def versions_for(viewer: Viewer, round: Round) -> QuerySet[Proposal]:
    """Every version of a round's groups, newest first, without the groups themselves."""
    return _proposals(viewer, round).defer("answer", "figures").order_by("-version")


def standing_proposal(viewer: Viewer, round: Round) -> Proposal | None:
    """The version that stands, with ``search`` but not its facts; None before the first."""
    stands = _proposals(viewer, round).filter(version=round.version)
    rows = stands.select_related("by", "search", "round__programme__organisation")
    return rows.defer("search__locked_problem").first()


def _proposals(viewer: Viewer, round: Round) -> QuerySet[Proposal]:
    may = organisations_for(viewer, needs=Permission.FORM_GROUPS)
    proposals = Proposal.objects.filter(round=round, round__organisation__in=may)
    return proposals.select_related("by")


def problem_behind(viewer: Viewer, proposal: Proposal) -> Problem:
    """The facts the proposal is about, as they were when its search began."""
    may = organisations_for(viewer, needs=Permission.FORM_GROUPS)
    searches = Search.objects.filter(round__organisation__in=may)
    return problem_of(searches.only("organisation_id", "locked_problem").get(pk=proposal.search_id))


def steps_for(viewer: Viewer, round: Round) -> Steps:
    """Where undo and redo lead."""
    return steps_of(history(round))


def search_job(viewer: Viewer, round: Round) -> Job | None:
    """The latest search of the round as background work, going on or ended."""
    jobs = jobs_for(viewer, round.organisation)
    return jobs.filter(kind=SEARCH_JOB, subject_id=round.pk).first()


def latest_advice(viewer: Viewer, round: Round) -> Advice | None:
    """The advice last asked for on any version of the round, with its ``proposal``."""
    may = organisations_for(viewer, needs=Permission.FORM_GROUPS)
    asked = Advice.objects.filter(proposal__round=round, proposal__round__organisation__in=may)
    rows = asked.select_related("proposal").defer("proposal__answer", "proposal__figures")
    return rows.order_by("-at", "-pk").first()


def advice_job(viewer: Viewer, advice: Advice, organisation: Organisation) -> Job | None:
    """The advice as background work, going on or ended."""
    jobs = jobs_for(viewer, organisation)
    return jobs.filter(kind=ADVICE_JOB, subject_id=advice.proposal_id).first()


def waiting_count(
    viewer: Viewer, programme: Programme, settings: RoundSettings, *, at: datetime
) -> int:
    """How many who wait the settings take in."""
    keep = taken_in(programme, settings, at=at)
    return waiting_list(viewer, programme.organisation, keep=keep).count()


@dataclass(frozen=True, slots=True)
class Names:
    """Aliases and coarse homes of parents, names of facilitators, by the engine's ids."""

    parents: dict[str, str]
    homes: dict[str, str]
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
    people = Parent.objects.filter(pk__in=set(parents), **here)
    rows = list(people.only("alias"))
    open_details(rows)
    leaders = Facilitator.objects.filter(pk__in=set(facilitators), **here)
    return Names(
        parents={str(row.pk): row.alias for row in rows},
        homes={str(row.pk): row.home_cell for row in rows if row.home_cell},
        facilitators={str(pk): name for pk, name in leaders.values_list("pk", "shown_as")},
    )


def spoken_by_waiting(viewer: Viewer, programme: Programme) -> list[str]:
    """Languages of those who wait for the programme, the most spoken first."""
    keep = WaitingFilter(programme=programme)
    rows = waiting_list(viewer, programme.organisation, keep=keep)
    spoken = Counter(
        language
        for languages in rows.order_by().values_list("parent__languages", flat=True)
        for language in languages
    )
    return [language for language, _ in spoken.most_common()]


def referrals_of(viewer: Viewer, programme: Programme, parents: Iterable[str]) -> dict[str, str]:
    """What became of each parent's latest referral to the programme, by the engine's ids."""
    rows = referrals_for(viewer, programme.organisation).filter(
        programme=programme, parent__in=[int(name) for name in parents]
    )
    latest = rows.order_by("waiting_since", "pk").values_list("parent_id", "status")
    return {str(parent): status for parent, status in latest}


def group_names(viewer: Viewer, organisation: Organisation) -> list[str]:
    """Names that groups of the organisation have or had."""
    return list(groups_for(viewer, organisation).values_list("name", flat=True))


def group_sizes(viewer: Viewer, organisation: Organisation) -> dict[int, int]:
    """How many members each group has now."""
    seen = groups_for(viewer, organisation)
    rows = Membership.objects.filter(group__in=seen, left_on=None).values_list("group_id")
    return dict(rows.annotate(members=Count("pk")))
