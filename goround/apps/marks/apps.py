from django.apps import AppConfig


class MarksConfig(AppConfig):
    name = "goround.apps.marks"
    label = "marks"
