from django.urls import path

from goround.web.network import month, snapshot

app_name = "network"
urlpatterns = [
    path("month/", month.month, name="month"),
    path("month/download/", month.month_csv, name="month_csv"),
    path("snapshot/", snapshot.snapshot, name="snapshot"),
]
