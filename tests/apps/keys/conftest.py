from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def key_file(settings, tmp_path) -> Path:
    """A key file of the test's own, not there yet."""
    settings.KEY_FILE = tmp_path / "keys" / "root.key"
    return settings.KEY_FILE
