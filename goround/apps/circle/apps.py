from django.apps import AppConfig


class CircleConfig(AppConfig):
    name = "goround.apps.circle"
    label = "circle"

    def ready(self) -> None:
        from goround.apps.circle import daily  # noqa: F401, PLC0415
