"""Where the work in hand may look: the organisations that PostgreSQL's wall lets through.

A request names them for its own transaction; a worker names them for one job and takes them
back after it. On another database nothing is done, and nothing is asked of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Func, QuerySet
from django.db.models.functions import Cast

_SET = (
    "SELECT set_config('goround.user', %s, %s), set_config('goround.organisations', %s, %s),"
    " set_config('goround.errand', %s, %s), set_config('goround.receipt', '', true),"
    " set_config('goround.circle', '', true), set_config('goround.survey', '', true),"
    " set_config('goround.proof', '', true),"
    " set_config('goround.release', '', true)"
)
_READ = (
    "SELECT current_setting('goround.user', true), current_setting('goround.organisations', true),"
    " current_setting('goround.errand', true)"
)
_EVERYWHERE = (
    "SELECT set_config('goround.organisations', coalesce(string_agg(id::text, ','), ''), false)"
    " FROM organisations_organisation"
)

M = TypeVar("M", bound=models.Model)

# True between the beginning and the end of a request's own transaction.
_in_a_request: ContextVar[bool] = ContextVar("in_a_request", default=False)

# True in a process that somebody with the keys of the server started by hand.
_by_operator = False


def has_walls() -> bool:
    return connection.vendor == "postgresql"


@contextmanager
def request_of(user_id: int | None) -> Iterator[None]:
    """One transaction for one request, in which no organisation is open yet."""
    if not has_walls():
        yield
        return
    # Set back by value: a stream ends its transaction in another context than it began in.
    asked_before = _in_a_request.get()
    _in_a_request.set(True)
    try:
        with transaction.atomic():
            if user_id is not None:
                _set(user=user_id, organisations=(), errand="", lasting=False)
            yield
    finally:
        _in_a_request.set(asked_before)
    if connection.in_atomic_block:  # a test's own transaction goes on after the request
        _set(user=None, organisations=(), errand="", lasting=False)


@contextmanager
def asking_as(user_id: int) -> Iterator[None]:
    """The roles of one account may be read until the end.

    Somebody is just signing in, or has asked for work that is done later.
    """
    if not has_walls():
        yield
        return
    with transaction.atomic():
        user, before, errand = _settings()
        _put(connection, str(user_id), "", "", lasting=False)
        yield
        _put(connection, user, before, errand, lasting=False)


def roll_back() -> None:
    """Undo what the request wrote, because it failed; nobody else's transaction."""
    if has_walls() and _in_a_request.get() and connection.in_atomic_block:
        transaction.set_rollback(True)


@contextmanager
def working_for(*organisations: int) -> Iterator[None]:
    """Outside requests: only these organisations until the end, however many transactions."""
    with _standing(organisations=organisations, errand=""):
        yield


@contextmanager
def working_for_all() -> Iterator[None]:
    """For work that goes through every organisation by itself."""
    with _standing(organisations=(), errand="operator"):
        if has_walls():
            _ask(connection, _EVERYWHERE)
        yield


@contextmanager
def looking_for_work() -> Iterator[None]:
    """The worker's look at all open jobs, and at nothing else."""
    with _standing(organisations=(), errand="worker"):
        yield


def let_in(organisation_id: int) -> None:
    """One more organisation, such as one just made, for as long as those before it."""
    if has_walls():
        user, before, errand = _settings()
        there = [*filter(None, before.split(",")), str(organisation_id)]
        _put(connection, user, ",".join(there), errand, lasting=not _is_local())


def show_receipt(receipt_hash: str) -> None:
    """Let the entry that belongs to this receipt be found, in this transaction."""
    if has_walls():
        _ask(connection, "SELECT set_config('goround.receipt', %s, true)", [receipt_hash])


def show_circle(secret: str) -> None:
    """Let the circle of this code, or the device of this hash, be found, in this transaction."""
    if has_walls():
        _ask(connection, "SELECT set_config('goround.circle', %s, true)", [secret])


def show_proof(code_hash: str) -> None:
    """Let the paper of this code be found, in this transaction."""
    if has_walls():
        _ask(connection, "SELECT set_config('goround.proof', %s, true)", [code_hash])


def show_survey(code: str) -> None:
    """Let the wave of this code be found, in this transaction."""
    if has_walls():
        _ask(connection, "SELECT set_config('goround.survey', %s, true)", [code])


def show_release(link: str) -> None:
    """Let the release that belongs to this address be found, in this transaction."""
    if has_walls():
        _ask(connection, "SELECT set_config('goround.release', %s, true)", [link])


def opening(rows: QuerySet[M], organisation: str) -> QuerySet[M]:
    """The same rows; reading one opens its organisation for the rest of the transaction.

    ``organisation`` is the path to the organisation's id. Only for rows that were asked for
    by somebody who may go there.
    """
    if not has_walls():
        return rows
    opened = _Opens(Cast(organisation, models.TextField()))
    return rows.annotate(_opened=opened)  # type: ignore[return-value]


def opening_each(rows: QuerySet[M], of: QuerySet[Any], by: str) -> QuerySet[M]:
    """Reading one row opens every organisation in ``of`` whose ``by`` is that row."""
    if not has_walls():
        return rows
    inner = of.filter(**{by: models.OuterRef("pk")}).order_by().values(by)
    listed = inner.annotate(_ids=_Joined(Cast("pk", models.TextField()))).values("_ids")
    opened = _Opens(models.Subquery(listed))
    return rows.annotate(_opened=opened)  # type: ignore[return-value]


def read(opening_rows: QuerySet[Any]) -> None:
    """Open what one row opens, and fetch nothing else of it."""
    opening_rows.values_list("_opened").first()


class _Opens(Func):
    function = "set_config"
    template = "set_config('goround.organisations', coalesce(%(expressions)s, ''), true)"
    output_field = models.TextField()


class _Joined(Aggregate):
    function = "string_agg"
    template = "string_agg(%(expressions)s, ',')"
    output_field = models.TextField()


def be_operator() -> None:
    """From now on this process is a command of whoever runs the server, and sees everything."""
    global _by_operator  # noqa: PLW0603  a process is one or it is not
    _by_operator = True


def on_new_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if _by_operator and connection.vendor == "postgresql":
        open_all(connection.alias)


def open_all(using: str = "default") -> None:
    """Every organisation there is, for as long as the connection lasts."""
    opened = connections[using]
    if opened.vendor != "postgresql":
        return
    _put(opened, "", "", "operator", lasting=True)
    if _ask(opened, "SELECT to_regclass('organisations_organisation') IS NOT NULL")[0]:
        _ask(opened, _EVERYWHERE)


def shut_again(using: str = "default") -> None:
    """After ``open_all``: nothing is open any more, unless this is an operator's process."""
    if _by_operator:
        open_all(using)
    elif connections[using].vendor == "postgresql":
        _put(connections[using], "", "", "", lasting=True)


@contextmanager
def _standing(*, organisations: tuple[int, ...], errand: str) -> Iterator[None]:
    if not has_walls():
        yield
        return
    user, before, errand_before = _settings()
    _set(user=None, organisations=organisations, errand=errand, lasting=True)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _put(connection, user, before, errand_before, lasting=True)


def _set(*, user: int | None, organisations: tuple[int, ...], errand: str, lasting: bool) -> None:
    named = ",".join(map(str, organisations))
    _put(connection, "" if user is None else str(user), named, errand, lasting=lasting)


def _put(
    opened: BaseDatabaseWrapper, user: str, organisations: str, errand: str, *, lasting: bool
) -> None:
    local = not lasting
    _ask(opened, _SET, [user, local, organisations, local, errand, local])


def _settings() -> tuple[str, str, str]:
    user, organisations, errand = _ask(connection, _READ)
    return user or "", organisations or "", errand or ""


def _is_local() -> bool:
    return connection.in_atomic_block


def _ask(opened: BaseDatabaseWrapper, question: str, values: list[Any] | None = None) -> Any:
    with opened.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()
