from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "goround.apps.decisions"
    label = "decisions"

    def ready(self) -> None:
        from goround.apps.decisions import daily  # noqa: F401, PLC0415
