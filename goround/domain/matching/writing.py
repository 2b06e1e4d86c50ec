"""Write an answer as the files of ``formation.md``; each function gives a file's text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from goround.domain.matching.answer import Answer
from goround.domain.matching.reading import RowProblem


def groups_csv(answer: Answer) -> str:
    header = ("group", "venue", "slot", "language", "type", "facilitators")
    return _table(
        header,
        (
            (
                group.id,
                group.venue,
                str(group.slot),
                group.language,
                group.type,
                ";".join(group.facilitators),
            )
            for group in answer.groups
        ),
    )


def placements_csv(answer: Answer) -> str:
    rows = ((member, group.id) for group in answer.groups for member in group.members)
    return _table(("parent", "group"), rows)


def unplaced_csv(answer: Answer) -> str:
    rows = ((row.parent, row.reason, row.detail) for row in answer.unplaced)
    return _table(("parent", "reason", "detail"), rows)


def rejected_csv(problems: Iterable[RowProblem]) -> str:
    header = ("file", "line", "column", "id", "reason")
    return _table(
        header, ((row.file, str(row.line), row.column, row.id, row.reason) for row in problems)
    )


def summary_json(answer: Answer, *, peak_mb: float) -> str:
    summary = {
        "placed": answer.placed,
        "unplaced": len(answer.unplaced),
        "groups": len(answer.groups),
        "cost": round(answer.cost, 6),
        "lower_bound": None if answer.lower_bound is None else round(answer.lower_bound, 6),
        "seconds": round(answer.seconds, 3),
        "seed": answer.seed,
        "peak_mb": round(peak_mb, 1),
    }
    return json.dumps(summary, indent=2) + "\n"


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header)
    table.writerows(rows)
    return text.getvalue()
