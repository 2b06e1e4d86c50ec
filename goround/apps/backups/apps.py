from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "goround.apps.backups"
    label = "backups"
