from django.apps import AppConfig


class FormationConfig(AppConfig):
    name = "goround.apps.formation"
    label = "formation"
