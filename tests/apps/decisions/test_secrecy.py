"""What is stored, at any moment, does not say who voted what, nor in what order."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import connection

from goround.apps.audit.models import Event
from goround.apps.backups.rows import lines
from goround.apps.decisions.boxes import ballots_in, who_voted
from goround.apps.decisions.models import Box
from goround.apps.outbox.models import Message
from tests.make import NOON
from tests.make_decisions import Kind, make_room

pytestmark = pytest.mark.django_db

# Who votes what. Two of them alike.
VOTES = {0: (1, 0), 1: (0,), 2: (2, 1), 3: (1, 0)}


def dumped() -> dict[str, list[object]]:
    """Every row of every table of a backup, with the two locked lists of the box opened."""
    tables: dict[str, list[object]] = {}
    name, columns = "", []
    for line in lines():
        if isinstance(line, dict):
            name, columns = line.get("table", ""), line.get("columns", [])
            continue
        row = dict(zip(columns, line, strict=True))
        if name == "decisions.box":
            row |= opened(Box.objects.get(pk=row["id"]))
        tables.setdefault(name, []).append(row)
    return tables


def opened(box: Box) -> dict[str, object]:
    return {"locked_ballots": ballots_in(box), "locked_voters": who_voted(box)}


def test_the_order_of_voting_leaves_no_trace_in_any_table():
    room = make_room(5)
    decision = room.ask(Kind.RANKED)
    box = Box.objects.get()
    before = {"ballots": bytes(box.locked_ballots), "voters": bytes(box.locked_voters)}
    found = []

    for order in permutations(VOTES):
        Box.objects.update(locked_ballots=before["ballots"], locked_voters=before["voters"])
        room.vote(decision, {number: VOTES[number] for number in order})
        found.append(dumped())

    assert len(found) == 24
    assert all(each == found[0] for each in found)


def test_casting_changes_one_row_of_one_table():
    room = make_room(5)
    decision = room.ask()
    before = dumped()

    room.vote(decision, {3: (1,)})

    after = dumped()
    assert [name for name in after if after[name] != before[name]] == ["decisions.box"]
    (row,) = after["decisions.box"]
    assert (row["locked_ballots"], row["locked_voters"]) == ([(1,)], [room.members[3].pk])


def test_the_row_of_the_box_stays_where_it_is():
    """Neither SQLite's row number nor the key counts votes: there is one row, from the start."""
    room = make_room(4)
    decision = room.ask()
    first = Box.objects.values_list("pk", flat=True).get()

    room.vote(decision, {0: (1,), 2: (0,)})

    assert list(Box.objects.values_list("pk", flat=True)) == [first]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT rowid FROM decisions_box")
            assert cursor.fetchall() == [(first,)]


@pytest.mark.parametrize(
    ("kind", "ballots"),
    [(Kind.RANKED, [(), (0, 1, 2), (2,), (1, 0)]), (Kind.CONSENT, [(0,), (1,), (2,), (0,)])],
)
def test_neither_list_tells_by_its_length_how_full_it_is(kind, ballots):
    room = make_room(5)
    decision = room.ask(kind)
    lengths = [lengths_of(Box.objects.get())]

    for number, ballot in enumerate(ballots):
        room.vote(decision, {number: ballot})
        lengths.append(lengths_of(Box.objects.get()))

    assert len(set(lengths)) == 1


def lengths_of(box: Box) -> tuple[int, int]:
    return len(bytes(box.locked_ballots)), len(bytes(box.locked_voters))


def test_what_is_stored_does_not_open_without_its_key():
    room = make_room(3)
    decision = room.vote(room.ask(question="CANARY question"), {0: (1,)})
    box = Box.objects.get()

    stored = bytes(decision.locked) + bytes(box.locked_ballots) + bytes(box.locked_voters)

    assert b"CANARY" not in stored
    assert json.dumps([room.members[0].pk]).encode() not in stored


def test_voting_is_in_no_trail_and_no_message():
    room = make_room(3)
    decision = room.ask()
    entries, messages = Event.objects.count(), Message.objects.count()

    room.vote(decision, {0: (1,), 1: (1,)})

    assert (Event.objects.count(), Message.objects.count()) == (entries, messages)


def test_whoever_votes_last_is_not_in_the_trail_for_the_count():
    room = make_room(3)

    room.vote(room.ask(), {1: (1,), 2: (1,), 0: (0,)})

    closed = Event.objects.get(kind="decision.closed")
    assert closed.by_id is None
    assert closed.facts == {"group": room.group.pk, "outcome": "decided", "votes": 3}


def test_after_the_count_nobody_is_known_to_have_voted():
    room = make_room(4)

    decision = room.vote(room.ask(), dict.fromkeys(range(4), (0,)))

    tables = dumped()
    assert "decisions.box" not in tables
    assert decision.electorate == sorted(member.pk for member in room.members)


def test_a_decision_knows_days_and_no_hours():
    room = make_room(3)
    morning, evening = (room.ask(at=NOON + timedelta(hours=hours)) for hours in (0, 5))

    rows = [
        {name: value for name, value in row.items() if name not in {"id", "locked"}}
        for row in dumped()["decisions.decision"]
        if row["id"] in {morning.pk, evening.pk}
    ]
    assert rows[0] == rows[1]
