from django.urls import path

from goround.web.parent import children, joining, proof, record, views

app_name = "parent"
urlpatterns = [
    path("", views.home, name="home"),
    path("groups/", joining.find, name="find"),
    path("groups/<int:group_id>/", joining.ask, name="ask"),
    path("asked/<int:request_id>/", joining.ask_no_more, name="ask_no_more"),
    path("children/", children.children, name="children"),
    path("children/new/<int:group_id>/", children.child_new, name="child_new"),
    path("children/<int:child_id>/", children.child, name="child"),
    path("children/<int:child_id>/edit/", children.child_edit, name="child_edit"),
    path("children/<int:child_id>/adults/new/", children.adult_new, name="adult_new"),
    path("record/", record.record, name="record"),
    path("record/opened/", record.opened, name="opened"),
    path("record/agreed/", record.agreed, name="agreed"),
    path("record/agreed/change/", record.agree, name="agree"),
    path("record/copy/", record.copy, name="copy"),
    path("record/copy/file/", record.copy_file, name="copy_file"),
    path("record/proof/", proof.proof, name="proof"),
    path("record/erase/", record.erase_me, name="erase"),
]
