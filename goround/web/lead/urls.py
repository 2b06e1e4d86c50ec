from django.urls import path

from goround.web.lead import apart, barred, concerns, desk, readers

app_name = "lead"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("closed/", desk.closed, name="closed"),
    path("duties/", desk.duties, name="duties"),
    path("concerns/<int:concern_id>/", concerns.concern, name="concern"),
    path("concerns/<int:concern_id>/steps/", concerns.step, name="step"),
    path("concerns/<int:concern_id>/follow-ups/", concerns.follow_up, name="follow_up"),
    path(
        "concerns/<int:concern_id>/follow-ups/<int:follow_up_id>/done/",
        concerns.follow_up_done,
        name="follow_up_done",
    ),
    path("concerns/<int:concern_id>/readers/", readers.reader_new, name="reader_new"),
    path(
        "concerns/<int:concern_id>/readers/<int:reader_id>/end/",
        readers.reader_end,
        name="reader_end",
    ),
    path("barred/", barred.barred, name="barred"),
    path("barred/new/", barred.barred_new, name="barred_new"),
    path("barred/<int:barred_id>/", barred.barred_one, name="barred_one"),
    path("apart/", apart.pairs, name="pairs"),
    path("apart/new/", apart.pair_new, name="pair_new"),
    path("apart/<int:pair_id>/", apart.pair, name="pair"),
]
