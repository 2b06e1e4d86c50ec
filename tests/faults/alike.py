"""Faults that change no answer, each with the reason. They run like any other: see ``running``.

By name, without the line. What stands here and is noticed, or is no fault any more, fails the
run: then the reason no longer holds, and the line goes.
"""

from __future__ import annotations

CHANGES_NOTHING: dict[str, str] = {
    "apps.agreements.selectors._facts: Membership.objects without group__in=groups.values('pk')": (
        "the counts are looked up by the groups of the query above; it only counts fewer rows"
    ),
    "apps.reports.selectors.month.month_of: Meeting.objects without group__organisation__in=seen": (
        "the lines are those of `_groups`, which asks for the same organisation itself"
    ),
    "apps.reports.selectors.network.network_month: Meeting.objects without "
    "group__organisation__network__in=seen": (
        "the sums are looked up by the organisations of the query above"
    ),
    "apps.reports.selectors.snapshot.snapshot: Programme.objects without organisation__in=hosts": (
        "the playbooks are looked up by the programmes of groups that met there"
    ),
    "apps.people.selectors.enter_own_record: Parent.objects without user=viewer.pk": (
        "it does nothing on SQLite, where the faults run; on PostgreSQL the database shows nobody"
        " a record but their own, before an organisation is open (walls.plan)"
    ),
    "apps.surveys.selectors.scored_responses: Response.objects without organisation=organisation": (
        "the answers are those to versions of a survey of that organisation, and rows of two"
        " organisations cannot point to one another"
    ),
    "web.coordinator.group_hours.meeting: all of meetings": (
        "the meeting must be one of the group, which was found for the viewer"
    ),
    "web.room.agreement.agreement: never standing is None": (
        "the membership was found for the viewer, who then has a standing"
    ),
    "web.room.decisions._ballot: never ballot is None": (
        "the decision was found for the viewer, who then has a ballot"
    ),
}
