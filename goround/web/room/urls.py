from django.urls import include, path

from goround.web.room import (
    agenda,
    agenda_urls,
    agreement_urls,
    guide,
    home,
    joining,
    lead,
    leaving,
    notes,
    sharing,
)

app_name = "room"

# A meeting of a group one leads, below its organisation.
MEETING = "o/<slug:organisation>/room/meetings/<int:meeting_id>"

# The group's own room. Other topics of the room include their own list of addresses here.
in_room = [
    path("", home.home, name="home"),
    *agreement_urls.addresses,
    path("calendar.ics", home.calendar, name="calendar"),
    path("offer/", sharing.offer, name="offer"),
    path("offers/<int:offer_id>/", sharing.offer_act, name="offer_act"),
    path("ours/", sharing.ours, name="ours"),
    path("notes/", notes.notes, name="notes"),
    path("notes/<int:note_id>/", notes.note, name="note"),
    path("joining/", joining.joining, name="joining"),
    path("joining/<int:request_id>/", joining.answer, name="answer"),
    path("leave/", leaving.leave, name="leave"),
    path("come-back/", leaving.come_back, name="come_back"),
    *agenda_urls.addresses,
]

urlpatterns = [
    path("room/<int:group_id>/", include(in_room)),
    path(f"{MEETING}/guide/", guide.meeting_guide, name="guide"),
    path(f"{MEETING}/topics/<int:topic_id>/", agenda.guide_topic, name="guide_topic"),
    path(f"{MEETING}/circle/", lead.circle, name="circle"),
    path(f"{MEETING}/circle/live/", lead.circle_live, name="circle_live"),
    path(f"{MEETING}/circle/open/", lead.circle_open, name="circle_open"),
    path(f"{MEETING}/circle/person/", lead.circle_person, name="circle_person"),
    path(f"{MEETING}/circle/door/", lead.circle_door, name="circle_door"),
    path(f"{MEETING}/circle/close/", lead.circle_close, name="circle_close"),
]
