from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    """The children's programme: sessions beside meetings, who comes, who collects."""

    name = "goround.apps.children"
    label = "children"

    def ready(self) -> None:
        from goround.apps.children import notices  # noqa: F401, PLC0415
