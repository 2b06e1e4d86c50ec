from django.urls import path

from goround.web.kept import views

app_name = "kept"
urlpatterns = [
    path("", views.kept, name="kept"),
    path("hello/", views.hello, name="hello"),
    path("<slug:taken_number>/key/", views.key, name="key"),
    path("<slug:taken_number>/marks/", views.marks, name="marks"),
]
