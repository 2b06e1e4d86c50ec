from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    name = "goround.apps.safeguarding"
    label = "safeguarding"
