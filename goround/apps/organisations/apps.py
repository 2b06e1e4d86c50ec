from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "goround.apps.organisations"
    label = "organisations"
