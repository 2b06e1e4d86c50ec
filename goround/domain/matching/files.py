"""The files of ``formation.md``: everything that reads or writes them, gathered."""

from goround.domain.matching.policy_file import PolicyError, read_policy
from goround.domain.matching.reading import (
    HeaderError,
    Read,
    RowProblem,
    read_facilitators,
    read_parents,
    read_postcodes,
    read_venues,
)
from goround.domain.matching.writing import (
    groups_csv,
    placements_csv,
    rejected_csv,
    summary_json,
    unplaced_csv,
)

__all__ = [
    "HeaderError",
    "PolicyError",
    "Read",
    "RowProblem",
    "groups_csv",
    "placements_csv",
    "read_facilitators",
    "read_parents",
    "read_policy",
    "read_postcodes",
    "read_venues",
    "rejected_csv",
    "summary_json",
    "unplaced_csv",
]
