from django.urls import path

from goround.web.parent import joining, proof, record, views

app_name = "parent"
urlpatterns = [
    path("", views.home, name="home"),
    path("groups/", joining.find, name="find"),
    path("groups/<int:group_id>/", joining.ask, name="ask"),
    path("asked/<int:request_id>/", joining.ask_no_more, name="ask_no_more"),
    path("record/", record.record, name="record"),
    path("record/opened/", record.opened, name="opened"),
    path("record/agreed/", record.agreed, name="agreed"),
    path("record/agreed/change/", record.agree, name="agree"),
    path("record/copy/", record.copy, name="copy"),
    path("record/copy/file/", record.copy_file, name="copy_file"),
    path("record/proof/", proof.proof, name="proof"),
    path("record/erase/", record.erase_me, name="erase"),
]
