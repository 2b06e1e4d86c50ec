"""Addresses of the group's agreement, below its room."""

from django.urls import path

from goround.web.room import agreement

addresses = [
    path("agreement/", agreement.agreement, name="agreement"),
    path("agreement/write/", agreement.agreement_write, name="agreement_write"),
    path("agreement/yes/", agreement.agreement_yes, name="agreement_yes"),
    path("agreement/aloud/", agreement.agreement_aloud, name="agreement_aloud"),
    path("agreement/versions/<int:number>/", agreement.agreement_version, name="agreement_version"),
]
