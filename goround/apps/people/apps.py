from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "goround.apps.people"
    label = "people"
