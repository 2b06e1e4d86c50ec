from django.urls import path

from goround.web.survey import views

app_name = "survey"
urlpatterns = [
    path("", views.enter, name="enter"),
    path("answer/", views.answer, name="answer"),
    path("thanks/", views.thanks, name="thanks"),
    path("<int:wave_id>/", views.own, name="own"),
]
