from django.core.management.base import BaseCommand
from django.utils import timezone

from goround.apps.meetings.services import plan_all


class Command(BaseCommand):
    help = "Plan the meetings of every group six months ahead. The worker does it every day."

    def handle(self, **options: object) -> None:
        touched = plan_all(by=None, at=timezone.now())
        self.stdout.write(f"{touched} meetings added, changed or taken away.")
