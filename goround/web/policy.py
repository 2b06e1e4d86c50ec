"""Who may open which page: one line a page, and the only place that says so.

``PolicyMiddleware`` asks this table before any view runs, and a page that is not in it does
not open for anybody. ``tests/web/test_policy.py`` goes through every address of the resolver.

What somebody may *see* on a page they may open is the selectors' business.
"""

from __future__ import annotations

from enum import Enum

from goround.apps.organisations.roles import PERMISSIONS, Permission, Role


class Anyone(Enum):
    """Pages that ask for no role."""

    VISITOR = "a visitor, signed in or not"
    SIGNED_IN = "anybody signed in"


Rule = Permission | Anyone


class Answer(Enum):
    """What a page is to somebody."""

    OPEN = "the page"
    SIGN_IN = "the way to sign in"
    NOT_THERE = "the answer of a page that does not exist"


def answer_to(name: str, role: Role | None, *, signed_in: bool, own: bool) -> Answer:
    """The whole policy in one question: this page, for somebody of this role.

    ``own`` says whether the page's organisation, or network, is where they hold it. What a page
    asks for beyond, such as leading the very group, its own row and selector say.
    """
    rule = POLICY.get(name)
    if rule is None:
        return Answer.NOT_THERE
    if rule is Anyone.VISITOR:
        return Answer.OPEN
    if not signed_in:
        return Answer.SIGN_IN
    if rule is Anyone.SIGNED_IN:
        return Answer.OPEN
    allowed = role is not None and own and rule in PERMISSIONS[role]
    return Answer.OPEN if allowed else Answer.NOT_THERE


# Pages that reach into one organisation for a visitor: who came by its programme's address,
# brings the words of a receipt, a link out of a message or of a release, or a circle's code.
FRONT_DOORS = frozenset(
    {
        "public:join",
        "public:receipt",
        "public:stop_messages",
        "public:proof",
        "public:released",
        "public:released_csv",
        "public:released_xlsx",
        "circle:enter",
        "circle:here",
        "circle:here_live",
        "survey:enter",
        "survey:answer",
        "survey:thanks",
    }
)

POLICY: dict[str, Rule] = {
    # Public
    "healthz": Anyone.VISITOR,
    "public:home": Anyone.VISITOR,
    "public:crisis": Anyone.VISITOR,
    "public:sign_in": Anyone.VISITOR,
    "public:sign_out": Anyone.VISITOR,
    "public:second_step": Anyone.VISITOR,
    "public:passkey": Anyone.VISITOR,
    "public:card": Anyone.VISITOR,
    "public:code": Anyone.VISITOR,
    "public:sign_up": Anyone.VISITOR,
    "public:come_in": Anyone.VISITOR,
    "public:be_somebody": Anyone.VISITOR,
    "public:join": Anyone.VISITOR,
    "public:receipt": Anyone.VISITOR,
    "public:leave": Anyone.VISITOR,
    "public:language": Anyone.VISITOR,
    "public:offline": Anyone.VISITOR,
    "public:offline_worker": Anyone.VISITOR,
    "public:manifest": Anyone.VISITOR,
    "public:notices": Anyone.SIGNED_IN,
    "public:stop_messages": Anyone.VISITOR,  # whoever holds a link that came in a message
    "public:privacy": Anyone.VISITOR,
    "public:proof": Anyone.VISITOR,  # whoever holds a paper
    "public:released": Anyone.VISITOR,  # whoever was given the address of a release
    "public:released_csv": Anyone.VISITOR,
    "public:released_xlsx": Anyone.VISITOR,
    "public:concern": Anyone.SIGNED_IN,
    "public:styleguide": Anyone.VISITOR,  # answers in the demo and in tests only
    # One's own account
    "account:account": Anyone.SIGNED_IN,
    "account:prove": Anyone.SIGNED_IN,
    "account:second_factor": Anyone.SIGNED_IN,
    "account:code_app": Anyone.SIGNED_IN,
    "account:recovery_codes": Anyone.SIGNED_IN,
    "account:passkey_new": Anyone.SIGNED_IN,
    "account:passkey_remove": Anyone.SIGNED_IN,
    "account:card": Anyone.SIGNED_IN,
    "account:passphrase": Anyone.SIGNED_IN,
    "account:end_session": Anyone.SIGNED_IN,
    "account:sign_out_everywhere": Anyone.SIGNED_IN,
    "account:codes_seen": Anyone.SIGNED_IN,
    # A parent's own page
    "parent:home": Anyone.SIGNED_IN,
    "parent:find": Anyone.SIGNED_IN,
    "parent:ask": Anyone.SIGNED_IN,
    "parent:ask_no_more": Anyone.SIGNED_IN,
    # Coordinator: who works here
    "coordinator:people": Permission.MANAGE_PEOPLE,
    "coordinator:person_invite": Permission.MANAGE_PEOPLE,
    "coordinator:person_anew": Permission.MANAGE_PEOPLE,
    "coordinator:role_end": Permission.MANAGE_PEOPLE,
    "coordinator:person_close": Permission.MANAGE_PEOPLE,
    "coordinator:person_reopen": Permission.MANAGE_PEOPLE,
    "coordinator:parent_close": Permission.MANAGE_PEOPLE,
    "coordinator:parent_reopen": Permission.MANAGE_PEOPLE,
    # Coordinator: the waiting list and lists
    "coordinator:desk": Permission.SEE_MONTH,
    "coordinator:waiting": Permission.SEE_WAITING_LIST,
    "coordinator:waiting_parent": Permission.SEE_WAITING_LIST,
    "coordinator:refer": Permission.REFER_PARENTS,
    "coordinator:withdraw": Permission.REFER_PARENTS,
    "coordinator:put_back": Permission.REFER_PARENTS,
    "coordinator:imports": Permission.IMPORT_LISTS,
    "coordinator:import_list": Permission.IMPORT_LISTS,
    "coordinator:rejected_csv": Permission.IMPORT_LISTS,
    "coordinator:import_save": Permission.IMPORT_LISTS,
    "coordinator:import_read": Permission.IMPORT_LISTS,
    "coordinator:import_stop": Permission.IMPORT_LISTS,
    "coordinator:import_put_aside": Permission.IMPORT_LISTS,
    # Coordinator: one parent's record, and the trail
    "coordinator:record": Permission.KEEP_RECORDS,
    "coordinator:agreed": Permission.KEEP_RECORDS,
    "coordinator:copy": Permission.KEEP_RECORDS,
    "coordinator:copy_file": Permission.KEEP_RECORDS,
    "coordinator:erase": Permission.KEEP_RECORDS,
    "coordinator:trail": Permission.SEE_TRAIL,
    # Coordinator: what people are told
    "coordinator:outbox": Permission.MANAGE_GROUPS,
    "coordinator:outbox_message": Permission.MANAGE_GROUPS,
    "coordinator:reach": Permission.KEEP_RECORDS,
    # Coordinator: venues and facilitators
    "coordinator:venues": Permission.MANAGE_VENUES,
    "coordinator:venue": Permission.MANAGE_VENUES,
    "coordinator:venue_new": Permission.MANAGE_VENUES,
    "coordinator:facilitators": Permission.MANAGE_VENUES,
    "coordinator:facilitator": Permission.MANAGE_VENUES,
    "coordinator:facilitator_new": Permission.MANAGE_VENUES,
    "coordinator:training": Permission.SEE_TRAINING,
    # Coordinator: programmes and their playbooks
    "coordinator:programmes": Permission.MANAGE_PROGRAMMES,
    "coordinator:programme_new": Permission.MANAGE_PROGRAMMES,
    "coordinator:programme": Permission.MANAGE_PROGRAMMES,
    "coordinator:programme_edit": Permission.MANAGE_PROGRAMMES,
    "coordinator:programme_rules": Permission.MANAGE_PROGRAMMES,
    "coordinator:programme_rules_file": Permission.MANAGE_PROGRAMMES,
    "coordinator:programme_shipped": Permission.MANAGE_PROGRAMMES,
    "coordinator:programme_poster": Permission.MANAGE_PROGRAMMES,
    # Coordinator: surveys and their questions
    "coordinator:surveys": Permission.HOLD_SURVEYS,
    "coordinator:wave_new": Permission.HOLD_SURVEYS,
    "coordinator:wave": Permission.HOLD_SURVEYS,
    "coordinator:wave_paper": Permission.HOLD_SURVEYS,
    "coordinator:wave_key": Permission.HOLD_SURVEYS,
    "coordinator:wave_close": Permission.HOLD_SURVEYS,
    "coordinator:instruments": Permission.HOLD_SURVEYS,
    "coordinator:instrument_new": Permission.HOLD_SURVEYS,
    "coordinator:instrument_upload": Permission.HOLD_SURVEYS,
    "coordinator:instrument": Permission.HOLD_SURVEYS,
    "coordinator:instrument_edit": Permission.HOLD_SURVEYS,
    "coordinator:instrument_words": Permission.HOLD_SURVEYS,
    "coordinator:instrument_file": Permission.HOLD_SURVEYS,
    "coordinator:survey_results": Permission.HOLD_SURVEYS,
    # Coordinator: what groups cost
    "coordinator:costs": Permission.KEEP_COSTS,
    "coordinator:currency": Permission.KEEP_COSTS,
    "coordinator:group_costs": Permission.KEEP_COSTS,
    "coordinator:cost_new": Permission.KEEP_COSTS,
    "coordinator:cost": Permission.KEEP_COSTS,
    "coordinator:cost_delete": Permission.KEEP_COSTS,
    "coordinator:cost_plan": Permission.KEEP_COSTS,
    "coordinator:budget_new": Permission.KEEP_COSTS,
    "coordinator:budget": Permission.KEEP_COSTS,
    "coordinator:budget_delete": Permission.KEEP_COSTS,
    # Coordinator: rounds of formation
    "coordinator:rounds": Permission.FORM_GROUPS,
    "coordinator:round_new": Permission.FORM_GROUPS,
    "coordinator:round": Permission.FORM_GROUPS,
    "coordinator:round_again": Permission.FORM_GROUPS,
    "coordinator:round_progress": Permission.FORM_GROUPS,
    "coordinator:round_act": Permission.FORM_GROUPS,
    "coordinator:round_change": Permission.FORM_GROUPS,
    "coordinator:round_accept": Permission.FORM_GROUPS,
    "coordinator:round_add": Permission.FORM_GROUPS,
    "coordinator:round_parent": Permission.FORM_GROUPS,
    "coordinator:round_group": Permission.FORM_GROUPS,
    "coordinator:round_help": Permission.FORM_GROUPS,
    "coordinator:round_unplaced": Permission.FORM_GROUPS,
    "coordinator:round_history": Permission.FORM_GROUPS,
    "coordinator:places": Permission.FORM_GROUPS,
    "coordinator:merges": Permission.FORM_GROUPS,
    # Coordinator: groups
    "coordinator:groups": Permission.SEE_ALL_GROUPS,
    "coordinator:group": Permission.SEE_ALL_GROUPS,
    "coordinator:group_children": Permission.SEE_ALL_GROUPS,
    "coordinator:group_calendar": Permission.SEE_ALL_GROUPS,
    "coordinator:group_new": Permission.MANAGE_GROUPS,
    "coordinator:group_edit": Permission.MANAGE_GROUPS,
    "coordinator:group_end": Permission.MANAGE_GROUPS,
    "coordinator:group_series": Permission.MANAGE_GROUPS,
    "coordinator:group_skipped": Permission.MANAGE_GROUPS,
    "coordinator:meeting": Permission.MANAGE_GROUPS,
    "coordinator:member_add": Permission.MANAGE_GROUPS,
    "coordinator:member_leave": Permission.MANAGE_GROUPS,
    "coordinator:invitation_draft": Permission.MANAGE_GROUPS,
    "coordinator:invitation_told": Permission.MANAGE_GROUPS,
    "coordinator:member_sign_up": Permission.MANAGE_GROUPS,
    "coordinator:member_code": Permission.MANAGE_GROUPS,
    "coordinator:leader_add": Permission.MANAGE_GROUPS,
    "coordinator:check_in": Permission.MANAGE_GROUPS,
    "coordinator:leader_end": Permission.MANAGE_GROUPS,
    "coordinator:roll": Permission.RECORD_ANY_ATTENDANCE,
    # Facilitator
    "facilitator:groups": Permission.SEE_OWN_GROUPS,
    "facilitator:group": Permission.SEE_OWN_GROUPS,
    "facilitator:check_in": Permission.RECORD_OWN_ATTENDANCE,
    "facilitator:calendar": Permission.SEE_OWN_GROUPS,
    "facilitator:member_sign_up": Permission.RECORD_OWN_ATTENDANCE,
    "facilitator:member_code": Permission.RECORD_OWN_ATTENDANCE,
    "facilitator:roll": Permission.SEE_OWN_GROUPS,
    "facilitator:take": Permission.RECORD_OWN_ATTENDANCE,
    "facilitator:marks": Permission.RECORD_OWN_ATTENDANCE,
    # What a device keeps to work without a signal; the first page is the same for everybody
    "kept:kept": Anyone.VISITOR,
    "kept:hello": Anyone.VISITOR,
    "kept:key": Anyone.SIGNED_IN,
    "kept:marks": Anyone.SIGNED_IN,
    # Safeguarding leads: their keys to sealed records
    "sealed:records": Permission.OPEN_SEALED,
    "sealed:make_key": Permission.OPEN_SEALED,
    "sealed:close": Permission.OPEN_SEALED,
    "sealed:let_in": Permission.OPEN_SEALED,
    "sealed:card": Permission.OPEN_SEALED,
    "sealed:try_card": Permission.OPEN_SEALED,
    # What a lead wrote for one person who must know: absent for everybody else
    "reading:readings": Anyone.SIGNED_IN,
    "reading:reading": Anyone.SIGNED_IN,
    # A group's own room, for its members and those who lead it; absent for everybody else
    "room:home": Anyone.SIGNED_IN,
    "room:calendar": Anyone.SIGNED_IN,
    "room:offer": Anyone.SIGNED_IN,
    "room:offer_act": Anyone.SIGNED_IN,
    "room:ours": Anyone.SIGNED_IN,
    "room:notes": Anyone.SIGNED_IN,
    "room:note": Anyone.SIGNED_IN,
    "room:joining": Anyone.SIGNED_IN,
    "room:answer": Anyone.SIGNED_IN,
    "room:leave": Anyone.SIGNED_IN,
    "room:come_back": Anyone.SIGNED_IN,
    # The room: the meeting guide and the go-round, for those who lead the group
    "room:guide": Permission.SEE_OWN_GROUPS,
    "room:guide_topic": Permission.SEE_OWN_GROUPS,
    "room:circle": Permission.SEE_OWN_GROUPS,
    "room:circle_live": Permission.SEE_OWN_GROUPS,
    "room:circle_open": Permission.SEE_OWN_GROUPS,
    "room:circle_person": Permission.SEE_OWN_GROUPS,
    "room:circle_door": Permission.SEE_OWN_GROUPS,
    "room:circle_close": Permission.SEE_OWN_GROUPS,
    # What a group owns: for its members, absent for everybody else
    "room:agreement": Anyone.SIGNED_IN,
    "room:agreement_write": Anyone.SIGNED_IN,
    "room:agreement_yes": Anyone.SIGNED_IN,
    "room:agreement_aloud": Anyone.SIGNED_IN,
    "room:agreement_version": Anyone.SIGNED_IN,
    # The children's session, for whoever leads the children of the very group
    "children:today": Permission.LEAD_CHILDREN,
    "children:session": Permission.LEAD_CHILDREN,
    "children:take": Permission.LEAD_CHILDREN,
    "children:marks": Permission.LEAD_CHILDREN,
    "children:child_new": Permission.LEAD_CHILDREN,
    "children:child": Permission.LEAD_CHILDREN,
    "children:slip": Permission.LEAD_CHILDREN,
    "children:sign_in": Permission.LEAD_CHILDREN,
    "children:sign_out": Permission.LEAD_CHILDREN,
    "children:kept": Permission.LEAD_CHILDREN,
    # What a group decides: absent for whoever does not belong to it
    "decisions:home": Anyone.SIGNED_IN,
    "decisions:ask": Anyone.SIGNED_IN,
    "decisions:ask_kind": Anyone.SIGNED_IN,
    "decisions:decision": Anyone.SIGNED_IN,
    "decisions:end": Anyone.SIGNED_IN,
    "decisions:call": Anyone.SIGNED_IN,
    "decisions:stand": Anyone.SIGNED_IN,
    "decisions:begin": Anyone.SIGNED_IN,
    "decisions:answer": Anyone.SIGNED_IN,
    "decisions:leading": Anyone.SIGNED_IN,
    "room:agenda": Anyone.SIGNED_IN,
    "room:topic": Anyone.SIGNED_IN,
    "room:goals": Anyone.SIGNED_IN,
    "room:promise": Anyone.SIGNED_IN,
    "room:goal": Anyone.SIGNED_IN,
    "room:goal_change": Anyone.SIGNED_IN,
    # Devices that a code let into one circle
    "circle:enter": Anyone.VISITOR,
    "circle:here": Anyone.VISITOR,
    "circle:here_live": Anyone.VISITOR,
    # Surveys: by the code of a wave, and a parent's own
    "survey:enter": Anyone.VISITOR,
    "survey:answer": Anyone.VISITOR,
    "survey:thanks": Anyone.VISITOR,
    "survey:own": Anyone.SIGNED_IN,
    # Safeguarding leads: concerns and who must not meet
    "lead:desk": Permission.HANDLE_CONCERNS,
    "lead:closed": Permission.HANDLE_CONCERNS,
    "lead:duties": Permission.HANDLE_CONCERNS,
    "lead:concern": Permission.HANDLE_CONCERNS,
    "lead:step": Permission.HANDLE_CONCERNS,
    "lead:follow_up": Permission.HANDLE_CONCERNS,
    "lead:follow_up_done": Permission.HANDLE_CONCERNS,
    "lead:reader_new": Permission.HANDLE_CONCERNS,
    "lead:reader_end": Permission.HANDLE_CONCERNS,
    "lead:barred": Permission.HANDLE_CONCERNS,
    "lead:barred_new": Permission.HANDLE_CONCERNS,
    "lead:barred_one": Permission.HANDLE_CONCERNS,
    "lead:pairs": Permission.HANDLE_CONCERNS,
    "lead:pair_new": Permission.HANDLE_CONCERNS,
    "lead:pair": Permission.HANDLE_CONCERNS,
    # In an emergency
    "coordinator:glass_break": Permission.BREAK_GLASS,
    "coordinator:glass": Permission.REVIEW_OPENINGS,
    # What surveys showed
    "evidence:surveys": Permission.HOLD_SURVEYS,
    "evidence:count": Permission.HOLD_SURVEYS,
    "evidence:report": Permission.HOLD_SURVEYS,
    "evidence:methods": Permission.HOLD_SURVEYS,
    "evidence:one_page": Permission.HOLD_SURVEYS,
    "evidence:one_page_pdf": Permission.HOLD_SURVEYS,
    "evidence:figures_xlsx": Permission.HOLD_SURVEYS,
    "evidence:figures_csv": Permission.HOLD_SURVEYS,
    "facilitator:evidence": Permission.SEE_OWN_GROUPS,
    # The month
    "coordinator:month": Permission.SEE_MONTH,
    "coordinator:month_csv": Permission.SEE_MONTH,
    # A parent's own children: absent for whoever has no group with a programme for them
    "parent:children": Anyone.SIGNED_IN,
    "parent:child_new": Anyone.SIGNED_IN,
    "parent:child": Anyone.SIGNED_IN,
    "parent:child_edit": Anyone.SIGNED_IN,
    "parent:adult_new": Anyone.SIGNED_IN,
    "coordinator:snapshot": Permission.SEE_MONTH,
    # A parent's own record: absent for whoever is none
    "parent:record": Anyone.SIGNED_IN,
    "parent:opened": Anyone.SIGNED_IN,
    "parent:agreed": Anyone.SIGNED_IN,
    "parent:agree": Anyone.SIGNED_IN,
    "parent:copy": Anyone.SIGNED_IN,
    "parent:copy_file": Anyone.SIGNED_IN,
    "parent:erase": Anyone.SIGNED_IN,
    "parent:proof": Anyone.SIGNED_IN,
    # The network's office
    "network:month": Permission.SEE_NETWORK_SUMS,
    "network:month_csv": Permission.SEE_NETWORK_SUMS,
    "network:snapshot": Permission.SEE_NETWORK_SUMS,
    "network:target": Permission.SEE_NETWORK_SUMS,
    "network:target_edit": Permission.SET_TARGET,
    "network:report": Permission.SEE_NETWORK_SUMS,
    "network:report_pdf": Permission.SEE_NETWORK_SUMS,
    "network:releases": Permission.SEE_NETWORK_SUMS,
    "network:release": Permission.SEE_NETWORK_SUMS,
    "network:release_csv": Permission.SEE_NETWORK_SUMS,
    "network:release_xlsx": Permission.SEE_NETWORK_SUMS,
    "network:draft": Permission.MAKE_RELEASES,
    "network:draft_publish": Permission.MAKE_RELEASES,
    "network:draft_aside": Permission.MAKE_RELEASES,
}

# Grave or far-reaching: opened only to somebody who said within ten minutes who they are, so
# that a device left open gives away no list and no role. Otherwise as the table above says.
# Sealed records ask for their own phrase instead.
ASKS_AGAIN: frozenset[str] = frozenset(
    {
        "account:code_app",
        "account:recovery_codes",
        "account:passkey_new",
        "account:passkey_remove",
        "account:card",
        "account:passphrase",
        "coordinator:copy",
        "coordinator:copy_file",
        "coordinator:erase",
        "coordinator:month_csv",
        "coordinator:rejected_csv",
        "coordinator:person_invite",
        "coordinator:person_anew",
        "coordinator:role_end",
        "coordinator:person_close",
        "coordinator:person_reopen",
        "coordinator:parent_close",
        "coordinator:parent_reopen",
        "evidence:one_page_pdf",
        "evidence:figures_xlsx",
        "evidence:figures_csv",
        "network:month_csv",
        "parent:adult_new",
        "network:draft_publish",
        "parent:copy",
        "parent:copy_file",
        "parent:erase",
        "parent:proof",
        "sealed:card",
    }
)

# Pages of a visitor that lead staff without a second factor to set one up, like all others.
LED_ON: frozenset[str] = frozenset({"public:home"})

# All that opens to staff before they have a second factor, beside a visitor's pages.
WITHOUT_FACTOR: frozenset[str] = frozenset(
    {
        "account:second_factor",
        "account:code_app",
        "account:passkey_new",
        "account:prove",
        "account:recovery_codes",
    }
)
