from django.apps import AppConfig


class ApartConfig(AppConfig):
    name = "goround.apps.apart"
    label = "apart"

    def ready(self) -> None:
        from goround.apps.apart import lists  # noqa: F401, PLC0415
