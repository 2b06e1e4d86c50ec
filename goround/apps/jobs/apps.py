from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "goround.apps.jobs"
    label = "jobs"

    def ready(self) -> None:
        from goround.apps.jobs import housekeeping  # noqa: F401, PLC0415
