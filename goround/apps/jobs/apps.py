from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "goround.apps.jobs"
    label = "jobs"
