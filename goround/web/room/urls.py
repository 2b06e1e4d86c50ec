from django.urls import include, path

from goround.web.room import agreement_urls, guide, home, lead

app_name = "room"

# A meeting of a group one leads, below its organisation.
MEETING = "o/<slug:organisation>/room/meetings/<int:meeting_id>"

# The group's own room. Other topics of the room include their own list of addresses here.
in_room = [
    path("", home.home, name="home"),
    *agreement_urls.addresses,
]

urlpatterns = [
    path("room/<int:group_id>/", include(in_room)),
    path(f"{MEETING}/guide/", guide.meeting_guide, name="guide"),
    path(f"{MEETING}/circle/", lead.circle, name="circle"),
    path(f"{MEETING}/circle/live/", lead.circle_live, name="circle_live"),
    path(f"{MEETING}/circle/open/", lead.circle_open, name="circle_open"),
    path(f"{MEETING}/circle/person/", lead.circle_person, name="circle_person"),
    path(f"{MEETING}/circle/door/", lead.circle_door, name="circle_door"),
    path(f"{MEETING}/circle/close/", lead.circle_close, name="circle_close"),
]
