from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "goround.web"
    label = "web"

    def ready(self) -> None:
        from goround.web import sessions  # noqa: F401, PLC0415
