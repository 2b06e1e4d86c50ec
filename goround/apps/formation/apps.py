from django.apps import AppConfig


class FormationConfig(AppConfig):
    name = "goround.apps.formation"
    label = "formation"

    def ready(self) -> None:
        from goround.apps.formation import advice_work, search_work  # noqa: F401, PLC0415
