from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "goround.apps.meetings"
    label = "meetings"
