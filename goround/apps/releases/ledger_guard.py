"""The database itself refuses to change or delete what was released.

Put up after every migration, as the walls are: SQLite drops a table's triggers when a migration
makes the table anew.
"""

from __future__ import annotations

from django.db import connections

TABLES = ("releases_release", "releases_releasedfigure", "releases_basis")
SAYS = "What was released stays as it is; make a correction instead."


def put_up(using: str = "default") -> None:
    """Doing it twice changes nothing."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in filter(there.__contains__, TABLES):
            for statement in _statements(connection.vendor, table):
                cursor.execute(statement)


def take_down(using: str = "default") -> None:
    """For tests, which empty every table between them."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in TABLES:
            for act in ("update", "delete"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}{on}")


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            "CREATE OR REPLACE FUNCTION releases_stay() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{SAYS}'"
            " USING ERRCODE = 'integrity_constraint_violation'; END $$",
            *(
                f"CREATE OR REPLACE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION releases_stay()"
                for act in ("UPDATE", "DELETE")
            ),
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act.lower()} BEFORE {act} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        for act in ("UPDATE", "DELETE")
    ]
