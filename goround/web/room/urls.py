from django.urls import path

from goround.web.room import guide, lead

app_name = "room"
urlpatterns = [
    path("meetings/<int:meeting_id>/guide/", guide.meeting_guide, name="guide"),
    path("meetings/<int:meeting_id>/circle/", lead.circle, name="circle"),
    path("meetings/<int:meeting_id>/circle/live/", lead.circle_live, name="circle_live"),
    path("meetings/<int:meeting_id>/circle/open/", lead.circle_open, name="circle_open"),
    path("meetings/<int:meeting_id>/circle/person/", lead.circle_person, name="circle_person"),
    path("meetings/<int:meeting_id>/circle/door/", lead.circle_door, name="circle_door"),
    path("meetings/<int:meeting_id>/circle/close/", lead.circle_close, name="circle_close"),
]
