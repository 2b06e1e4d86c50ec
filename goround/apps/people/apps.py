from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "goround.apps.people"
    label = "people"

    def ready(self) -> None:
        from goround.apps.people.imports import work  # noqa: F401, PLC0415
