from django.urls import URLPattern

app_name = "coordinator"
urlpatterns: list[URLPattern] = []
