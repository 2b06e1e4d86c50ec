from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "goround.apps.evidence"
    label = "evidence"

    def ready(self) -> None:
        from goround.apps.evidence import work  # noqa: F401, PLC0415
