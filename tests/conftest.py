"""What every test gets: settings of its own, and the database the run asks for.

``GOROUND_TEST_DATABASE=postgresql`` repeats on a temporary PostgreSQL every test that touches
the database; without it everything runs, on SQLite.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.postgres import PostgresMissing, temporary_postgres

ON_POSTGRESQL = os.environ.get("GOROUND_TEST_DATABASE", "sqlite") == "postgresql"
IS_XDIST_WORKER = "PYTEST_XDIST_WORKER" in os.environ
JOURNEYS = Path(__file__).parent / "journeys"
PAGES = Path(__file__).parent / "web"
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}

_until_the_end = ExitStack()


def _prepare_environment() -> None:
    """Set what the settings read. Workers of a parallel run inherit it from their parent."""
    asked = os.environ.get("GOROUND_TEST_DATABASE", "sqlite")
    if asked not in {"sqlite", "postgresql"}:
        raise pytest.UsageError(
            f"GOROUND_TEST_DATABASE is {asked!r}; it must be sqlite or postgresql."
        )
    for name in [name for name in os.environ if name.startswith("GOROUND_")]:
        del os.environ[name]
    folder = tempfile.mkdtemp(prefix="goround-tests-")
    _until_the_end.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["GOROUND_TEST_DATABASE"] = asked
    os.environ["GOROUND_ENV"] = "test"
    os.environ["GOROUND_DATA_DIR"] = folder
    os.environ["GOROUND_SECRET_KEY"] = "a key for tests only"
    os.environ["GOROUND_DATABASE_URL"] = (
        _until_the_end.enter_context(temporary_postgres())
        if ON_POSTGRESQL
        else "sqlite:///:memory:"
    )
    os.environ["DJANGO_SETTINGS_MODULE"] = "goround.config.settings"


# At import, not in a hook: other conftests and test modules import models. pytest.ini has no
# DJANGO_SETTINGS_MODULE because pytest-django would load the settings before this file runs.
if not IS_XDIST_WORKER:
    try:
        _prepare_environment()
    except PostgresMissing as reason:
        pytest.exit(str(reason), returncode=3)

import django  # noqa: E402
from django.conf import settings  # noqa: E402

django.setup()

# Tables straight from the models; ``test_house`` holds them against what the migrations make.
settings.DATABASES["default"].setdefault("TEST", {})["MIGRATE"] = False
# Each test's client sets WhiteNoise up anew: it would look at every static file each time.
settings.WHITENOISE_AUTOREFRESH = True

# Two busy cores make any deadline a matter of luck.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")


from tests.wall import answer_pages_as_in_production, asking  # noqa: E402

answer_pages_as_in_production()


@pytest.fixture(autouse=True)
def _leads_words_open_quickly(request: pytest.FixtureRequest) -> Iterator[None]:
    """The least that Argon2 allows, unless the test is about how slow it is."""
    if request.node.get_closest_marker("slow_words"):
        yield
        return
    from goround.apps.keys import lead_keys

    shipped = lead_keys.MEMORY_KIB, lead_keys.PASSES
    lead_keys.MEMORY_KIB, lead_keys.PASSES = 8, 1
    yield
    lead_keys.MEMORY_KIB, lead_keys.PASSES = shipped


@pytest.fixture(autouse=True)
def _ledger_can_be_emptied_afterwards(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test with transactions of its own ends with emptying every table, the ledger too."""
    yield
    marker = request.node.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server"} & set(request.fixturenames)
    if asked or (marker is not None and marker.kwargs.get("transaction")):
        from goround.apps.releases import ledger_guard

        ledger_guard.take_down()


@pytest.fixture
def django_assert_num_queries() -> Callable[[int], AbstractContextManager[object]]:
    return asking


@pytest.fixture
def django_assert_max_num_queries() -> Callable[[int], AbstractContextManager[object]]:
    return partial(asking, at_most=True)


def pytest_unconfigure() -> None:
    _until_the_end.close()


class ByFile(LoadScopeScheduling):
    """A file stays with one worker, so what it makes once is made once; the journeys do together.

    One browser and one server at a time. The largest begin first. (``--dist loadgroup`` does
    nothing with pytest 9: it writes into a node what the node no longer reads.)
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "journeys" if file.startswith("tests/journeys/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if ON_POSTGRESQL:
        asked = set(_once_a_page([item for item in items if _needs_database(item)]))
        config.hook.pytest_deselected(items=[item for item in items if item not in asked])
        items[:] = [item for item in items if item in asked]


def _once_a_page(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Of a page's test with many parameters only the first: the others are about words and forms.

    The table of pages, and ``make soak``, ask with all.
    """
    seen = set()
    for item in items:
        test = item.path, getattr(item, "originalname", item.name)
        is_page = PAGES in item.path.parents and item.path.name != "test_policy.py"
        if not is_page or test not in seen or "EVERY_PARAMETER" in os.environ:
            yield item
        seen.add(test)


def _needs_database(item: pytest.Item) -> bool:
    if JOURNEYS in item.path.parents or item.get_closest_marker("any_database"):
        return False
    if item.get_closest_marker("django_db") is not None:
        return True
    return bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))
