from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReleasesConfig(AppConfig):
    name = "goround.apps.releases"
    label = "releases"

    def ready(self) -> None:
        from goround.apps.releases import ledger_guard, work  # noqa: F401, PLC0415

        def guard(sender: AppConfig, using: str, **kwargs: Any) -> None:
            ledger_guard.put_up(using)

        post_migrate.connect(guard, sender=self, weak=False)
