from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "goround.apps.outbox"
    label = "outbox"

    def ready(self) -> None:
        from goround.apps.outbox import checks, daily, sending, staff  # noqa: F401, PLC0415
