from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "goround.apps.rooms"
    label = "rooms"

    def ready(self) -> None:
        from goround.apps.rooms import clearing, notices  # noqa: F401, PLC0415
