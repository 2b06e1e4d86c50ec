from django.apps import AppConfig


class JoiningConfig(AppConfig):
    name = "goround.apps.joining"
    label = "joining"

    def ready(self) -> None:
        from goround.apps.joining import buddies, daily, notices  # noqa: F401, PLC0415
