from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "goround.apps.groups"
    label = "groups"
