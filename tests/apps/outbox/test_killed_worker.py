"""A real worker and a real mail server; the worker is killed again and again while it sends.

None missed, duplicates never more than kills, none to an address whose consent was taken back.
``SOAK_KILLS`` says how often (``make soak``: hundreds of times; here a handful).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.mail_server import Letter, Post, mail_server
from tests.migrated import lay_migrated
from tests.sqlite_files import ask

KILLS = int(os.environ.get("SOAK_KILLS", "4"))
# Enough that the last worker still finds some: about twenty go out between two kills.
MESSAGES = 60 + 25 * KILLS
ROOT = Path(__file__).parents[3]

BEGIN = f"""
import django
django.setup()
from tests.make import make_group, make_membership, make_parent
from tests.make_messages import agree, cancel, make_planned
# It meets no more, or on some days of the year its next meeting would be told as well.
group = make_group(rrule="FREQ=WEEKLY;BYDAY=MO;COUNT=1")
for number in range({MESSAGES}):
    parent = make_parent(group.organisation, safe_email=f"p{{number}}@example.org")
    agree(parent)
    member = make_membership(group, parent)
cancel(make_planned(member))
"""
# Takes back the consent of those named on its standard input, one a line, and says when done.
TAKE_BACK = """
import sys
import django
django.setup()
from django.utils import timezone
from goround.apps.people.models import Parent
from goround.apps.people.reach import stop_writing
everybody = {parent.safe_email: parent for parent in Parent.objects.all()}
for line in sys.stdin:
    stop_writing(parent=everybody[line.strip()], by=None, at=timezone.now())
    print("done", flush=True)
"""


@pytest.fixture
def database(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    env = os.environ | {
        "GOROUND_ENV": "test",
        "GOROUND_DATA_DIR": str(tmp_path),
        "GOROUND_DATABASE_URL": f"sqlite:///{tmp_path}/goround.sqlite3",
        "PYTHONPATH": str(ROOT),
    }
    lay_migrated(tmp_path / "goround.sqlite3")
    subprocess.run([sys.executable, "-c", BEGIN], env=env, cwd=ROOT, check=True)
    return tmp_path / "goround.sqlite3", env


@contextmanager
def worker(env: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "django", "worker", *arguments]
    process = subprocess.Popen(command, env=env, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=10)


@contextmanager
def taking_back(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_BACK], env=env, cwd=ROOT, text=True, **pipes
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=10)


def take_back(process: subprocess.Popen[str], address: str) -> float:
    """The moment from which on nothing may go to the address."""
    assert process.stdin and process.stdout
    process.stdin.write(f"{address}\n")
    process.stdin.flush()
    assert process.stdout.readline() == "done\n"
    return time.time()


def wait_for(post: Post, letters: int, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + 90
    while len(post.letters) < letters:
        assert process.poll() is None, "the worker ended too early"
        assert time.monotonic() < give_up_at, f"{len(post.letters)} of {letters} letters"
        time.sleep(0.002)


def test_killed_worker_misses_nobody_and_repeats_no_more_than_it_was_killed(database):
    path, env = database
    moments = random.Random(414)
    taken_back: dict[str, float] = {}

    def slowly(letter: Letter) -> None:
        """So that a kill finds the worker waiting for the server's word, too."""
        time.sleep(moments.uniform(0, 0.02))

    with mail_server(Post(when_taken=slowly)) as post, taking_back(env) as consent:
        sending = env | {"GOROUND_SMTP_URL": f"smtp+plain://localhost:{post.port}"}
        for _kill in range(KILLS):
            with worker(sending) as process:
                wait_for(post, len(post.letters) + moments.randint(1, 20), process)
                time.sleep(moments.uniform(0, 0.03))
                process.kill()
                process.wait(timeout=10)
            untold = sorted(all_addresses() - set(post.to()) - set(taken_back))
            for address in moments.sample(untold, min(2, len(untold))):
                taken_back[address] = take_back(consent, address)
            # As if the leases had run out.
            ask(path, "UPDATE outbox_message SET leased_until = NULL WHERE status = 'waiting'")
        with worker(sending, "--once") as process:
            assert process.wait(timeout=300) == 0

    times = Counter(post.to())
    print(f"{KILLS} kills, {len(post.letters)} letters, {len(post.letters) - len(times)} doubled")  # noqa: T201  for make soak
    assert set(times) == all_addresses() - set(taken_back)
    assert sum(times.values()) - len(times) <= KILLS
    assert ask(path, "SELECT status, because, count(*) FROM outbox_message GROUP BY 1, 2") == [
        ("left-out", "no-address", len(taken_back)),
        ("sent", "", MESSAGES - len(taken_back)),
    ]
    marks = {letter.read["Message-ID"] for letter in post.letters}
    assert len(marks) == len(times)


def all_addresses() -> set[str]:
    return {f"p{number}@example.org" for number in range(MESSAGES)}
