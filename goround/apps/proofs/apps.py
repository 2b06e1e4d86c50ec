from django.apps import AppConfig


class ProofsConfig(AppConfig):
    name = "goround.apps.proofs"
    label = "proofs"
