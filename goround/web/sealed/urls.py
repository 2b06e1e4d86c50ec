from django.urls import path

from goround.web.sealed import views

app_name = "sealed"
urlpatterns = [
    path("", views.records, name="records"),
    path("key/", views.make_key, name="make_key"),
    path("close/", views.close_records, name="close"),
    path("let-in/", views.let_in, name="let_in"),
    path("card/", views.card, name="card"),
    path("card/try/", views.try_card, name="try_card"),
]
