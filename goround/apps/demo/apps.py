from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "goround.apps.demo"
    label = "demo"
