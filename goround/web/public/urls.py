from django.urls import path

from goround.web.public import join, leaving, offline, stopping, styleguide, views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("crisis/", views.crisis, name="crisis"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("be/", views.be_somebody, name="be_somebody"),
    path("join/receipt/", join.receipt, name="receipt"),
    path("join/<slug:door>/", join.join, name="join"),
    path("leave/", leaving.leave, name="leave"),
    path("offline/", offline.offline, name="offline"),
    path("offline-worker.js", offline.offline_worker, name="offline_worker"),
    path("site.webmanifest", offline.manifest, name="manifest"),
    path("stop/<str:word>/", stopping.stop, name="stop_messages"),
    path("privacy/", views.privacy, name="privacy"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
