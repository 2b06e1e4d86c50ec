from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class WallsConfig(AppConfig):
    name = "goround.apps.walls"
    label = "walls"

    def ready(self) -> None:
        from goround.apps.walls import build, checks, places  # noqa: F401, PLC0415

        def open_before(sender: AppConfig, using: str, **kwargs: Any) -> None:
            places.open_all(using)

        def build_after(sender: AppConfig, using: str, **kwargs: Any) -> None:
            build.build_walls(using)
            places.shut_again(using)

        # Once for each run: Django sends both for every app.
        pre_migrate.connect(open_before, sender=self, weak=False)
        post_migrate.connect(build_after, sender=self, weak=False)
        connection_created.connect(places.on_new_connection, weak=False)
