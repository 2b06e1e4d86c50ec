from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "goround.apps.reports"
    label = "reports"
