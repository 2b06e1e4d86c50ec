"""The faults that no test noticed, put to the cells of the matrix. Run by ``make faults`` only."""

from __future__ import annotations

import pytest

from tests.faults import running
from tests.faults.watching import Watch

pytestmark = pytest.mark.django_db


def test_what_the_cells_notice():
    faults = [fault for fault in running.left if fault.function]
    watch = Watch.begin(fault.function for fault in faults)

    running.noticed_by_cells.extend(fault for fault in faults if watch.notices(fault))
