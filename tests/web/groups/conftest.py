from __future__ import annotations

from datetime import UTC, datetime

import pytest

# Twenty past six on Wednesday, 4 March 2026 in Los Angeles.
TONIGHT = datetime(2026, 3, 5, 2, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def tonight(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr("django.utils.timezone.now", lambda: TONIGHT)
    return TONIGHT
