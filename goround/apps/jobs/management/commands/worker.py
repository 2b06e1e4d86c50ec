import os
import signal
import time
import uuid
from argparse import ArgumentParser
from types import FrameType

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from goround.apps.jobs.daily import Clock
from goround.apps.jobs.turns import take_turns
from goround.apps.jobs.work import run_next


class Command(BaseCommand):
    help = "Carry out background work until told to stop."
    told_to_stop = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is waiting")
        parser.add_argument("--pause", type=float, default=0.5, help="seconds between looks")

    def handle(self, *, once: bool, pause: float, **options: object) -> None:
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        worker = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        clock = Clock()
        while not self.told_to_stop:
            close_old_connections()
            clock.tick(at=timezone.now())
            if self.work(worker):
                continue
            if once:
                return
            time.sleep(pause)

    def work(self, worker: str) -> bool:
        try:
            job = run_next(worker)
            return take_turns(worker) or job is not None
        except OperationalError as error:
            # The database is away or busy; the lease sees to what was in hand.
            self.stderr.write(f"The database did not answer ({type(error).__name__}).")
            return False

    def stop(self, signum: int, frame: FrameType | None) -> None:
        # Python drops what is raised while it tidies up; then the loop ends by itself.
        self.told_to_stop = True
        # A job in hand is left to its lease: handlers are safe to repeat.
        raise SystemExit(0)
