"""Every row of the database as lines, and back: the same for SQLite and PostgreSQL.

Tables are named by their model and columns by their field, never by what one database calls
them, so a network that outgrows SQLite restores its backup into PostgreSQL. Rows go back into
the tables as they were when the backup was made, and only then do newer migrations run.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.apps.registry import Apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from goround.apps.walls.build import take_walls_down

# What Django fills by itself, and who was signed in at that moment.
LEFT_OUT = {"auth", "contenttypes", "sessions"}
# A database with a row in one of these is somebody's.
SOMEBODY_IS_HERE = ("accounts.user", "organisations.organisation", "people.parent")
AT_ONCE = 1_000


class CannotRestore(Exception):
    """The backup does not fit this database or this version of Goround."""


def lines() -> Iterator[Any]:
    """First which migrations had run, then each table with its rows, then how many there were.

    All of it as of one moment, whatever is written meanwhile.
    """
    counts = {}
    with _one_moment():
        yield {"migrations": _migrations()}
        for model in _models(apps):
            yield {"table": model._meta.label_lower, "columns": _columns(model)}
            counts[model._meta.label_lower] = 0
            for row in _rows(model):
                counts[model._meta.label_lower] += 1
                yield row
    yield {"counts": counts}


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that sees one state of the database and holds up nobody who writes."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Django would begin IMMEDIATE, which is a writer's beginning.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _migrations() -> dict[str, list[str]]:
    """The last migrations that have run, by app."""
    loader = MigrationExecutor(connection).loader
    applied = {node for node in loader.applied_migrations if node in loader.graph.nodes}
    last: dict[str, list[str]] = {}
    for app, name in sorted(applied):
        followers = loader.graph.node_map[app, name].children
        if not any(child.key[0] == app and child.key in applied for child in followers):
            last.setdefault(app, []).append(name)
    return last


def _models(registry: Any) -> list[type[models.Model]]:
    """Every table of ours, joining tables included, in an order that stays."""
    found = registry.get_models(include_auto_created=True)
    ours = [
        model
        for model in found
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in LEFT_OUT
    ]
    return sorted(ours, key=lambda model: model._meta.label_lower)


def _columns(model: type[models.Model]) -> list[str]:
    return [
        field.attname for field in model._meta.local_concrete_fields if not _is_generated(field)
    ]


def _is_generated(field: models.Field[Any, Any]) -> bool:
    return bool(getattr(field, "generated", False))


def _rows(model: type[models.Model]) -> Iterator[list[Any]]:
    rows = model._base_manager.order_by("pk").values_list(*_columns(model))
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield [_plain(value) for value in row]


def _plain(value: Any) -> Any:
    """As JSON can hold it; the field turns it back."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case Decimal() | UUID():
            return str(value)
        case _:
            return value


def load(given: Iterable[Any]) -> dict[str, int]:
    """Put every row into an empty database, all or none, and give their number by table.

    Raises ``CannotRestore`` when the database is not empty, when the backup was made by a
    newer Goround, or when its own count of rows says otherwise.
    """
    given = iter(given)
    first: dict[str, Any] = next(given, {})
    executor = MigrationExecutor(connection)
    targets = _targets(executor, first.get("migrations", {}))
    _see_that_it_is_empty()
    _go_back_in_time(executor, targets)
    state = MigrationExecutor(connection).loader.project_state(targets)
    with transaction.atomic():
        # Migrating, at the end, puts them up again.
        take_walls_down()
        _clear(state.apps)
        counts, told = _load_tables(given, state.apps)
        if counts != told:
            raise CannotRestore(_difference(counts, told))
        _go_on_counting(state.apps)
    call_command("migrate", verbosity=0, interactive=False)
    _let_the_planner_look()
    return counts


def _let_the_planner_look() -> None:
    """PostgreSQL plans by what it last saw, and before autovacuum's round that was no row."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _targets(executor: MigrationExecutor, last: dict[str, list[str]]) -> list[tuple[str, str]]:
    targets = [(app, name) for app, names in last.items() for name in names]
    unknown = [node for node in targets if node not in executor.loader.graph.nodes]
    if unknown or not targets:
        names = ", ".join(f"{app} {name}" for app, name in unknown) or "none at all"
        raise CannotRestore(
            f"The backup knows database changes that this Goround does not: {names}. "
            "Install the version that made the backup, or a newer one."
        )
    return targets


def _see_that_it_is_empty() -> None:
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for model in map(apps.get_model, SOMEBODY_IS_HERE):
            table = model._meta.db_table
            if table in there:
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
                if cursor.fetchone():
                    raise CannotRestore(
                        "There are people in this database already. A backup goes into an empty "
                        "one only, so that nothing is ever overwritten."
                    )


def _go_back_in_time(executor: MigrationExecutor, targets: list[tuple[str, str]]) -> None:
    """Make the tables as they were when the backup was made."""
    if any(is_backwards for _migration, is_backwards in executor.migration_plan(targets)):
        raise CannotRestore(
            "The tables of this database are newer than the backup. Give it a database without "
            "any tables; they are made as they were, and then brought up to date."
        )
    executor.migrate(targets)


def _clear(registry: Apps) -> None:
    """Take out what migrations and a first start put into tables that count as empty."""
    with connection.cursor() as cursor:
        for model in _models(registry):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def _load_tables(given: Iterator[Any], registry: Apps) -> tuple[dict[str, int], dict[str, int]]:
    """The rows loaded by table, and what the backup says they should be."""
    table: _Table | None = None
    counts: dict[str, int] = {}
    for line in given:
        if isinstance(line, list):
            if table is None:
                raise CannotRestore("The backup has a row before any table.")
            table.add(line)
            continue
        if table is not None:
            counts[table.name] = table.end()
        if "counts" in line:
            return counts, line["counts"]
        table = _Table(registry, line["table"], line["columns"])
    raise CannotRestore("The backup ends without saying how many rows it holds.")


class _Table:
    """Rows on their way into one table, many in one statement."""

    def __init__(self, registry: Apps, name: str, columns: Sequence[str]) -> None:
        self.name = name
        self.model = registry.get_model(name)
        self.columns = columns
        by_name = {field.attname: field for field in self.model._meta.local_concrete_fields}
        self.fields = [_value_field(by_name[column]) for column in columns]
        self.waiting: list[models.Model] = []
        self.count = 0

    def add(self, row: list[Any]) -> None:
        values = {
            column: field.to_python(value)
            for column, field, value in zip(self.columns, self.fields, row, strict=True)
        }
        self.waiting.append(self.model(**values))
        self.count += 1
        if len(self.waiting) >= AT_ONCE:
            self._write()

    def end(self) -> int:
        self._write()
        return self.count

    def _write(self) -> None:
        self.model._base_manager.bulk_create(self.waiting)
        self.waiting = []


def _value_field(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """The field that knows the value's type: of a foreign key, the key it points at."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def _difference(counts: dict[str, int], told: dict[str, int]) -> str:
    wrong = [name for name in sorted({*counts, *told}) if counts.get(name) != told.get(name)]
    return f"The backup does not hold as many rows as it says: {', '.join(wrong)}."


def _go_on_counting(registry: Apps) -> None:
    """New rows get numbers after those that were loaded (PostgreSQL keeps count by itself)."""
    statements = connection.ops.sequence_reset_sql(no_style(), _models(registry))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
