"""Puts the walls up after every migration, so that no new table can be without one."""

from __future__ import annotations

from collections import defaultdict

from django.db import connections
from django.db.backends.utils import CursorWrapper

from goround.apps.walls.plan import Policy, policies

_COLUMNS = """
    SELECT c.relname, array_agg(a.attname::text)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
      AND a.attnum > 0 AND NOT a.attisdropped
    GROUP BY c.relname
"""
_THERE = """
    SELECT c.relname, p.polname, coalesce(obj_description(p.oid, 'pg_policy'), '')
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    WHERE c.relnamespace = current_schema()::regnamespace
"""
_FORCED = """
    SELECT relname FROM pg_class
    WHERE relrowsecurity AND relforcerowsecurity
      AND relnamespace = current_schema()::regnamespace
"""
_POINTS_TO = """
    SELECT f.relname, a.attname::text, t.relname
    FROM pg_constraint p
    JOIN pg_class f ON f.oid = p.conrelid
    JOIN pg_class t ON t.oid = p.confrelid
    JOIN pg_attribute a ON a.attrelid = p.conrelid AND a.attnum = p.conkey[1]
    WHERE p.contype = 'f' AND array_length(p.conkey, 1) = 1
      AND f.relnamespace = current_schema()::regnamespace
"""
_TIED = """
    SELECT conname FROM pg_constraint
    WHERE conname LIKE 'wall#_%' ESCAPE '#' AND connamespace = current_schema()::regnamespace
"""
# PostgreSQL cuts longer names off.
_LONGEST_NAME = 63


def build_walls(using: str = "default") -> int:
    """Bring policies and FORCE in line with the plan; how many statements it took.

    Rows of two organisations cannot point to one another either: where both tables carry an
    organisation, the database compares the two.

    Run by whoever owns the tables. Doing it twice changes nothing.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        statements = _statements(cursor)
        for statement in statements:
            cursor.execute(statement)
    return len(statements)


def take_walls_down(using: str = "default") -> None:
    """Let the owner write rows of any organisation, until ``build_walls``. For a restore."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for (table,) in _rows(cursor, _FORCED):
            cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')


def _statements(cursor: CursorWrapper) -> list[str]:
    tables = {name: frozenset(columns) for name, columns in _rows(cursor, _COLUMNS)}
    wanted = {(each.table, each.name): each for each in policies(tables)}
    there = {(table, name): stamp for table, name, stamp in _rows(cursor, _THERE)}
    forced = {name for (name,) in _rows(cursor, _FORCED)}
    made: dict[str, list[str]] = defaultdict(list)
    for key, stamp in there.items():
        if key not in wanted or stamp != wanted[key].stamp:
            made["drop"].append(f'DROP POLICY "{key[1]}" ON "{key[0]}"')
    for key, policy in wanted.items():
        if there.get(key) != policy.stamp:
            made["create"] += _create(policy)
    for table in sorted({table for table, _ in wanted} - forced):
        made["force"].append(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        made["force"].append(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    made["tie"] = _ties(cursor, tables)
    return made["drop"] + made["create"] + made["force"] + made["tie"]


def _ties(cursor: CursorWrapper, tables: dict[str, frozenset[str]]) -> list[str]:
    """A row's organisation is that of each row it points to."""
    there = {name for (name,) in _rows(cursor, _TIED)}
    keys, ties = {}, {}
    for table, column, target in sorted(_rows(cursor, _POINTS_TO)):
        # Keys are locked to their organisation: one put elsewhere does not open.
        is_key = table.startswith("keys_")
        if is_key or "organisation_id" not in tables[table] & tables[target]:
            continue
        key, tie = f"wall_{target}"[:_LONGEST_NAME], f"wall_{table}_{column}"[:_LONGEST_NAME]
        keys[key] = f'ALTER TABLE "{target}" ADD CONSTRAINT "{key}" UNIQUE (id, organisation_id)'
        ties[tie] = (
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{tie}"'
            f' FOREIGN KEY ("{column}", organisation_id)'
            f' REFERENCES "{target}" (id, organisation_id) DEFERRABLE INITIALLY DEFERRED'
        )
    return [made for name, made in (keys | ties).items() if name not in there]


def _create(policy: Policy) -> list[str]:
    on = f'"{policy.name}" ON "{policy.table}"'
    return [
        f"CREATE POLICY {on} FOR {policy.command} USING ({policy.condition})",
        f"COMMENT ON POLICY {on} IS '{policy.stamp}'",
    ]


def _rows(cursor: CursorWrapper, question: str) -> list[tuple[str, ...]]:
    cursor.execute(question)
    return list(cursor.fetchall())
