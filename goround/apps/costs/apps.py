from django.apps import AppConfig


class CostsConfig(AppConfig):
    name = "goround.apps.costs"
    label = "costs"
