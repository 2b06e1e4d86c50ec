from django.urls import URLPattern

app_name = "facilitator"
urlpatterns: list[URLPattern] = []
