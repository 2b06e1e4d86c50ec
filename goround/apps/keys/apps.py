from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "goround.apps.keys"
    label = "keys"
