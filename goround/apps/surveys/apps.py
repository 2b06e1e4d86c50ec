from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "goround.apps.surveys"
    label = "surveys"

    def ready(self) -> None:
        from goround.apps.surveys import daily, notices  # noqa: F401, PLC0415
