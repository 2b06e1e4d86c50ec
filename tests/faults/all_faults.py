"""``make faults``: every seeded fault, and the share that the walls' own tests notice.

Not part of ``make test``: a minute or more for each hundred faults. Run with pytest for its
database: ``pytest -s tests/faults/all_faults.py``.
"""

from __future__ import annotations

import sys

import pytest

from tests.faults.seeding import faults_of_code, faults_of_policy
from tests.faults.watching import Watch

pytestmark = pytest.mark.django_db

LEAST_CAUGHT = 0.95


def test_the_share_of_faults_that_is_caught():
    watch = Watch.begin()
    faults = [*faults_of_code(), *faults_of_policy()]
    reached = [fault for fault in faults if watch.reaches(fault)]

    survivors = [fault.name for fault in reached if not watch.notices(fault)]

    caught = len(reached) - len(survivors)
    sys.stdout.write(
        f"\n{caught} of {len(reached)} seeded faults were caught: {caught / len(reached):.1%}.\n"
    )
    sys.stdout.write(
        f"{len(faults) - len(reached)} more sit where no page or selector of the matrix passes.\n"
    )
    sys.stdout.writelines(f"survived: {name}\n" for name in survivors)
    assert caught >= LEAST_CAUGHT * len(reached)
