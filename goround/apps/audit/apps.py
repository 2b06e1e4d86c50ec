from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "goround.apps.audit"
    label = "audit"
