from django.urls import path

from goround.web.coordinator import (
    desk,
    facilitators,
    group_hours,
    group_people,
    groups,
    imports,
    joins,
    month,
    parents,
    people,
    programmes,
    refer,
    round,
    round_accept,
    round_add,
    round_changes,
    round_group,
    round_help,
    round_lists,
    round_parent,
    rounds,
    venues,
    waiting,
)
from goround.web.facilitator import roll

app_name = "coordinator"
urlpatterns = [
    path("", desk.desk, name="desk"),
    # Waiting list and lists
    path("waiting/", waiting.waiting, name="waiting"),
    path("waiting/refer/", refer.refer, name="refer"),
    path("waiting/<int:referral_id>/", waiting.waiting_parent, name="waiting_parent"),
    path("waiting/<int:referral_id>/withdraw/", waiting.withdraw_parent, name="withdraw"),
    path("waiting/<int:referral_id>/put-back/", waiting.put_parent_back, name="put_back"),
    path("parents/<int:parent_id>/", parents.record, name="record"),
    path("parents/<int:parent_id>/agreed/", parents.agreed, name="agreed"),
    path("trail/", parents.trail, name="trail"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:import_id>/", imports.import_list, name="import_list"),
    path("imports/<int:import_id>/rejected.csv", imports.rejected_csv, name="rejected_csv"),
    path("imports/<int:import_id>/save/", imports.save_import, name="import_save"),
    path("imports/<int:import_id>/read/", imports.read_import, name="import_read"),
    path("imports/<int:import_id>/stop/", imports.stop_import, name="import_stop"),
    path("imports/<int:import_id>/put-aside/", imports.put_import_aside, name="import_put_aside"),
    # Venues and facilitators
    path("venues/", venues.venues, name="venues"),
    path("venues/new/", venues.venue_new, name="venue_new"),
    path("venues/<int:venue_id>/", venues.venue, name="venue"),
    path("facilitators/", facilitators.facilitators, name="facilitators"),
    path("facilitators/new/", facilitators.facilitator_new, name="facilitator_new"),
    path("facilitators/<int:facilitator_id>/", facilitators.facilitator, name="facilitator"),
    path("training/", facilitators.training, name="training"),
    # Programmes and their playbooks
    path("programmes/", programmes.programmes, name="programmes"),
    path("programmes/new/", programmes.programme_new, name="programme_new"),
    path("programmes/<int:programme_id>/", programmes.programme, name="programme"),
    path("programmes/<int:programme_id>/edit/", programmes.programme_edit, name="programme_edit"),
    path(
        "programmes/<int:programme_id>/rules/", programmes.programme_rules, name="programme_rules"
    ),
    path(
        "programmes/<int:programme_id>/rules/download/",
        programmes.programme_rules_file,
        name="programme_rules_file",
    ),
    path(
        "programmes/<int:programme_id>/rules/shipped/",
        programmes.programme_shipped,
        name="programme_shipped",
    ),
    path(
        "programmes/<int:programme_id>/poster/",
        programmes.programme_poster,
        name="programme_poster",
    ),
    # Rounds of formation
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/new/", rounds.round_new, name="round_new"),
    path("rounds/<int:round_id>/", round.round, name="round"),
    path("rounds/<int:round_id>/again/", rounds.round_again, name="round_again"),
    path("rounds/<int:round_id>/progress/", round.round_progress, name="round_progress"),
    path("rounds/<int:round_id>/act/", round.round_act, name="round_act"),
    path("rounds/<int:round_id>/change/", round_changes.round_change, name="round_change"),
    path("rounds/<int:round_id>/add/", round_add.round_add, name="round_add"),
    path(
        "rounds/<int:round_id>/parents/<int:parent_id>/",
        round_parent.round_parent,
        name="round_parent",
    ),
    path(
        "rounds/<int:round_id>/groups/<slug:formed>/", round_group.round_group, name="round_group"
    ),
    path("rounds/<int:round_id>/help/", round_help.round_help, name="round_help"),
    path("rounds/<int:round_id>/accept/", round_accept.round_accept, name="round_accept"),
    path("rounds/<int:round_id>/unplaced/", round_lists.round_unplaced, name="round_unplaced"),
    path("rounds/<int:round_id>/history/", round_lists.round_history, name="round_history"),
    path("waiting/<int:referral_id>/places/", joins.places, name="places"),
    path("groups/merges/", joins.merges, name="merges"),
    # Groups
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.group_new, name="group_new"),
    path("groups/<int:group_id>/", groups.group, name="group"),
    path("groups/<int:group_id>/edit/", groups.group_edit, name="group_edit"),
    path("groups/<int:group_id>/end/", groups.group_end, name="group_end"),
    path("groups/<int:group_id>/calendar.ics", groups.group_calendar, name="group_calendar"),
    path("groups/<int:group_id>/hours/", group_hours.series, name="group_series"),
    path("groups/<int:group_id>/skipped/", group_hours.skipped, name="group_skipped"),
    path("groups/<int:group_id>/meetings/<int:meeting_id>/", group_hours.meeting, name="meeting"),
    path("meetings/<int:meeting_id>/roll/", roll.roll, name="roll"),
    path("groups/<int:group_id>/members/add/", group_people.member_add, name="member_add"),
    path(
        "groups/<int:group_id>/members/<int:membership_id>/leave/",
        group_people.member_leave,
        name="member_leave",
    ),
    path(
        "groups/<int:group_id>/members/<int:membership_id>/account/",
        group_people.member_sign_up,
        name="member_sign_up",
    ),
    path(
        "groups/<int:group_id>/members/<int:membership_id>/code/",
        group_people.member_code,
        name="member_code",
    ),
    path(
        "groups/<int:group_id>/members/<int:membership_id>/invite/",
        group_people.invitation_draft,
        name="invitation_draft",
    ),
    path(
        "groups/<int:group_id>/invitations/<int:invitation_id>/told/",
        group_people.invitation_told,
        name="invitation_told",
    ),
    path("groups/<int:group_id>/leaders/add/", group_people.leader_add, name="leader_add"),
    path(
        "groups/<int:group_id>/leaders/<int:leadership_id>/end/",
        group_people.leader_end,
        name="leader_end",
    ),
    # Who works here
    path("people/", people.people, name="people"),
    path("people/invite/", people.person_invite, name="person_invite"),
    path("people/<int:assignment_id>/anew/", people.person_anew, name="person_anew"),
    path("people/<int:assignment_id>/end/", people.role_end, name="role_end"),
    # The month
    path("month/", month.month, name="month"),
    path("month/download/", month.month_csv, name="month_csv"),
]
