from django.urls import path

from goround.web.facilitator import roll, views

app_name = "facilitator"
urlpatterns = [
    path("", views.groups, name="groups"),
    path("<int:group_id>/", views.group, name="group"),
    path("<int:group_id>/calendar.ics", views.calendar, name="calendar"),
    path("meetings/<int:meeting_id>/roll/", roll.roll, name="roll"),
]
