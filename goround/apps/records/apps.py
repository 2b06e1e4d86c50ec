from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """What is kept about people, as a whole: checked, given out, erased, and let go in time."""

    name = "goround.apps.records"
    label = "records"

    def ready(self) -> None:
        from goround.apps.records import daily  # noqa: F401, PLC0415
