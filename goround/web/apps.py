from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "goround.web"
    label = "web"
