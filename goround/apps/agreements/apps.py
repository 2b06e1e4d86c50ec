from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "goround.apps.agreements"
    label = "agreements"
