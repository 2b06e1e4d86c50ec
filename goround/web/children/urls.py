from django.urls import path

from goround.web.children import along, child, session, signing

app_name = "children"
urlpatterns = [
    path("", session.today, name="today"),
    path("<int:meeting_id>/", session.session, name="session"),
    path("<int:meeting_id>/take/", along.take, name="take"),
    path("<int:meeting_id>/marks/", along.marks, name="marks"),
    path("<int:meeting_id>/new/", child.child_new, name="child_new"),
    path("<int:meeting_id>/<int:child_id>/", child.child, name="child"),
    path("<int:meeting_id>/<int:child_id>/slip/", child.slip, name="slip"),
    path("<int:meeting_id>/<int:child_id>/in/", signing.sign_in, name="sign_in"),
    path("<int:meeting_id>/<int:child_id>/out/", signing.sign_out, name="sign_out"),
    path("<int:meeting_id>/<int:child_id>/kept/", signing.kept, name="kept"),
]
