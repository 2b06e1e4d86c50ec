from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "goround.apps.meetings"
    label = "meetings"

    def ready(self) -> None:
        from goround.apps.meetings import daily  # noqa: F401, PLC0415
