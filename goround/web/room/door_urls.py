from django.urls import path

from goround.web.room import door

app_name = "circle"
urlpatterns = [
    path("", door.enter, name="enter"),
    path("here/", door.here, name="here"),
    path("here/live/", door.here_live, name="here_live"),
]
