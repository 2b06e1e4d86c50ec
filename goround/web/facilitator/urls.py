from django.urls import path

from goround.web.facilitator import evidence, members, roll, taking, views

app_name = "facilitator"
urlpatterns = [
    path("", views.groups, name="groups"),
    path("<int:group_id>/", views.group, name="group"),
    path("<int:group_id>/check-in/", views.check_in, name="check_in"),
    path("<int:group_id>/calendar.ics", views.calendar, name="calendar"),
    path("<int:group_id>/evidence/", evidence.evidence, name="evidence"),
    path("members/<int:membership_id>/account/", members.member_sign_up, name="member_sign_up"),
    path("members/<int:membership_id>/code/", members.member_code, name="member_code"),
    path("meetings/<int:meeting_id>/roll/", roll.roll, name="roll"),
    path("meetings/<int:meeting_id>/take/", taking.take, name="take"),
    path("meetings/<int:meeting_id>/marks/", taking.marks, name="marks"),
]
