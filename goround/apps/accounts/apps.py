from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "goround.apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        from goround.apps.accounts import checks  # noqa: F401, PLC0415
