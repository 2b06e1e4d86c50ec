from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "goround.apps.agenda"
    label = "agenda"
