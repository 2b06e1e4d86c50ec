"""What is left of children when their parent is erased, and when the rules say it is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from goround.apps.children.models import Adult, BarredAdult, Child, Visit
from goround.apps.keys.models import SealedText


def forget_children(*, parent_ids: Collection[int], nobody: str, at: datetime) -> None:
    """Their children have no name, no adults and no needs any more; that they came is counted.

    The caller has the transaction and writes the audit entry.
    """
    mine = Child.objects.filter(parent__in=parent_ids)
    Adult.objects.filter(child__in=mine).delete()
    forget_barred(BarredAdult.objects.filter(child__in=mine))
    Visit.objects.filter(child__in=mine).update(brought=b"", collected=b"")
    mine.filter(ended_at=None).update(ended_at=at)
    mine.update(alias=nobody, locked=b"", has_needs=False, parent=None)


def forget_barred(rows: QuerySet[BarredAdult]) -> None:
    """With what was sealed about them."""
    sealed = list(rows.exclude(told=None).values_list("told_id", flat=True))
    rows.delete()
    SealedText.objects.filter(pk__in=sealed).delete()


def let_go(visits: QuerySet[Visit]) -> None:
    """Visits that are over by the rules go, and whoever came in at the door goes with the last."""
    children = set(visits.values_list("child_id", flat=True))
    Visit.objects.filter(pk__in=list(visits.values_list("pk", flat=True))).delete()
    over = Child.objects.filter(pk__in=children, visits=None, parent=None)
    forget_barred(BarredAdult.objects.filter(child__in=over))
    over.delete()
